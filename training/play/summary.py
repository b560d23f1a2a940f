"""Returns of several trainings as figures: curves over frames, means with intervals. A leaf module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from training.play.records import PlayRecord

LEVEL = 0.95
BINS = 60


@dataclass(frozen=True)
class Reached:
    """What the trainings of one arm reach.

    Parameters
    ----------
    arm, label : str
        The arm, and the name of its network.
    seeds : int
    mean : float
        Mean over seeds of the mean return of fresh episodes.
    low, high : float
        Its 95 % interval by Student's t: over seeds, or over the episodes of the one seed there is.
    over : {"seeds", "episodes"}
        What the interval is over: one seed says nothing of others.
    seconds, cpu : float
        Mean of a training, by the clock and of the processor.
    cut : int
        Episodes that were cut for their length.
    """

    arm: str
    label: str
    seeds: int
    mean: float
    low: float
    high: float
    over: str
    seconds: float
    cpu: float
    cut: int


def reached(records: Sequence[PlayRecord]) -> list[Reached]:
    """Sum up by arm, in the order of the arms' first appearance."""
    arms = list(dict.fromkeys(record.training.arm for record in records))
    return [_arm([record for record in records if record.training.arm == arm]) for arm in arms]


def _arm(records: Sequence[PlayRecord]) -> Reached:
    several = len(records) > 1
    low, high = interval([record.mean for record in records] if several else records[0].returns)
    return Reached(
        records[0].training.arm, records[0].label, len(records), float(np.mean([record.mean for record in records])),
        low, high, "seeds" if several else "episodes", float(np.mean([record.seconds for record in records])),
        float(np.mean([record.cpu for record in records])), sum(record.cut for record in records),
    )  # fmt: skip


def at_random(records: Sequence[PlayRecord]) -> tuple[float, float, float]:
    """Mean return of a player at random, over the episodes of all records, with its interval."""
    values = [value for record in records for value in record.random]
    return float(np.mean(values)), *interval(values)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % interval of a mean, by Student's t.

    Examples
    --------
    >>> [round(end, 2) for end in interval([1.0, 2.0, 3.0])]
    [-0.48, 4.48]
    """
    mean, spread = float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    half = float(stats.t.ppf((1 + LEVEL) / 2, len(values) - 1)) * spread / len(values) ** 0.5 if spread else 0.0
    return mean - half, mean + half


def curve(records: Sequence[PlayRecord], bins: int = BINS) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean return of the episodes that ended in each part of a training, averaged over trainings.

    Returns
    -------
    frames : ndarray, shape (bins,)
        Middle of each part.
    returns : ndarray, shape (bins,)
        Between parts in which no episode ended it is drawn straight; not a number before the first
        and after the last.
    """
    end = max(record.training.frames for record in records)
    edges = np.linspace(0, end, bins + 1)
    rows = np.full((len(records), bins), np.nan)
    for row, record in zip(rows, records, strict=True):
        frames = np.array([frame for frame, _, _ in record.episodes], dtype=float)
        values = np.array([value for _, value, _ in record.episodes], dtype=float)
        place = np.clip(np.searchsorted(edges, frames, side="left") - 1, 0, bins - 1)
        counts = np.bincount(place, minlength=bins)
        sums = np.bincount(place, weights=values, minlength=bins)
        found = np.flatnonzero(counts)
        if len(found):
            row[:] = np.interp(np.arange(bins), found, sums[found] / counts[found], left=np.nan, right=np.nan)
    known = np.isfinite(rows).sum(axis=0)
    means = np.divide(np.nansum(rows, axis=0), known, out=np.full(bins, np.nan), where=known > 0)
    return (edges[:-1] + edges[1:]) / 2, means
