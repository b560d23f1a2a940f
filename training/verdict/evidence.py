"""The runs of one data set and split, by the part that they play for its verdict."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from training.answers import ELSEWHERE, JUSTIFIED, UNDECIDED, AmongOrders, Control, Difference
from training.records import LEFT_OUT, Record
from training.summary import Cell, by_cell
from training.verdict.across import holm
from training.verdict.arms import equal_to, is_graded
from training.verdict.contrasts import (
    FOLDS,
    ORDERS,
    among_orders,
    difference,
    model_contrast,
    name_of_test,
    order_contrast,
)
from training.verdict.posterior import Posterior
from training.verdict.rules import CONTROL, Claim, Rules, answer_of, repeats_needed
from training.verdict.statistics import paired, tested_share

# Share of a recipe's epochs from which on a schedule that time has shortened is taken for a whole one.
ENOUGH = 0.5

Cells = dict[Cell, list[Record]]


@dataclass(frozen=True)
class Evidence:
    """The runs of one data set and split, by the part that they play.

    Parameters
    ----------
    cell : tuple
        Of the CNN that is judged.
    original, permuted, baseline, mlp, mlp_permuted : list of Record
    graded : dict of str to list of Record
        By arm.
    order, against : Claim or None
        That the order of cells helps the CNN; that it beats the baseline.
    among_orders : AmongOrders or None
        Whether the given order stands out among random ones, on these items, for any CNN.
    rules : Rules
    """

    cell: Cell
    original: list[Record]
    permuted: list[Record]
    baseline: list[Record]
    mlp: list[Record]
    mlp_permuted: list[Record]
    graded: dict[str, list[Record]]
    order: Claim | None
    against: Claim | None
    among_orders: AmongOrders | None
    rules: Rules

    @property
    def negative(self) -> Difference | None:
        """What shuffling does to the MLP: nothing, if all is well."""
        found = model_contrast(self.mlp, self.mlp_permuted)
        if found is None:
            return None
        test = name_of_test(self.mlp, self.mlp_permuted, FOLDS)
        return difference(found, test, len(paired(self.mlp, self.mlp_permuted)), self.rules.margin, self.rules.level)

    @property
    def located(self) -> dict[str, Claim]:
        """That shuffling a part of the order costs accuracy, by arm: first axes, then blocks from the smallest on.

        Axes are asked about at once, with Holm's adjustment for their number. Blocks are
        asked about from the smallest on, each only where those before it cost accuracy: tests in
        a sequence that was fixed beforehand need no adjustment (Maurer, Hothorn and Lehmacher 1995).
        """
        contrasts = {arm: order_contrast(self.original, records) for arm, records in self.graded.items()}
        known = {arm: posterior for arm, posterior in contrasts.items() if posterior is not None}
        blocks = sorted((arm for arm in known if arm.startswith("blocks ")), key=lambda arm: int(arm.split()[1]))
        axes = [arm for arm in known if arm not in blocks]
        doubts = [
            *holm([1 - known[arm].above(0.0) for arm in axes]),
            *accumulate((1 - known[arm].above(0.0) for arm in blocks), max),
        ]
        return {arm: Claim(known[arm], doubt, self.rules) for arm, doubt in zip([*axes, *blocks], doubts, strict=True)}

    @property
    def controls(self) -> list[Control]:
        """What shuffling a part of the order does."""
        return [
            Control(arm, self.difference(claim, self.graded[arm], ORDERS), claim.holds)
            for arm, claim in self.located.items()
        ]

    def difference(self, claim: Claim, other: Sequence[Record], test: str) -> Difference:
        """Write down what a claim rests on: the CNN on the grid minus another arm."""
        name, count = name_of_test(self.original, other, test), len(paired(self.original, other))
        return difference(claim.found, name, count, self.rules.margin, self.rules.level)

    def more(self, claim: Claim, other: Sequence[Record]) -> int | None:
        """Count the further repeats after which an open claim about another arm would be settled; None if no number would do.

        Where each group is left out once, there is no other to repeat with.
        """
        if self.original[0].run.split == LEFT_OUT:
            return None
        folds, repeats = {record.run.fold for record in other}, {record.run.repeat for record in other}
        return repeats_needed(claim, len(folds), len(repeats), tested_share(self.original))

    def worth_repeating(self, claim: Claim | None, other: Sequence[Record]) -> bool:
        """Tell whether a claim is open, and repeats may settle it."""
        return claim is not None and claim.holds is None and self.more(claim, other) is not None

    @property
    def may_be_located(self) -> bool:
        """Whether there is structure, or it is open if there is and nothing else has settled the answer."""
        if self.order is None or self.order.holds is False:
            return False
        return bool(self.order.holds) or self.answer == UNDECIDED

    @property
    def repeats(self) -> int:
        """Number of repeats that the answer rests on; the axes may have more."""
        return len({record.run.repeat for record in (*self.permuted, *self.baseline)} or {0})

    @property
    def control_moved(self) -> bool:
        """Whether shuffling moves the MLP, which cannot be by what it learns."""
        return self.negative is not None and self.negative.p_value < CONTROL

    @property
    def starved(self) -> bool:
        """Whether half of the CNN's trainings or more had time for less than half of their recipe's epochs, and improved still."""
        return 2 * sum(map(_cut_short, self.original)) >= len(self.original)

    @property
    def answer(self) -> str:
        """The answer; none is given where the control moved, none against a CNN that had no time to learn."""
        found = answer_of(self.order, self.against)
        if self.control_moved or (self.starved and found not in (JUSTIFIED, ELSEWHERE)):
            return UNDECIDED
        return found


def evidence(records: Sequence[Record], rules: Rules) -> list[Evidence]:
    """Sort the finished runs of one data set by split and by the part that they play."""
    groups = by_cell([record for record in records if record.status == "ok"])
    found = []
    for split in dict.fromkeys(cell[1] for cell in groups):
        cells = {cell: members for cell, members in groups.items() if cell[1] == split}
        candidates = [cell for cell in cells if cell[3] == "cnn" and cell[5] == "original"]
        if candidates:
            found.append(_evidence(cells, candidates, rules))
    return found


def _evidence(cells: Cells, candidates: list[Cell], rules: Rules) -> Evidence:
    chosen = max(candidates, key=lambda cell: _chosen_by(cells[cell]))
    floors = [cell for cell in cells if cell[3] == "baseline"]
    floor = max(floors, key=lambda cell: _chosen_by(cells[cell]), default=None)
    baseline = cells[floor] if floor else []
    orders = [order_contrast(cells[cell], cells.get((*cell[:5], "permuted"), [])) for cell in candidates]
    against = [model_contrast(cells[cell], baseline) for cell in candidates]
    place = candidates.index(chosen)
    own = (chosen[2], equal_to(chosen[4]))  # each architecture has an MLP of its own
    of_mlp = {cell[5]: members for cell, members in cells.items() if (cell[2], cell[4]) == own}
    return Evidence(
        cell=chosen,
        original=cells[chosen],
        permuted=cells.get((*chosen[:5], "permuted"), []),
        baseline=baseline,
        mlp=of_mlp.get("mlp", []),
        mlp_permuted=of_mlp.get("mlp permuted", []),
        graded={cell[5]: members for cell, members in cells.items() if cell[:5] == chosen[:5] and is_graded(cell[5])},
        order=_claim(orders, place, rules),
        against=_claim(against, place, rules),
        among_orders=_among_orders(cells, candidates),
        rules=rules,
    )


def _claim(found: Sequence[Posterior | None], place: int, rules: Rules) -> Claim | None:
    """Claim something of one CNN of several, with Holm's adjustment for their number."""
    own = found[place]
    if own is None:
        return None
    asked = [posterior for posterior in found if posterior is not None]
    if len(asked) == 1:
        return Claim.alone(own, rules)
    adjusted = holm([1 - posterior.above(0.0) for posterior in asked])
    return Claim(own, adjusted[asked.index(own)], rules, len(asked))


