"""What is believed of a difference after the folds: a t-distribution, and where it lies.

The Bayesian correlated t-test: the posterior of the mean difference, where folds share
training items, is a t-distribution with the variance of Nadeau and Bengio's corrected test
(Corani and Benavoli 2015, Machine Learning 100:285-304). Differences within a margin
around zero count as none: a region of practical equivalence (Benavoli, Corani, Demšar
and Zaffalon 2017, JMLR 18(77)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

# Of accuracy: what Benavoli et al. take for practically the same, before any data is seen.
MARGIN = 0.01


@dataclass(frozen=True)
class Posterior:
    """A t-distribution of the true difference in accuracy.

    Parameters
    ----------
    mean : float
    error : float
        Its scale, 0 for certainty.
    freedom : float
        Degrees of freedom.
    """

    mean: float
    error: float
    freedom: float

    def above(self, value: float) -> float:
        """Probability that the difference is larger than ``value``."""
        if self.error == 0:
            return float(self.mean > value)
        return float(stats.t.sf((value - self.mean) / self.error, self.freedom))

    def thirds(self, margin: float) -> tuple[float, float, float]:
        """Probabilities of worse, equivalent and better; they add up to 1.

        Examples
        --------
        >>> [round(p, 2) for p in Posterior(0.02, 0.01, 4).thirds(0.01)]
        [0.02, 0.17, 0.81]
        """
        better, at_least = self.above(margin), self.above(-margin)
        return 1 - at_least, at_least - better, better

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Give the central interval of a probability, cut to what differences in accuracy can be: -1 to 1."""
        half = float(stats.t.ppf(0.5 + level / 2, self.freedom)) * self.error
        return max(-1.0, self.mean - half), min(1.0, self.mean + half)

    def p_value(self) -> float:
        """Two-sided p-value of no difference at all: the corrected t-test's."""
        return 2 * min(self.above(0.0), 1 - self.above(0.0)) if self.error else float(self.mean == 0)

    def detectable(self, margin: float, level: float, power: float = 0.8) -> float:
        """Give the true difference that such data would show, with a probability.

        Parameters
        ----------
        margin, level : float
            The difference counts as shown if ``above(0) >= 1 - level`` and its mean lies above
            the margin.
        power : float
        """
        surely, likely = (float(stats.t.ppf(share, self.freedom)) * self.error for share in (1 - level, power))
        return max(surely, margin) + likely


def correlated_t(differences: Sequence[float], test_share: float, floor: float = 0.0) -> Posterior:
    """Give the posterior of a difference over folds whose training sets overlap.

    Parameters
    ----------
    differences : sequence of float
    test_share : float
        Test items divided by training items of one fold; ``rho / (1 - rho)``, where rho is
        the correlation of two folds.
    floor : float
        Smallest standard deviation of folds that is believed: folds of few items may all
        agree by chance.

    Examples
    --------
    >>> posterior = correlated_t([0.02, 0.01, 0.03, -0.01, 0.02, 0.0, 0.01, 0.04, 0.02, 0.01], 10 / 90)
    >>> [round(p, 3) for p in posterior.thirds(0.01)]
    [0.002, 0.232, 0.766]
    """
    values = np.asarray(differences, dtype=float)
    variance = max(float(values.var(ddof=1)), floor**2)
    return Posterior(float(values.mean()), math.sqrt((1 / len(values) + test_share) * variance), len(values) - 1)
