"""How many of some items were right, with an interval; and how sure the model was of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from training.portraits import Bin, Calibration, Endurance, Share
from training.records import Record

BINS = 10


@dataclass(frozen=True)
class Answers:
    """All test predictions of a cell, of every fold and repeat.

    Parameters
    ----------
    position, truth, predicted : ndarray of int, shape (n,)
    confidence : ndarray of float, shape (n,) or (0,)
        Empty where a fold gave none.
    classes : list of str
    """

    position: NDArray[np.int64]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float64]
    classes: list[str]

    @classmethod
    def of(cls, records: Sequence[Record]) -> Answers:
        """Join the predictions of finished runs; classes are the same in all runs of a cell."""
        told = all(record.confidence for record in records)
        return cls(
            position=np.array([i for record in records for i in record.test], dtype=np.int64),
            truth=np.array([i for record in records for i in record.truth], dtype=np.int64),
            predicted=np.array([i for record in records for i in record.predicted], dtype=np.int64),
            confidence=np.array([p for record in records for p in record.confidence if told], dtype=float),
            classes=records[0].classes if records else [],
        )

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each prediction was right."""
        return np.equal(self.truth, self.predicted)


def share(name: str, right: NDArray[np.bool_], position: NDArray[np.int64]) -> Share:
    """Count right answers.

    An item that several repeats tested counts once for the interval: its answers are
    not independent.

    Examples
    --------
    >>> share("a", np.array([True, True, False, True]), np.arange(4)).value
    0.75
    """
    items = len(np.unique(position))
    value = float(right.mean())
    return Share(name, items, value, *wilson(round(value * items), items))


@cache
def wilson(right: int, items: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, JASA 22:209-212).

    Examples
    --------
    >>> [round(end, 2) for end in wilson(9, 10)]
    [0.6, 0.98]
    """
    interval = binomtest(right, items).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def class_shares(answers: Answers) -> list[Share]:
    """Recall of each class that has test items, in the order of the classes."""
    own = [(name, answers.truth == index) for index, name in enumerate(answers.classes)]
    return [share(name, answers.right[at], answers.position[at]) for name, at in own if at.any()]


def group_shares(answers: Answers, members: Sequence[int], groups: Sequence[str]) -> list[Share]:
    """Accuracy of each group that has test items; empty without groups."""
    if not members or not len(answers.position):
        return []
    group = np.asarray(members)[answers.position]
    own = [(name, group == index) for index, name in enumerate(groups)]
    return [share(name, answers.right[at], answers.position[at]) for name, at in own if at.any()]


def calibration(answers: Answers) -> Calibration | None:
    """Hold confidence against accuracy; None where no confidence was told."""
    if not len(answers.confidence):
        return None
    place = np.minimum((answers.confidence * BINS).astype(int), BINS - 1)
    bins, error = [], 0.0
    for index in np.unique(place):
        at = place == index
        mean = float(answers.confidence[at].mean())
        right = share(f"{index / BINS:.0%} to {(index + 1) / BINS:.0%}", answers.right[at], answers.position[at])
        bins.append(Bin(mean, right))
        error += abs(mean - right.value) * float(at.mean())
    excess = float(answers.confidence.mean() - answers.right.mean())
    return Calibration(bins, error, excess, len(place))


def endured(records: Sequence[Record]) -> list[Endurance]:
    """Sum up over folds how changed grids were predicted; repeats do not narrow the interval."""
    found = []
    tested = len({item for record in records for item in record.test})
    for change in dict.fromkeys((s.name, s.strength, s.unit) for record in records for s in record.strains):
        own = [s for record in records for s in record.strains if (s.name, s.strength, s.unit) == change]
        value = sum(s.right for s in own) / max(1, sum(s.items for s in own))
        found.append(Endurance(*change, Share(change[0], tested, value, *wilson(round(value * tested), tested))))
    return found
