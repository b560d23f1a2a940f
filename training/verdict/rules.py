"""When a claim counts as shown, and which answer the claims make together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.answers import CLASSICAL, ELSEWHERE, JUSTIFIED, NEITHER, UNDECIDED
from training.verdict.looks import level_of
from training.verdict.posterior import MARGIN, Posterior

ALPHA = 0.05  # of a false claim, over all looks
CONTROL = 0.01  # the MLP's two-sided level: once in a hundred verdicts it stops one by chance
FARTHEST = 100  # repeats that an outlook considers


@dataclass(frozen=True)
class Rules:
    """How sure a verdict must be.

    Parameters
    ----------
    margin : float
        Differences in accuracy up to it count as none.
    looks : int
        How often the results are looked at, at most.
    """

    margin: float = MARGIN
    looks: int = 1

    @classmethod
    def of(cls, experiment: Mapping[str, Any]) -> Rules:
        """Read the rules of a plan's experiment."""
        return cls(experiment.get("margin", MARGIN), experiment.get("looks", 1))

    @property
    def level(self) -> float:
        """Largest probability of the contrary that a claim may have, at each look.

        It is at most half of ALPHA, so that the 95 % interval that is printed beside a settled
        claim lies on one side of what the claim is about.
        """
        return min(level_of(self.looks, ALPHA), ALPHA / 2)


@dataclass(frozen=True)
class Claim:
    """Whether the CNN is better than another arm.

    It is where chance alone is ruled out and the difference is worth having: more than
    nothing for sure, and more than the margin by the best estimate. It is not where more than
    the margin is ruled out.

    Parameters
    ----------
    found : Posterior
    doubt : float
        Probability that it is not better at all, adjusted for ``asked``.
    rules : Rules
    asked : int
        How many CNNs are asked about.
    """

    found: Posterior
    doubt: float
    rules: Rules
    asked: int = 1

    @classmethod
    def alone(cls, found: Posterior, rules: Rules) -> Claim:
        """Make the claim of a CNN that is the only one."""
        return cls(found, 1 - found.above(0.0), rules)

    @property
    def holds(self) -> bool | None:
        """Better, not better, or (None) open."""
        if self.doubt <= self.rules.level and self.found.mean > self.rules.margin:
            return True
        return False if self.better <= self.rules.level else None

    @property
    def better(self) -> float:
        """Probability of better by more than the margin."""
        return self.found.above(self.rules.margin)

    @property
    def reversed(self) -> bool:
        """Whether the other arm is better, in the same sense."""
        return self.found.above(0.0) <= self.rules.level and self.found.mean < -self.rules.margin


def answer_of(order: Claim | None, baseline: Claim | None) -> str:
    """Put the claims about the order of cells and about the baseline together."""
    if order is None or baseline is None:
        return UNDECIDED
    if order.holds is None:
        # A better classical model settles what to use, whatever the order does.
        return NEITHER if baseline.reversed else UNDECIDED
    if baseline.holds is None:
        return UNDECIDED
    answers = {
        (True, True): JUSTIFIED,
        (True, False): CLASSICAL,
        (False, True): ELSEWHERE,
        (False, False): NEITHER,
    }
    return answers[order.holds, baseline.holds]


def belief_of(order: Claim | None, baseline: Claim | None) -> dict[str, float]:
    """Say how probable each answer is, as if the two claims were independent."""
    if order is None or baseline is None:
        return {}
    real, wins = order.better, baseline.better
    return {
        JUSTIFIED: real * wins,
        CLASSICAL: real * (1 - wins),
        ELSEWHERE: (1 - real) * wins,
        NEITHER: (1 - real) * (1 - wins),
    }


def repeats_needed(claim: Claim, folds: int, repeats: int, test_share: float) -> int | None:
    """Count the further repeats after which a claim would be settled if the folds went on alike.

    Parameters
    ----------
    claim : Claim
    folds : int
        Of a repeat.
    repeats : int
        Done so far.
    test_share : float
        Test items divided by training items: this part of the variance no repeat makes smaller.

    Returns
    -------
    int or None
        None if no number of repeats would do.
    """
    found = claim.found
    for more in range(1, FARTHEST):
        smaller = (1 / (folds * (repeats + more)) + test_share) / (1 / (folds * repeats) + test_share)
        freedom = found.freedom + more * folds
        later = Claim.alone(Posterior(found.mean, found.error * math.sqrt(smaller), freedom), claim.rules)
        if later.holds is not None:
            return more
    return None


def items_needed(claim: Claim) -> float | None:
    """Give the factor by which more items would settle a claim; None if the difference lies at the margin itself."""
    found = claim.found
    for step in range(1, 14):
        factor = 2 ** (step / 2)
        later = Claim.alone(Posterior(found.mean, found.error / math.sqrt(factor), found.freedom), claim.rules)
        if later.holds is not None:
            return factor
    return None
