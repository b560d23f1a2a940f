"""Is a CNN the right tool? A tested answer about each data set and split."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from training.answers import UNDECIDED, ArmCost, Verdict
from training.records import BY_GROUP, Record
from training.verdict import findings, words
from training.verdict.contrasts import FOLDS, ORDERS
from training.verdict.evidence import Evidence, evidence
from training.verdict.rules import Claim, Rules, belief_of, items_needed
from training.verdict.statistics import accuracy, by_place, paired


def verdicts(records: Sequence[Record], rules: Rules | None = None) -> list[Verdict]:
    """Judge every split of one data set.

    Parameters
    ----------
    records : sequence of Record
    rules : Rules, optional

    Notes
    -----
    The CNN that is judged is chosen by its validation accuracy, never by test items; without
    validation items it is the first one.
    """
    return [_verdict(found) for found in evidence(records, rules or Rules())]


def _verdict(found: Evidence) -> Verdict:
    cell, rules = found.cell, found.rules
    order = _half(found, found.order, found.permuted, ORDERS)
    against = _half(found, found.against, found.baseline, FOLDS)
    return Verdict(
        dataset=cell[0],
        split=cell[1],
        answer=found.answer,
        sentence=words.sentence(
            found.answer, cell[4], _costs(found), order, against, found.control_moved, rules,
        ),
        model=cell[4],
        against_permuted=order.found if order else None,
        against_baseline=against.found if against else None,
        adapter=cell[2],
        baseline=found.baseline[0].run.cell[4] if found.baseline else "",
        belief=belief_of(found.order, found.against),
        negative=found.negative,
        controls=found.controls,
        finding=_finding(found),
        costs=_costs(found),
        margin=rules.margin,
        repeats=found.repeats,
        halves=_halves(found, order, against),
        outlook=_outlook(found),
        saved=_saved(found),
        among_orders=found.among_orders,
    )  # fmt: skip


def _halves(found: Evidence, order: words.Half | None, against: words.Half | None) -> str:
    """Say what is settled and what is open, and what is likeliest where something is."""
    if found.control_moved:
        return ""
    open_ = found.answer == UNDECIDED and not found.starved
    likeliest = words.likeliest(belief_of(found.order, found.against)) if open_ else ""
    return "; ".join(part for part in (words.halves(order, against), likeliest) if part)


def _finding(found: Evidence) -> str:
    """Say whether the order does anything where that is not plain, and where structure lies."""
    asked, order, effect = found.among_orders, found.order, ""
    if asked is not None and order is not None and not order.holds and not found.control_moved:
        effect = findings.effect(asked, order.holds if asked.model == found.cell[4] else None)
    return " ".join(part for part in (effect, findings.finding(found.controls)) if part)


def _half(found: Evidence, claim: Claim | None, other: Sequence[Record], test: str) -> words.Half | None:
    if claim is None:
        return None
    difference = found.difference(claim, other, test)
    grid, places = by_place(found.original), paired(found.original, other)
    common = statistics.fmean(accuracy(grid[place]) for place in places) if len(places) < len(grid) else None
    rules = claim.rules
    return words.Half(difference, claim.holds, claim.reversed, rules.margin, claim.asked, rules.looks, common)


def _costs(found: Evidence) -> list[ArmCost]:
    arms = {
        "original": found.original, "permuted": found.permuted, "mlp": found.mlp, "mlp permuted": found.mlp_permuted,
        **found.graded, "baseline": found.baseline,
    }  # fmt: skip
    return [
        ArmCost(
            arm,
            records[0].run.cell[4],
            statistics.fmean(record.scores["accuracy"] for record in records),
            len(records),
            round(statistics.fmean(record.cost.seconds for record in records), 3),
        )
        for arm, records in arms.items()
        if records
    ]


def _outlook(found: Evidence) -> str:
    """Say what would settle the claims that are open."""
    if found.answer != UNDECIDED or found.control_moved:
        return ""
    if found.starved:
        return words.STARVED
    asked = [(found.order, found.permuted), (found.against, found.baseline)]
    open_ = [(claim, other) for claim, other in asked if claim is not None and claim.holds is None]
    more = [found.more(claim, other) for claim, other in open_]
    several = len({record.run.fold for record in found.original}) > 1
    # A verdict goes on while repeats are worth it and allowed, unless there is no time.
    out_of_time = found.repeats < found.rules.looks
    what = "groups" if found.original[0].run.split in BY_GROUP else "items"
    return words.outlook(more, [items_needed(claim) for claim, _ in open_], several, out_of_time, what)


def _saved(found: Evidence) -> str:
    """Say which repeats need not be run, since the answer came before them."""
    repeats = found.repeats
    if found.answer == UNDECIDED or repeats >= found.rules.looks:
        return ""
    main = [*found.original, *found.permuted, *found.baseline]
    seconds = sum(record.cost.seconds for record in main) / repeats
    return words.saved(found.rules.looks - repeats, found.rules.looks, seconds)
