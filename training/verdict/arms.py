"""What is varied to reach a verdict: the grid as it is, or with its cells shuffled."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Arm = Literal["original", "permuted"]
ARMS: tuple[Arm, ...] = ("original", "permuted")


def fixed_permutation(cells: int, seed: int) -> NDArray[np.int64]:
    """Draw one order of the cells, for all items alike."""
    return np.random.default_rng(seed).permutation(cells)


def permute_cells(x: NDArray[Any], order: NDArray[np.int64], axes: int) -> NDArray[Any]:
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
