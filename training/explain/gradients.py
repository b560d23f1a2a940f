"""Relevance by gradients: gradient × input, integrated gradients, SmoothGrad."""

from __future__ import annotations

import numpy as np

from adapters.grid import FloatArray
from training.explain.subject import Subject, Traced

COPIES, NOISE = 24, 0.15  # Smilkov et al.: noise of 10-20 % of the range; little changes beyond some 50 copies
FEWEST_STEPS, MOST_STEPS = 32, 512
TOLERANCE = 0.01  # of the difference that integrated gradients must account for
SMALLEST = 0.01  # log-odds: of a smaller difference, the tolerance is that of this one


def gradient_times_input(subject: Subject) -> Traced:
    """Give the slope at the item times the way from the baseline: what a linear network would owe to each cell.

    Returns
    -------
    Traced
        In log-odds.

    References
    ----------
    Shrikumar et al. (2016). Not just a black box: learning important features through
    propagating activation differences. arXiv:1605.01713.
    """
    return subject.trace(_cells(subject, subject.gradients(subject.x[None])[0]))


def integrated_gradients(subject: Subject) -> Traced:
    """Average the slope on the straight way from the baseline to the item, times that way.

    The relevance sums to the difference of the outputs at item and baseline. Points on
    the way are doubled until it does within 1 %, or there are 512.

    Returns
    -------
    Traced
        In log-odds.

    References
    ----------
    Sundararajan, Taly, Yan (2017). Axiomatic attribution for deep networks. arXiv:1703.01365.
    """
    expected, steps = difference(subject), FEWEST_STEPS
    while True:
        cells = _integrated(subject, steps)
        gap = abs(float(cells.sum()) - expected)
        if gap <= TOLERANCE * max(abs(expected), SMALLEST) or steps >= MOST_STEPS:
            return subject.trace(cells)
        steps *= 2


def difference(subject: Subject) -> float:
    """Give the log-odds of the item less those of the baseline."""
    start, end = subject.scores(np.stack([subject.baseline, subject.x]))
    return float(end - start)


def smoothgrad(subject: Subject) -> Traced:
    """Average the slope around the item, times the way from the baseline.

    Returns
    -------
    Traced
        In log-odds.

    References
    ----------
    Smilkov et al. (2017). SmoothGrad: removing noise by adding noise. arXiv:1706.03825.
    """
    gradients = subject.gradients(subject.noisy(COPIES, NOISE))
    return subject.trace(_cells(subject, gradients.mean(axis=0, dtype=float)))


def _integrated(subject: Subject, steps: int) -> FloatArray:
    # Middles of equal parts: a network of ReLUs is piecewise linear, and its kinks lie anywhere.
    places = (np.arange(steps) + 0.5) / steps
    way = subject.x - subject.baseline
    total = np.zeros(way.shape)
    for part in np.array_split(places, max(1, steps // 32)):
        points = subject.baseline + part.reshape(-1, *[1] * way.ndim) * way
        total += subject.gradients(points.astype(np.float32)).sum(axis=0, dtype=float)
    return _cells(subject, total / steps)


def _cells(subject: Subject, gradient: FloatArray) -> FloatArray:
    """Multiply by the way from the baseline, and add up channels."""
    product = np.asarray(gradient, dtype=float) * (subject.x - subject.baseline)
    return np.asarray(product.sum(axis=-1))
