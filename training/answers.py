"""Tested answers as plain data: differences between cells, and verdicts.

A leaf module: it imports the standard library and `training.records` alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from training.records import SCHEMA

JUSTIFIED = "CNN justified"
CLASSICAL = "structure is real, but a classical model does as well"
ELSEWHERE = "the CNN wins, but not through neighbourhood"
NEITHER = "don't use a CNN"
UNDECIDED = "undecided"
ANSWERS = (JUSTIFIED, CLASSICAL, ELSEWHERE, NEITHER, UNDECIDED)


@dataclass(frozen=True)
class Difference:
    """A paired comparison of two cells over the same test folds.

    Parameters
    ----------
    mean : float
        Mean difference in accuracy, first minus second.
    low, high : float
        95 % confidence interval.
    p_value : float
        Two-sided.
    test : str
        Name of the test.
    folds : int
    worse, equivalent, better : float, optional
        Probabilities that the first is worse than the second by more than the margin of
        the verdict, better by more, or neither. None where no margin is asked about.
    detectable : float, optional
        The true difference that data like these show in 80 of 100 cases.
    """

    mean: float
    low: float
    high: float
    p_value: float
    test: str
    folds: int
    worse: float | None = None
    equivalent: float | None = None
    better: float | None = None
    detectable: float | None = None


@dataclass(frozen=True)
class AmongOrders:
    """Whether the given order of cells stands out among random ones, on the items at hand.

    Parameters
    ----------
    p_value : float
        One-sided: how often a random order would suit the network so well; adjusted by Bonferroni for ``asked``.
    orders : int
        Random ones that were tried.
    model : str
        The network: of several the one that the given order suits best.
    asked : int
        Networks that were asked.
    """

    p_value: float
    orders: int
    model: str = ""
    asked: int = 1


@dataclass(frozen=True)
class ArmCost:
    """What one arm of a verdict reached, and what it took.

    Parameters
    ----------
    arm, model : str
    accuracy : float
        Mean over its runs.
    runs : int
    seconds : float
        Mean seconds a run, its search among them.
    """

    arm: str
    model: str
    accuracy: float
    runs: int
    seconds: float


@dataclass(frozen=True)
class Control:
    """What shuffling a part of the order did to the CNN.

    Parameters
    ----------
    arm : str
        ``axis …`` or ``blocks …``.
    found : Difference
        CNN on the grid minus this arm.
    matters : bool or None
        Whether this part of the order matters; None where that is open.
    """

    arm: str
    found: Difference
    matters: bool | None


@dataclass(frozen=True)
class Verdict:
    """Is a CNN the right tool? The tested answer about one data set and split.

    Parameters
    ----------
    dataset, split : str
    answer : str
        One of ``ANSWERS``.
    sentence : str
        The answer in words, with numbers.
    model : str
        The CNN it is about: the one with the best validation accuracy.
    against_permuted, against_baseline : Difference or None
        CNN on the grid minus the CNN on permuted cells; minus the baseline.
    adapter, baseline : str
        The adapter of that CNN, and the baseline it was held against.
    belief : dict of str to float
        How probable each decided answer is, given the runs so far.
    negative : Difference or None
        The MLP on the grid minus the MLP on permuted cells: nothing, if all is well.
    controls : list of Control
    finding : str
        What the controls say, in words: which axes matter, and how far structure reaches.
    costs : list of ArmCost
    margin : float
        Differences in accuracy up to it count as none.
    repeats : int
        Of the cross-validation, so far.
    halves : str
        The two questions behind the answer in a few words: what is settled, and what is open; of an open answer the likeliest.
    outlook : str
        What it would take to decide; empty where it is decided.
    saved : str
        What need not be run, since the answer came early; empty for nothing.
    among_orders : AmongOrders or None
        Whether the given order has any effect on these items; None where each fold has an order of its own.
    """

    dataset: str
    split: str
    answer: str
    sentence: str
    model: str
    against_permuted: Difference | None
    against_baseline: Difference | None
    adapter: str = ""
    baseline: str = ""
    belief: dict[str, float] = field(default_factory=dict)
    negative: Difference | None = None
    controls: list[Control] = field(default_factory=list)
    finding: str = ""
    costs: list[ArmCost] = field(default_factory=list)
    margin: float = 0.0
    repeats: int = 1
    halves: str = ""
    outlook: str = ""
    saved: str = ""
    among_orders: AmongOrders | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"schema": SCHEMA, **asdict(self)}
