"""Verdicts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.answers import CLASSICAL, ELSEWHERE, JUSTIFIED, NEITHER, UNDECIDED, ArmCost, Difference
from training.verdict.rules import Rules

OPENINGS = {
    JUSTIFIED: "A CNN is justified",
    CLASSICAL: "The structure is real, but a classical model does as well",
    ELSEWHERE: "The CNN wins, but not through neighbourhood",
    NEITHER: "Don't use a CNN",
    UNDECIDED: "Undecided",
}
ORDER = {
    True: "the order of cells helps",
    False: "the order of cells is worth nothing",
    None: "the order of cells: open",
}
BASELINE = {True: "it beats the baseline", False: "it does not beat the baseline", None: "against the baseline: open"}
MOVED = (
    "Undecided: shuffling the cells moved the MLP, which knows no neighbours. Something else than the order of cells "
    "differs between the arms, or this is the one case in a hundred; look at the runs before you trust them."
)
STARVED = (
    "Half of the CNN's trainings or more were ended by the budget while they still improved, so nothing is said against "
    "it: give a larger budget, or fewer items."
)


@dataclass(frozen=True)
class Half:
    """One of the two questions of a verdict, and whether it is settled.

    Parameters
    ----------
    found : Difference
        The CNN on the grid minus the other arm.
    holds : bool or None
        Whether the CNN is better, by `training.verdict.rules.Claim`; None where that is open.
    reversed : bool
        Whether the other arm is better, in the same sense.
    margin : float
        Differences up to it count as none.
    asked, looks : int
        How many CNNs are asked about, and how often the results are looked at, at most.
    common : float, optional
        Accuracy of the CNN on the grid on the folds that both arms have, where it has others as well.
    """

    found: Difference
    holds: bool | None
    reversed: bool = False
    margin: float = 0.0
    asked: int = 1
    looks: int = 1
    common: float | None = None

    @property
    def beside(self) -> str:
        """Say what the CNN reaches on the folds in common, where that is not what it reaches on all."""
        return "" if self.common is None else f" on folds where the CNN on the grid reaches {self.common:.1%}"

    @property
    def surer(self) -> str:
        """Say why a difference whose interval lies above zero is open all the same; empty otherwise."""
        if self.holds is not None or self.found.low <= 0 or self.found.mean <= self.margin:
            return ""
        chances = [f"{n} {what}" for n, what in ((self.asked, "CNNs"), (self.looks, "looks")) if n > 1]
        return f" As one of {' and '.join(chances)} it must be surer than this interval." if chances else ""

    @property
    def spared(self) -> str:
        """Say that the CNN was spared where the order is open and its mean worth counts as none; empty otherwise."""
        if self.holds is not None or self.found.mean > self.margin:
            return ""
        return "shuffling the cells cost it nothing" + (" to speak of here" if self.found.mean > 0 else " here")


def sentence(
    answer: str,
    model: str,
    costs: Sequence[ArmCost],
    order: Half | None,
    baseline: Half | None,
    control_moved: bool,
    rules: Rules,
) -> str:
    """Say the answer with its numbers, and of each half of it whether it is settled."""
    if control_moved:
        return MOVED
    reached = {cost.arm: cost.accuracy for cost in costs}
    name = {cost.arm: cost.model for cost in costs}.get("baseline", "")
    least = f"{100 * rules.margin:g} {'point' if rules.margin == 0.01 else 'points'}"
    return " ".join(
        (
            f"{OPENINGS[answer]}. {model} reaches {reached['original']:.1%}.",
            _about_order(order, reached, least),
            _about_baseline(baseline, reached, name, least),
        )
    )


def _about_order(half: Half | None, reached: dict[str, float], least: str) -> str:
    if half is None:
        return "There is no finished control with shuffled cells."
    if half.holds:
        opening = "The order of cells helps it"
    elif half.holds is False:
        opening = "The order of cells is worth nothing to it"
    elif half.spared:
        opening = f"{half.spared.capitalize()}, which is no proof that it never would"
    else:
        opening = "Whether the order of cells helps it is open"
    return (
        f"{opening}: shuffled, it reaches {reached['permuted']:.1%}{half.beside} ({points(half.found)}; "
        f"{chance(half.found)} that the order is worth more than {least}).{half.surer}"
        f"{_ceiling(half, reached['permuted'], least)}"
    )


def _about_baseline(half: Half | None, reached: dict[str, float], name: str, least: str) -> str:
    if half is None:
        return "There is no finished classical baseline."
    if half.holds:
        opening = "It beats the classical baseline"
    elif half.reversed:
        opening = "The classical baseline beats it"
    elif half.holds is False:
        opening = "It does not beat the classical baseline"
    else:
        opening = "Whether it beats the classical baseline is open"
    return (
        f"{opening}: {name} reaches {reached['baseline']:.1%}{half.beside} ({points(half.found)}; "
        f"{chance(half.found)} that the CNN is better by more than {least}).{half.surer}"
        f"{_ceiling(half, reached['baseline'], least)}"
    )


def _ceiling(half: Half, reached: float, least: str) -> str:
    """Say that the other arm makes too few mistakes for any lead over it to count; empty otherwise."""
    if half.holds or 1 - reached >= half.margin:
        return ""
    return f" That leaves less than {least} to win: a smaller margin would ask more finely."


def halves(order: Half | None, against: Half | None) -> str:
    """Say in a few words what is settled and what is open.

    Examples
    --------
    >>> found = Difference(0.1, 0.08, 0.12, 0.001, "t", 5)
    >>> halves(Half(found, True), Half(found, None))
    'the order of cells helps; against the baseline: open'
    """
    said = []
    if order is not None:
        said.append(order.spared or ORDER[order.holds])
    if against is not None:
        said.append("the baseline beats it" if against.reversed else BASELINE[against.holds])
    return "; ".join(said)


def outlook(
    repeats: Sequence[int | None],
    items: Sequence[float | None],
    repeated: bool,
    out_of_time: bool = False,
    what: str = "items",
) -> str:
    """Say what would settle the open claims; ``out_of_time`` is one that repeats would have settled, had there been any.

    ``what`` there would have to be more of.

    Examples
    --------
    >>> outlook([2, 5], [1.4, 2.0], True)
    'About 5 more repeats needed.'
    >>> outlook([1], [1.2], True, out_of_time=True)
    'About 1 more repeat needed, which the budget left no time for.'
    >>> outlook([2, None], [1.4, 4.0], True)
    'More repeats would not decide it; about 4 times as many items would.'
    """
    if not repeats:
        return "An arm is missing: run the permuted arm and a baseline."
    known = [more for more in repeats if more is not None]
    if repeated and len(known) == len(repeats):
        ended = ", which the budget left no time for" if out_of_time else ""
        return f"About {max(known)} more {'repeat' if max(known) == 1 else 'repeats'} needed{ended}."
    factors = [factor for factor in items if factor is not None]
    if len(factors) < len(items):
        return f"The difference lies so near the margin that neither repeats nor {what} would decide it soon."
    begun = "More repeats would not decide it; a" if repeated else "A"
    return f"{begun}bout {max(factors):.2g} times as many {what} would."


def likeliest(belief: Mapping[str, float]) -> str:
    """Name the likeliest answer where none is certain; empty where nothing is known.

    Parameters
    ----------
    belief : mapping of str to float
        Probabilities of answers, as of `training.verdict.rules.belief_of`.

    Examples
    --------
    >>> likeliest({"CNN justified": 0.02, "don't use a CNN": 0.7, "the CNN wins, but not through neighbourhood": 0.28})
    "likeliest: don't use a CNN (70 %)"
    """
    first = max(belief, key=lambda answer: belief[answer], default="")
    return first and f"likeliest: {first} ({100 * belief[first]:.0f} %)"


def detectable(order: Difference | None, baseline: Difference | None) -> str:
    """Say what differences would have been seen.

    Examples
    --------
    >>> detectable(Difference(0.1, 0.0, 0.2, 0.1, "t", 5, 0.0, 0.1, 0.9, 0.035), None)
    'In 80 of 100 cases these runs would show what the order is worth from 3.5 points on.'
    """
    known = [
        f"{what} from {100 * found.detectable:.1f} points on"
        for what, found in (("what the order is worth", order), ("a lead over the baseline", baseline))
        if found is not None and found.detectable is not None
    ]
    return f"In 80 of 100 cases these runs would show {', '.join(known)}." if known else ""


def saved(unneeded: int, looks: int, seconds: float) -> str:
    """Say what an early answer saved.

    Examples
    --------
    >>> saved(3, 4, 90.0)
    'Decided early: 3 of 4 repeats were not needed, about 4.5 minutes of one core.'
    """
    verb = "was" if unneeded == 1 else "were"
    return (
        f"Decided early: {unneeded} of {looks} repeats {verb} not needed, "
        f"about {unneeded * seconds / 60:.1f} minutes of one core."
    )


def points(difference: Difference) -> str:
    """Say a difference in percentage points, with its interval.

    Examples
    --------
    >>> points(Difference(0.031, 0.01, 0.052, 0.01, "t", 5))
    '+3.1 points, 95 % interval +1.0 to +5.2'
    """
    mean, low, high = (100 * value + 0.0 for value in (difference.mean, difference.low, difference.high))
    return f"{mean:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}"


def chance(difference: Difference) -> str:
    """Say how probable it is that the first arm is better.

    Examples
    --------
    >>> chance(Difference(0.03, 0.01, 0.05, 0.01, "t", 5, 0.0, 0.0004, 0.9996))
    'more than 99.9 %'
    """
    better = difference.better or 0.0
    if better > 0.999:
        return "more than 99.9 %"
    return "less than 0.1 %" if better < 0.001 else f"{100 * better:.1f} %"
