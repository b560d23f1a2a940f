"""Paired comparisons of two models on the same test items."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from training.answers import Difference
from training.records import Record

CORRECTED_T = "corrected resampled t-test"
MCNEMAR = "exact McNemar test"
FIVE_BY_TWO = "combined 5×2cv F-test"
FEWEST_FOLDS = 3  # below, items are compared instead of folds

Place = tuple[int, int]  # repeat and fold


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
        Its interval cut to what differences in accuracy can be.

    Notes
    -----
    The variance of the mean is ``(1/J + n_test/n_train) * s**2`` instead of
    ``s**2 / J`` (Nadeau and Bengio 2003, Machine Learning 52:239-281).

    Examples
    --------
    >>> round(corrected_t([0.02, 0.01, 0.03, 0.02, 0.02], 0.25).p_value, 3)
    0.014
    """
    values = np.asarray(differences, dtype=float)
    mean, count = float(values.mean()), len(values)
    error = math.sqrt((1 / count + test_share) * values.var(ddof=1))
    if error == 0:
        # Every fold says the same. No spread, no test: certain only if they differ at all.
        return Difference(mean, mean, mean, 1.0 if mean == 0 else 0.0, CORRECTED_T, count)
    half = float(stats.t.ppf(0.975, count - 1)) * error
    p_value = float(2 * stats.t.sf(abs(mean / error), count - 1))
    return Difference(mean, max(-1.0, mean - half), min(1.0, mean + half), p_value, CORRECTED_T, count)


def five_by_two(differences: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Compare two models over five repeats of two folds.

    Parameters
    ----------
    differences : ndarray, shape (5, 2)
        Difference of the scores, by repeat and fold.

    Returns
    -------
    t, p_of_t, f, p_of_f : float
        Dietterich's t of the first fold (1998, Neural Computation 10:1895-1923; 5
        degrees of freedom, two-sided) and Alpaydin's F of all ten (1999, Neural
        Computation 11:1885-1892; 10 and 5). Not a number where no repeat has a spread.
    """
    values = np.asarray(differences, dtype=float)
    variances = values.var(axis=1, ddof=1)
    if not variances.any():
        return (math.nan,) * 4
    t = values[0, 0] / math.sqrt(variances.mean())
    f = (values**2).sum() / (2 * variances.sum())
    return float(t), float(2 * stats.t.sf(abs(t), 5)), float(f), float(stats.f.sf(f, 10, 5))


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
    return Difference(mean, max(-1.0, mean - half), min(1.0, mean + half), p_value, MCNEMAR, 1)


def compare(first: Sequence[Record], second: Sequence[Record]) -> Difference | None:
    """Compare two cells by the folds that both finished; None if there is none.

    Three folds or more are compared fold by fold, fewer item by item. Runs of one cell on
    one fold (with several permutations) count as one, by their mean. Five repeats of two
    folds take Alpaydin's F for their p-value.
    """
    places = paired(first, second)
    if not places:
        return None
    if len(places) < FEWEST_FOLDS:
        one, two = by_place(first), by_place(second)
        right_a, right_b = ([hit for place in places for hit in hits(side[place][0])] for side in (one, two))
        return mcnemar(right_a, right_b)
    differences = fold_differences(first, second, places)
    found = corrected_t(differences.tolist(), tested_share(first))
    if sorted(places) != [(repeat, fold) for repeat in range(5) for fold in range(2)]:
        return found
    p_value = five_by_two(differences.reshape(5, 2))[3]
    if math.isnan(p_value):
        return found
    return Difference(found.mean, found.low, found.high, p_value, FIVE_BY_TWO, found.folds)


def by_place(records: Sequence[Record]) -> dict[Place, list[Record]]:
    """Group finished runs by repeat and fold."""
    groups: dict[Place, list[Record]] = defaultdict(list)
    for record in records:
        if record.status == "ok":
            groups[record.run.repeat, record.run.fold].append(record)
    return dict(groups)


def paired(first: Sequence[Record], second: Sequence[Record]) -> list[Place]:
    """Name the repeats and folds that both cells finished, in order."""
    return sorted(by_place(first).keys() & by_place(second).keys())


def fold_differences(first: Sequence[Record], second: Sequence[Record], places: Sequence[Place]) -> NDArray[np.float64]:
    """Difference in accuracy of each fold."""
    one, two = by_place(first), by_place(second)
    return np.asarray([accuracy(one[place]) - accuracy(two[place]) for place in places])


def accuracy(records: Sequence[Record]) -> float:
    """Mean test accuracy of runs."""
    return statistics.fmean(record.scores["accuracy"] for record in records)


def items_a_fold(records: Sequence[Record]) -> float:
    """Mean number of test items of a fold."""
    return sum(len(record.test) for record in records) / len(records)


def tested_share(records: Sequence[Record]) -> float:
    """Test items divided by training items, of one fold; all items are test items of some fold."""
    done = [record for record in records if record.status == "ok"]
    items = items_a_fold(done)
    total = len(set().union(*(record.test for record in done)))
    return items / max(total - items, 1)


def hits(record: Record) -> list[bool]:
    """Say for each test item whether it was classified rightly, in the order of ``test``."""
    return [predicted == true for predicted, true in zip(record.predicted, record.truth, strict=True)]
