"""What grids say of their structure without any training, in seconds.

Cells of a picture are like their neighbours; columns of a table in no order are not. For
each axis and distance, pairs of cells that lie so far apart are compared with the pairs
that lie so on a grid whose cells were shuffled: by the correlation of their values over
the items, and by their mutual information, which also sees what is not linear. That neighbours are alike
does not say that a network profits from it; how often it does is measured, not assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.verdict.arms import fixed_permutation

ITEMS = 1000  # are looked at, at most
PAIRS = 128  # of cells, for each axis and distance, at most
SHUFFLES = 99  # of the cells: what neighbours are held against
BINS = 4  # of values, with equally many items each; ids: the most frequent ones
LEVEL = 0.01
BIAS = (BINS - 1) ** 2 / 2  # of the mutual information, times the number of items


@dataclass(frozen=True)
class Step:
    """How alike cells are that lie some steps apart along an axis.

    Parameters
    ----------
    axis : str
    distance : int
        In cells.
    correlation : float
        Mean absolute correlation over items.
    information : float
        Mean mutual information in bits, less the bias of few items.
    shuffled : float
        The same on shuffled grids.
    p_value : float
        Share of shuffled grids, the given one among them, whose pairs have as much information.
    """

    axis: str
    distance: int
    correlation: float
    information: float
    shuffled: float
    p_value: float


@dataclass(frozen=True)
class Screen:
    """What is seen without training.

    Parameters
    ----------
    steps : tuple of Step
    structure : bool
        Whether next neighbours along some axis say more of each other than cells from
        anywhere: what the screen predicts the trained verdict to find.
    sentence : str
    """

    steps: tuple[Step, ...]
    structure: bool
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "steps": [asdict(step) for step in self.steps]}


def screen(grids: NDArray[Any], axes: Sequence[str], seed: int = 0) -> Screen:
    """Look at grids for structure.

    Parameters
    ----------
    grids : ndarray, shape ``(n, *spatial, channels)`` or, of ids, ``(n, length)``
        May be mapped from a file; some items are read.
    axes : sequence of str
        Names of the spatial axes.
    seed : int

    Returns
    -------
    Screen

    Examples
    --------
    >>> walks = np.random.default_rng(0).normal(size=(200, 30)).cumsum(axis=1)
    >>> screen(walks[..., None], ["time"]).structure
    True
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(grids))[:ITEMS])
    x = np.asarray(grids[rows])
    shape = x.shape[1 : 1 + len(axes)]
    cells = x.reshape(len(x), int(np.prod(shape)), -1)
    sampled = _Sample(cells, rng)
    steps = tuple(
        sampled.step(axis, distance, _apart(shape, place, distance, rng), rng)
        for place, axis in enumerate(axes)
        for distance in _distances(shape[place])
        if len(x) > 1
    )
    alike = [step for step in steps if step.distance == 1 and step.p_value <= LEVEL]
    return Screen(steps, bool(alike), _sentence(steps, alike))


class _Sample:
    """Values of cells, coded once, for any pairs of them."""

    def __init__(self, cells: NDArray[Any], rng: np.random.Generator) -> None:
        channel = rng.integers(0, cells.shape[2], size=(cells.shape[1],))
        values = np.take_along_axis(cells, channel[None, :, None], axis=2)[..., 0]
        self.count = len(values)
        codes = _frequent(values) if values.dtype.kind in "iu" else _quantiles(values)
        self.codes = np.ascontiguousarray(codes.T)  # a cell's values side by side: they are read together
        centred = values - values.mean(axis=0, dtype=np.float32, keepdims=True)
        deviation = np.sqrt(np.mean(centred**2, axis=0))
        self.standard = (centred / np.where(deviation > 0, deviation, 1)).astype(np.float32)

    def information(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
        """Mean mutual information of pairs of cells, in bits."""
        joint = self.codes[first] * BINS + self.codes[second] + BINS**2 * np.arange(len(first))[:, None]
        counts = np.bincount(joint.ravel(), minlength=BINS**2 * len(first)).reshape(-1, BINS, BINS) / self.count
        independent = counts.sum(axis=2, keepdims=True) * counts.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(counts > 0, counts * np.log2(counts / independent), 0)
        return float(terms.sum(axis=(1, 2)).mean() - BIAS / np.log(2) / self.count)

    def step(
        self, axis: str, distance: int, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], rng: np.random.Generator
    ) -> Step:
        """Hold pairs of cells against the same pairs of a shuffled grid."""
        first, second = pairs
        information = self.information(first, second)
        orders = (fixed_permutation(len(self.codes), int(seed)) for seed in rng.integers(2**31, size=SHUFFLES))
        shuffled = np.asarray([self.information(order[first], order[second]) for order in orders])
        correlation = np.abs(np.mean(self.standard[:, first] * self.standard[:, second], axis=0)).mean()
        # Equal information can be one sum in another order, so a rounding error is no difference.
        as_much = int(np.sum(shuffled >= information - 1e-9))
        return Step(
            axis, distance, round(float(correlation), 4), round(information, 5), round(float(shuffled.mean()), 5),
            (1 + as_much) / (1 + SHUFFLES),
        )  # fmt: skip


def _quantiles(values: NDArray[Any]) -> NDArray[np.int64]:
    """Code each cell's values by their rank among the items; ties share a code."""
    edges = np.quantile(values, np.arange(1, BINS) / BINS, axis=0)
    return np.asarray(np.sum(values[None] > edges[:, None], axis=0))


def _frequent(values: NDArray[Any]) -> NDArray[np.int64]:
    """Code ids: padding, the most frequent ones, and all others."""
    counts = np.bincount(values.ravel())
    counts[0] = 0
    codes = np.full(max(len(counts), BINS), BINS - 1)
    codes[0] = 0
    codes[np.argsort(-counts, kind="stable")[: BINS - 2]] = np.arange(1, BINS - 1)[: len(counts)]
    return np.asarray(codes[values])


def _distances(size: int) -> list[int]:
    return [2**i for i in range(16) if 2 * 2**i <= size or (i == 0 and size > 1)]


def _apart(
    shape: Sequence[int], axis: int, distance: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw pairs of cells that lie so far apart along an axis, and nowhere else."""
    places = np.arange(int(np.prod(shape))).reshape(tuple(shape))
    starts = np.take(places, np.arange(shape[axis] - distance), axis=axis).ravel()
    first = rng.permutation(starts)[:PAIRS]
    stride = int(np.prod(shape[axis + 1 :], dtype=int))
    return first, first + distance * stride


def _sentence(steps: Sequence[Step], alike: Sequence[Step]) -> str:
    if not steps:
        return "Seen without training: one cell has no neighbour."
    if not alike:
        return (
            "Seen without training: neighbouring cells say no more of each other than cells from anywhere, "
            "so shuffling them should not matter."
        )
    reach = {step.axis: max(s.distance for s in steps if s.axis == step.axis and s.p_value <= LEVEL) for step in alike}
    listed = ", ".join(f"{axis} (up to {far} cells)" if far > 1 else axis for axis, far in reach.items())
    return f"Seen without training: cells are like their neighbours along {listed}, so shuffling them should cost accuracy."
