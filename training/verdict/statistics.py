"""Paired comparisons of two models on the same test items."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from training.chapters import Difference
from training.records import Record

CORRECTED_T = "corrected resampled t-test"
MCNEMAR = "exact McNemar test"


def corrected_t(differences: Sequence[float], test_share: float) -> Difference:
    """Compare two models over folds whose training sets overlap.

    Parameters
    ----------
    differences : sequence of float
        Difference of the scores of each fold.
    test_share : float
        Test items divided by training items, of one fold.

    Returns
    -------
    Difference

    Notes
    -----
    The variance of the mean is ``(1/J + n_test/n_train) * s**2`` instead of
    ``s**2 / J`` (Nadeau and Bengio 2003, Machine Learning 52:239-281).

    Examples
    --------
    >>> round(corrected_t([0.02, 0.01, 0.03, 0.02, 0.02], 0.25).p_value, 3)
    0.013
    """
    values = np.asarray(differences, dtype=float)
    mean, count = float(values.mean()), len(values)
    error = math.sqrt((1 / count + test_share) * values.var(ddof=1))
    if error == 0:
        # Every fold says the same. No spread, no test: certain only if they differ at all.
        return Difference(mean, mean, mean, 1.0 if mean == 0 else 0.0, CORRECTED_T, count)
    half = float(stats.t.ppf(0.975, count - 1)) * error
    p_value = float(2 * stats.t.sf(abs(mean / error), count - 1))
    return Difference(mean, mean - half, mean + half, p_value, CORRECTED_T, count)


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> Difference:
    """Compare two models on one test set, item by item.

    Parameters
    ----------
    first, second : sequence of bool
        Whether each model was right about each item.

    Returns
    -------
    Difference
        The interval is the normal one for paired proportions.

    Notes
    -----
    Exact binomial test on the items that only one of them got right (McNemar 1947,
    Psychometrika 12:153-157).
    """
    a, b = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    only_a, only_b, count = int(np.sum(a & ~b)), int(np.sum(b & ~a)), len(a)
    mean = (only_a - only_b) / count
    half = 1.96 * math.sqrt(max((only_a + only_b) / count - mean**2, 0.0) / count)
    p_value = float(stats.binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0
    return Difference(mean, mean - half, mean + half, p_value, MCNEMAR, 1)


def compare(first: Sequence[Record], second: Sequence[Record]) -> Difference | None:
    """Compare two cells by the folds that both finished; None if there is none.

    Three folds or more are compared fold by fold, fewer item by item.
    """
    others = {(r.run.repeat, r.run.fold): r for r in second if r.status == "ok"}
    pairs = [(r, others[place]) for r in first if r.status == "ok" and (place := (r.run.repeat, r.run.fold)) in others]
    if not pairs:
        return None
    if len(pairs) >= 3:
        items = sum(len(a.test) for a, _ in pairs) / len(pairs)
        total = len({i for a, _ in pairs for i in a.test})
        share = items / max(total - items, 1)
        return corrected_t([a.scores["accuracy"] - b.scores["accuracy"] for a, b in pairs], share)
    right_a, right_b = ([hit for pair in pairs for hit in _hits(pair[side])] for side in (0, 1))
    return mcnemar(right_a, right_b)


def _hits(record: Record) -> list[bool]:
    """Say for each test item whether it was classified rightly, in the order of ``test``."""
    return [predicted == true for predicted, true in zip(record.predicted, record.truth, strict=True)]
