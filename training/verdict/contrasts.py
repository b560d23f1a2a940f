"""What the runs say of two arms: the posterior of their difference in accuracy.

Two things are uncertain about "the given order is worth so much": the folds, and the luck
of an order. The given order may suit a network by chance, as one random order suits it
better than another. So orders are a random effect, the given one a draw like the
others unless it stands out: their variance counts in full, ``1 + 1/K`` times.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy import stats

from training.answers import AmongOrders, Difference
from training.records import Record
from training.verdict.arms import is_numbered
from training.verdict.posterior import Posterior, correlated_t
from training.verdict.statistics import (
    FEWEST_FOLDS,
    Place,
    accuracy,
    by_place,
    fold_differences,
    hits,
    items_a_fold,
    paired,
    tested_share,
)

FOLDS = "correlated t-test over folds"
ORDERS = "correlated t-test over folds and orders"
ITEMS = "t-test over the items of one test set"


def model_contrast(first: Sequence[Record], second: Sequence[Record]) -> Posterior | None:
    """Compare two models over the folds that both finished; None if there is none."""
    places = paired(first, second)
    if not places:
        return None
    if len(places) < FEWEST_FOLDS:
        return _over_items(first, second, places)
    return correlated_t(
        fold_differences(first, second, places).tolist(), tested_share(first), _floor(first, len(places))
    )


def order_contrast(original: Sequence[Record], shuffled: Sequence[Record]) -> Posterior | None:
    """Compare a network on the grid with the same on shuffled cells; None without a fold in common.

    Notes
    -----
    Where every fold has an order of its own, folds and orders cannot be told apart, and
    the whole spread of the differences is taken for luck of an order: ``(1 + 1/J) s**2``.
    Where each order is trained on the folds of a repeat, the variance is that of Nadeau and
    Bengio for the folds, plus ``(1 + 1/K)`` times that of the orders' means; part of the
    latter is noise of training, which makes the test a little too careful. What folds
    share is estimated from the differences to single orders: a mean over orders has less
    noise of its own, but shares as much. Degrees of freedom are Satterthwaite's.
    """
    places = paired(original, shuffled)
    if not places:
        return None
    folds = model_contrast(original, shuffled)
    assert folds is not None, "there is a fold in common"
    orders = list(_by_order(original, shuffled, places).values())
    if len(orders) < 2:
        if len(places) < FEWEST_FOLDS:
            return folds
        spread = _spread(original, shuffled, places)
        return Posterior(folds.mean, max(folds.error, math.sqrt(1 + 1 / len(places)) * spread), folds.freedom)
    luck = float((1 + 1 / len(orders)) * np.var([np.mean(one) for one in orders], ddof=1))
    noise = folds.error**2
    if len(places) >= FEWEST_FOLDS:
        single = np.mean([float(np.var(one, ddof=1)) for one in orders if len(one) > 1] or [0.0])
        excess = single - fold_differences(original, shuffled, places).var(ddof=1)
        noise += tested_share(original) * max(0.0, float(excess))
    both = noise + luck
    parts = noise**2 / folds.freedom + luck**2 / (len(orders) - 1)
    return Posterior(folds.mean, math.sqrt(both), both**2 / parts if parts else folds.freedom)


def among_orders(original: Sequence[Record], shuffled: Sequence[Record]) -> AmongOrders | None:
    """Ask whether the given order stands out among random ones, on the items at hand; None without two orders a repeat.

    Notes
    -----
    If the order of cells means nothing to a network, the given one is a draw like the others, and so
    is its accuracy over the folds of a repeat: the test is Student's, for one more draw, on the orders' means. All
    orders share the folds, so that the luck of items is the same for all, and nothing is said of other items. Luck of an
    order and noise of training are in the spread of the means; that of repeats is pooled.
    """
    differences = _by_order(original, shuffled, paired(original, shuffled))
    whole = max((len(own) for own in differences.values()), default=0)
    repeats: dict[int, list[float]] = defaultdict(list)
    for (arm, repeat), own in differences.items():
        if is_numbered(arm) and len(own) == whole:
            repeats[repeat].append(float(np.mean(own)))
    several = [means for means in repeats.values() if len(means) > 1]
    if not several:
        return None
    count, freedom = sum(map(len, several)), sum(len(means) - 1 for means in several)
    variance = sum(float(np.var(means)) * len(means) for means in several) / freedom
    least = 1 / (items_a_fold([record for record in original if record.status == "ok"]) * whole)
    error = math.sqrt(1 + 1 / count) * max(math.sqrt(variance), least)
    mean = sum(map(sum, several)) / count
    return AmongOrders(float(stats.t.sf(mean / error, freedom)), count)


def difference(found: Posterior, test: str, folds: int, margin: float, level: float) -> Difference:
    """Write a posterior down as plain data."""
    low, high = found.interval()
    worse, equivalent, better = found.thirds(margin)
    return Difference(
        found.mean, low, high, found.p_value(), test, folds, worse, equivalent, better, found.detectable(margin, level)
    )


def name_of_test(first: Sequence[Record], second: Sequence[Record], folds: str) -> str:
    """Name the test that a contrast of two arms is."""
    return folds if len(paired(first, second)) >= FEWEST_FOLDS else ITEMS


def _by_order(
    original: Sequence[Record], shuffled: Sequence[Record], places: Sequence[Place]
) -> dict[tuple[str, int], list[float]]:
    """Differences to each order, fold by fold, by its arm and repeat; one list where every fold has an order of its own."""
    grid = by_place(original)
    by_order: dict[tuple[str, int], list[float]] = defaultdict(list)
    for record in shuffled:
        place = (record.run.repeat, record.run.fold)
        if record.status == "ok" and place in places:
            arm, repeat = record.run.arm, record.run.repeat
            own = (arm, repeat) if is_numbered(arm) else (arm, 0)
            by_order[own].append(accuracy(grid[place]) - record.scores["accuracy"])
    return by_order


def _spread(first: Sequence[Record], second: Sequence[Record], places: Sequence[Place]) -> float:
    own = float(fold_differences(first, second, places).std(ddof=1))
    return max(own, _floor(first, len(places)))


def _floor(records: Sequence[Record], folds: int) -> float:
    """Deviation of differences that are all zero but for one item of one fold: less is luck."""
    return 1 / (items_a_fold([record for record in records if record.status == "ok"]) * math.sqrt(folds))


def _over_items(first: Sequence[Record], second: Sequence[Record], places: Sequence[Place]) -> Posterior:
    """Compare item by item; of other training sets it says nothing."""
    one, two = by_place(first), by_place(second)
    right = [
        np.concatenate([np.mean([hits(record) for record in side[place]], axis=0) for place in places])
        for side in (one, two)
    ]
    differences = right[0] - right[1]
    count = len(differences)
    deviation = max(float(differences.std(ddof=1)) if count > 1 else 1.0, 1 / math.sqrt(count))
    return Posterior(float(differences.mean()), deviation / math.sqrt(count), max(count - 1, 1))