def _among_orders(cells: Cells, candidates: Sequence[Cell]) -> AmongOrders | None:
    """Ask each CNN whether the given order stands out, and take the answer of the one that it suits best."""
    asked = {cell: among_orders(cells[cell], cells.get((*cell[:5], "permuted"), [])) for cell in candidates}
    known = {cell: found for cell, found in asked.items() if found is not None}
    if not known:
        return None
    cell, best = min(known.items(), key=lambda one: one[1].p_value)
    return AmongOrders(min(1.0, len(known) * best.p_value), best.orders, cell[4], len(known))


def _cut_short(record: Record) -> bool:
    """Tell whether a training that was to end in time did less than enough of its epochs and had not ceased to improve.

    One that makes no mistake on validation items has nothing left to improve but its certainty.
    """
    recipe, done = record.run.recipe, len(record.curves.get("loss", []))
    if recipe.get("seconds") is None or not done or record.scores.get("validation_accuracy") == 1.0:
        return False
    return bool(done < ENOUGH * recipe["epochs"] and done - record.scores["best_epoch"] < recipe["patience"])


def _chosen_by(records: Sequence[Record]) -> float:
    """Score that a model is chosen by, never of test items; one without validation items has none and goes last."""
    return statistics.fmean(record.scores.get("validation_accuracy", 0.0) for record in records)
