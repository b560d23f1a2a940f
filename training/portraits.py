"""What a report shows of a cell beyond its row, as plain data.

A leaf module, like `training.records`: it imports the standard library alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Share:
    """The share of some items that were predicted rightly.

    Parameters
    ----------
    name : str
        What these items have in common.
    items : int
        Different items among them.
    value, low, high : float
        The share, and its 95 % interval (Wilson); fractions of 1.
    """

    name: str
    items: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Bin:
    """Predictions of about the same confidence.

    Parameters
    ----------
    confidence : float
        Their mean confidence.
    right : Share
        How many of them were right.
    """

    confidence: float
    right: Share


@dataclass(frozen=True)
class Calibration:
    """Whether a confidence of 80 % is right in 80 of 100 cases.

    Parameters
    ----------
    bins : list of Bin
        Those that are not empty, of equal width.
    error : float
        Expected calibration error: the mean distance between confidence and
        accuracy, weighted by predictions (Guo et al. 2017, arXiv:1706.04599).
    excess : float
        Mean confidence minus accuracy: above 0 the model is too sure of itself.
    predictions : int
    """

    bins: list[Bin]
    error: float
    excess: float
    predictions: int


@dataclass(frozen=True)
class Effect:
    """How far the score of a trial hangs on one hyperparameter.

    Parameters
    ----------
    name : str
    strength : float
        Share of the variance of the scores' ranks that it explains, 0..1: squared
        Spearman correlation for numbers, epsilon squared of Kruskal and Wallis for choices.
    p_value : float
    test : str
    trials : int
    """

    name: str
    strength: float
    p_value: float
    test: str
    trials: int


@dataclass(frozen=True)
class Endurance:
    """How many test items were right on changed grids.

    Parameters
    ----------
    name : str
        Of the change.
    strength : float
    unit : str
        Of the strength.
    right : Share
    """

    name: str
    strength: float
    unit: str
    right: Share


@dataclass(frozen=True)
class Portrait:
    """One cell, looked at closely.

    Parameters
    ----------
    cell : tuple of str
        Data set, split, adapter, kind, model, arm.
    classes, groups : list of Share
        Rightly predicted test items of each class (its recall) and each group.
    calibration : Calibration or None
        None where the model gives no probabilities.
    effects : list of Effect
        Of the hyperparameters that were searched, the strongest first.
    endured : list of Endurance
        Empty where robustness was not asked about.
    """

    cell: tuple[str, str, str, str, str, str]
    classes: list[Share] = field(default_factory=list)
    groups: list[Share] = field(default_factory=list)
    calibration: Calibration | None = None
    effects: list[Effect] = field(default_factory=list)
    endured: list[Endurance] = field(default_factory=list)


@dataclass(frozen=True)
class Moment:
    """What an experiment had found when one more cell was finished.

    Parameters
    ----------
    seconds : float
        Computing time until then, of all runs together.
    model, adapter : str
        The CNN with the best validation accuracy by then.
    score : float
        Its test accuracy.
    """

    seconds: float
    model: str
    adapter: str
    score: float


@dataclass(frozen=True)
class Ranking:
    """Models by their mean rank over data sets.

    Parameters
    ----------
    names : list of str
        The best first.
    ranks : list of float
        Mean rank of each; 1 is best.
    datasets : list of str
    p_value : float
        Friedman's test that all are alike.
    critical : float
        Critical difference of two mean ranks at 5 % (Nemenyi; Demsar 2006, JMLR 7:1-30).
    """

    names: list[str]
    ranks: list[float]
    datasets: list[str]
    p_value: float
    critical: float
