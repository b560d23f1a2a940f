"""Whether a map of relevance deserves trust: three checks that need no ground truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from adapters.grid import FloatArray
from training.explain.explanation import Curve, RandomOrder
from training.explain.subject import Subject, Traced

DRAWS = (1, 2, 3)  # seeds of the random weights
STEPS = 20
ORDERS = 5  # random orders


def under_random_weights(
    method: Callable[[Subject], Traced], subject: Subject, renew: Callable[[], Subject], found: FloatArray
) -> list[float | None]:
    """Compare a map with those of networks whose weights are drawn anew, all layers at once.

    Parameters
    ----------
    method : callable
    subject : Subject
    renew : callable
        Prepares the subject again, as its vectors are weights too.
    found : ndarray
        Cells of the map on the trained network.

    Returns
    -------
    list of float or None
        Rank correlation, one a draw. A map that stays as it was does not depend on what
        the network has learned.

    References
    ----------
    Adebayo et al. (2018). Sanity checks for saliency maps. arXiv:1810.03292.
    """
    correlations = []
    for seed in DRAWS:
        with subject.lens.randomised(seed):
            blind = replace(renew(), target=subject.target)
            correlations.append(rank_correlation(found, method(blind).cells))
    return correlations


def rank_correlation(first: FloatArray, second: FloatArray) -> float | None:
    """Give Spearman's rank correlation of two maps; None if one is constant.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 9.0]))
    1.0
    """
    ranks = [rankdata(values.ravel()) - (values.size + 1) / 2 for values in (first, second)]
    lengths = [float(np.sqrt((r**2).sum())) for r in ranks]
    if 0.0 in lengths:
        return None
    return round(float(ranks[0] @ ranks[1]) / (lengths[0] * lengths[1]), 6)


def agreement(maps: Sequence[FloatArray]) -> list[list[float | None]]:
    """Rank correlations of all pairs of maps."""
    return [[rank_correlation(first, second) for second in maps] for first in maps]


def deletion_and_insertion(subject: Subject, cells: FloatArray) -> tuple[Curve, Curve]:
    """Follow the probability of the class while cells are taken away, or put back, most relevant first.

    Ties are broken at random.

    Returns
    -------
    deletion, insertion : Curve
        Where a map is right, deletion falls early (a small area) and insertion rises early
        (a large one).

    References
    ----------
    Petsiuk, Das, Saenko (2018). RISE: randomized input sampling for explanation of
    black-box models. arXiv:1806.07421.
    """
    ties = subject.random().random(cells.size)
    return _curves(subject, np.lexsort((ties, -cells.ravel())))


def random_order(subject: Subject) -> RandomOrder:
    """Give the same curves for cells in random order."""
    rng = subject.random()
    pairs = [_curves(subject, rng.permutation(int(np.prod(subject.spatial)))) for _ in range(ORDERS)]
    return RandomOrder([deletion for deletion, _ in pairs], [insertion for _, insertion in pairs])


def _curves(subject: Subject, order: NDArray[np.int64]) -> tuple[Curve, Curve]:
    places = np.empty(order.size, dtype=np.int64)
    places[order] = np.arange(order.size)
    gone = np.linspace(0, order.size, min(STEPS, order.size) + 1).round()
    masks = (places < gone[:, None]).reshape(len(gone), *subject.spatial)
    return _curve(subject, masks), _curve(subject, ~masks)


def _curve(subject: Subject, masks: NDArray[np.bool_]) -> Curve:
    values = subject.probabilities(subject.without(masks))
    area = float(np.trapezoid(values) / (len(values) - 1))
    return Curve([round(float(value), 5) for value in values], round(area, 5))
