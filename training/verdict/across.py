"""Comparisons of models across data sets, one score each; never for the folds of one data set.

What Demšar (2006, JMLR 7:1-30) recommends, and the Bayesian signed-rank test of Benavoli,
Corani, Demšar and Zaffalon (2017, JMLR 18(77)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from training.errors import ExperimentError

Scores = NDArray[np.float64]
SAMPLES = 50_000
PRIOR = 0.5  # observations
BLOCK = 1000  # samples at a time


@dataclass(frozen=True)
class Friedman:
    """Whether models differ at all.

    Parameters
    ----------
    ranks : ndarray, shape (models,)
        Mean ranks; 1 is the best.
    chi_square, p_value : float
        Friedman's statistic, without correction for ties as Demšar prints it.
    f, p_of_f : float
        Iman and Davenport's less conservative form of it.
    """

    ranks: Scores
    chi_square: float
    p_value: float
    f: float
    p_of_f: float


def friedman(scores: Scores) -> Friedman:
    """Test whether several models are equally good.

    Parameters
    ----------
    scores : ndarray, shape (data sets, models)
        Higher is better.

    Raises
    ------
    ExperimentError
        With fewer than 3 models or 2 data sets.
    """
    values = np.asarray(scores, dtype=float)
    if values.ndim != 2 or values.shape[0] < 2 or values.shape[1] < 3:
        raise ExperimentError(
            f"friedman: expected scores of at least 2 data sets and 3 models, got shape {values.shape}; "
            "compare two models with 'wilcoxon'"
        )
    sets, models = values.shape
    ranks = stats.rankdata(-values, axis=1).mean(axis=0)
    chi_square = 12 * sets / (models * (models + 1)) * (float(np.sum(ranks**2)) - models * (models + 1) ** 2 / 4)
    rest = sets * (models - 1) - chi_square
    f = (sets - 1) * chi_square / rest if rest > 0 else math.inf
    p_of_f = float(stats.f.sf(f, models - 1, (models - 1) * (sets - 1)))
    return Friedman(ranks, chi_square, float(stats.chi2.sf(chi_square, models - 1)), f, p_of_f)


def critical_difference(models: int, sets: int, alpha: float = 0.05) -> float:
    """Give the difference in mean rank from which two of several models differ (Nemenyi).

    Examples
    --------
    >>> round(critical_difference(4, 14), 2)
    1.25
    """
    q = float(stats.studentized_range.ppf(1 - alpha, models, math.inf)) / math.sqrt(2)
    return q * math.sqrt(models * (models + 1) / (6 * sets))


def nemenyi(scores: Scores) -> Scores:
    """Give the p-value of each pair of models, shape (models, models), after Friedman's test.

    Raises
    ------
    ExperimentError
        If scikit-posthocs is not there: ``pip install 'gridzoo[studies]'``.
    """
    try:
        import scikit_posthocs
    except ImportError:
        raise ExperimentError("nemenyi: expected scikit-posthocs; install it with: pip install 'gridzoo[studies]'") from None  # fmt: skip
    return np.asarray(scikit_posthocs.posthoc_nemenyi_friedman(np.asarray(scores, dtype=float)), dtype=float)


def wilcoxon(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Compare two models: the smaller sum of signed ranks, and the two-sided p-value.

    Ranks of zero differences are split evenly, as Demšar does.
    """
    with np.errstate(invalid="ignore"):
        found = stats.wilcoxon(first, second, zero_method="zsplit", correction=False, method="approx")
    return float(found.statistic), float(found.pvalue)


def signed_rank(
    first: Sequence[float], second: Sequence[float], margin: float, seed: int = 0
) -> tuple[float, float, float]:
    """Compare two models the Bayesian way.

    Parameters
    ----------
    first, second : sequence of float
        Scores by data set.
    margin : float
        Differences up to it count as none.
    seed : int

    Returns
    -------
    worse, equivalent, better : float
        Probability that the first model is so, on a data set like these.

    Notes
    -----
    Data sets are weighted by a Dirichlet process whose prior is half an observation of no
    difference, as in the authors' own tutorial; each sample of weights says which third
    holds most of the means of pairs of differences.
    """
    values = np.concatenate([[0.0], np.asarray(first, dtype=float) - np.asarray(second, dtype=float)])
    sums = values[:, None] + values[None, :]
    better, worse = (sums > 2 * margin).astype(float), (sums < -2 * margin).astype(float)
    strength = np.r_[PRIOR, np.ones(len(values) - 1)]
    rng = np.random.default_rng(seed)
    counts = np.zeros(3)
    for _ in range(SAMPLES // BLOCK):
        weights = rng.dirichlet(strength, BLOCK)
        low, high = (np.einsum("ij,ij->i", weights @ side, weights) for side in (worse, better))
        counts += np.bincount(np.argmax([low, 1 - low - high, high], axis=0), minlength=3)
    low_share, middle, high_share = counts / counts.sum()
    return float(low_share), float(middle), float(high_share)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values of several questions for their number (Holm 1979).

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    from statsmodels.stats.multitest import multipletests  # here: it takes longer to import than all the rest

    return [float(p) for p in multipletests(list(p_values), method="holm")[1]] if p_values else []
