"""What is varied to reach a verdict: the grid as it is, or with its cells in other orders.

================== =====================================================================
arm                what is trained
================== =====================================================================
``original``       the network on the grid as it is
``permuted``       … on cells in another order, a new one for every repeat and fold
``permuted 3``     … in one order a repeat, number 3, the same for all its folds
``axis time``      … with the positions along one axis in another order
``blocks 4``       … with blocks of 4 cells along every axis moved, their insides kept
``mlp``            an MLP of equal parameters, on the grid as it is
``mlp permuted``   … on cells in another order: the control that must not move
================== =====================================================================

An order is the same for training, validation and test items. ``axes`` and ``blocks`` stand
for one arm an axis, and one a size of block.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.errors import ExperimentError, nearest

Order = NDArray[np.int64]
PLAIN = ("original", "permuted", "mlp", "mlp permuted", "axes", "blocks")
NUMBERED = re.compile(r"permuted \d+|blocks [1-9]\d*|axis .+")
COMPARED = ("original", "permuted")  # what every comparison does
PERMUTATIONS = 5
JUDGED = ("original", *(f"permuted {k}" for k in range(PERMUTATIONS)), "mlp", "mlp permuted", "axes", "blocks")
FEWEST_BLOCKS = 4  # of a size, along the longest axis; of fewer an order says little


def check(arm: str) -> None:
    """Refuse what is no arm.

    Raises
    ------
    ExperimentError
    """
    if arm not in PLAIN and not NUMBERED.fullmatch(arm):
        raise ExperimentError(f"arm: got {arm!r}; {nearest(arm, (*PLAIN, 'permuted 0', 'axis time', 'blocks 2'))}")


def is_graded(arm: str) -> bool:
    """Tell whether an arm asks where structure lies, not whether there is any."""
    return arm.startswith(("axis ", "blocks "))


def is_numbered(arm: str) -> bool:
    """Tell whether all folds of a repeat share the order of an arm."""
    return arm.startswith("permuted ")


def equal_to(network: str) -> str:
    """Name the MLP that has as many parameters as a network."""
    return f"MLP as large as {network}"


def expanded(arms: Sequence[str], axes: Sequence[str], shape: Sequence[int]) -> list[str]:
    """Write ``axes`` and ``blocks`` out for a grid.

    Parameters
    ----------
    arms : sequence of str
    axes : sequence of str
        Names of the grid's axes.
    shape : sequence of int
        Their sizes.

    Examples
    --------
    >>> expanded(["original", "axes", "blocks"], ["time", "mel band"], [40, 12])
    ['original', 'axis time', 'axis mel band', 'blocks 2', 'blocks 4', 'blocks 8']

    The only axis of a row of cells is shuffled by ``permuted`` already.
    """
    sizes = [2**i for i in range(1, 32) if max(shape) // 2**i >= FEWEST_BLOCKS]
    long = [name for name, size in zip(axes, shape, strict=True) if size > 1]
    written = {
        "axes": [f"axis {name}" for name in long] if len(long) > 1 else [],
        "blocks": [f"blocks {size}" for size in sizes],
    }
    return list(dict.fromkeys(one for arm in arms for one in written.get(arm, [arm])))


def order_of(
    arm: str, axes: Sequence[str], shape: Sequence[int], seed: int, fold_seed: int, repeat: int = 0
) -> Order | None:
    """Give the order of cells in an arm; None for the grid as it is.

    Parameters
    ----------
    arm : str
    axes, shape
        Names and sizes of the grid's axes.
    seed : int
        Of the experiment: decides numbered permutations.
    fold_seed : int
        Of the repeat and fold: decides all others.
    repeat : int
        Each has numbered permutations of its own: more orders say more than more of the same.

    Returns
    -------
    ndarray of int, shape (cells,), or None
        Cell ``i`` of the new grid is cell ``order[i]`` of the old one.

    Raises
    ------
    ExperimentError
        If the grid has no axis of that name.
    """
    kind, _, which = arm.removeprefix("mlp").strip().partition(" ")
    if kind in ("", "original"):
        return None
    cells, rng = math.prod(shape), np.random.default_rng(fold_seed)
    if kind == "permuted":
        return fixed_permutation(cells, numbered(seed, int(which), repeat) if which else fold_seed)
    places = np.arange(cells, dtype=np.int64).reshape(tuple(shape))
    if kind == "blocks":
        return _blocks(places, int(which), rng)
    if which not in axes:
        raise ExperimentError(f"arm {arm!r}: expected an axis of the grid; {nearest(which, axes)}")
    axis = list(axes).index(which)
    return np.take(places, rng.permutation(shape[axis]), axis=axis).ravel()


def fixed_permutation(cells: int, seed: int) -> Order:
    """Draw one order of the cells, for all items alike."""
    return np.random.default_rng(seed).permutation(cells)


def numbered(seed: int, number: int, repeat: int) -> int:
    """Give the seed of a numbered permutation."""
    return int(np.random.SeedSequence([seed, number, 1 + repeat]).generate_state(1)[0])


def _blocks(places: Order, size: int, rng: np.random.Generator) -> Order:
    """Move blocks among those of their shape; the last ones of an axis may be smaller."""
    corners = np.stack(np.meshgrid(*(np.arange(0, n, size) for n in places.shape), indexing="ij"), -1)
    windows = [tuple(slice(a, a + size) for a in corner) for corner in corners.reshape(-1, places.ndim)]
    alike: dict[tuple[int, ...], list[tuple[slice, ...]]] = {}
    for window in windows:
        alike.setdefault(places[window].shape, []).append(window)
    moved = places.copy()
    for members in alike.values():
        for target, source in zip(members, rng.permutation(len(members)), strict=True):
            moved[target] = places[members[source]]
    return moved.ravel()


def permute_cells(x: NDArray[Any], order: Order, axes: int) -> NDArray[Any]:
    """Put the cells of every grid into one other order; channels stay with their cell.

    Parameters
    ----------
    x : ndarray, shape ``(n, *spatial)`` or ``(n, *spatial, channels)``
    order : ndarray of int
        A permutation of all cells of a grid.
    axes : int
        Number of spatial dimensions.

    Examples
    --------
    >>> permute_cells(np.array([[[1.0], [2.0]]]), np.array([1, 0]), axes=1).ravel()
    array([2., 1.])
    """
    flat = x.reshape(len(x), len(order), *x.shape[1 + axes :])
    return np.ascontiguousarray(flat[:, order]).reshape(x.shape)
