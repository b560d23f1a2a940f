"""How sure each look at growing results must be, so that all looks together err rarely."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq
from scipy.special import ndtr

STEPS = 400  # of the grid that densities are integrated on
FAR = 8.0  # deviations below zero that the grid begins at


@lru_cache
def level_of(looks: int, alpha: float) -> float:
    """Give the one-sided level of each of several looks, whose joint error is ``alpha``.

    Parameters
    ----------
    looks : int
        How often the results may be looked at, at most.
    alpha : float
        Probability of at least one false claim over all looks.

    Notes
    -----
    Pocock's constant boundary (1977, Biometrika 64:191-199) for looks that each add as
    much independent data as the first, found by the recursion of Armitage, McPherson and
    Rowe (1969, JRSS A 132:235-244). Repeats of a cross-validation are more alike than that:
    they share all items. By Slepian's inequality the true error is then smaller.

    Examples
    --------
    >>> round(level_of(1, 0.05), 6), round(level_of(2, 0.025), 4), round(level_of(5, 0.025), 4)
    (0.05, 0.0147, 0.0079)
    """
    if looks == 1:
        return alpha
    bound = brentq(lambda z: _crossing(z, looks) - alpha, stats.norm.isf(alpha), stats.norm.isf(alpha / looks))
    return float(stats.norm.sf(bound))


def _crossing(bound: float, looks: int) -> float:
    """Probability that sums of standard normals exceed ``bound * sqrt(k)`` at some look k."""
    crossed = float(ndtr(-bound))
    sums = np.linspace(-FAR, bound, STEPS)
    density = _normal(sums)
    for look in range(2, looks + 1):
        weights = density * (sums[1] - sums[0])
        weights[[0, -1]] /= 2  # the trapezoid rule
        limit = bound * np.sqrt(look)
        crossed += float(weights @ ndtr(sums - limit))
        following = np.linspace(-FAR * np.sqrt(look), limit, STEPS)
        density = _normal(following[:, None] - sums[None, :]) @ weights
        sums = following
    return crossed


def _normal(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
