"""One data set under one split, arranged for a page: the answer, the leaderboard, the charts."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from reports.captions import confusion_words, curve_words, search_words
from reports.charts import (
    Choice,
    confusion_matrix,
    fold_name,
    is_chosen,
    learning_curves,
    total_confusion,
    trial_panels,
)
from reports.roles import arm_name, arm_words, pooled, role_of
from reports.scales import Scale
from reports.wording import advice, count, isolated, plural, split_meaning
from training.answers import Difference, Verdict
from training.chapters import CellSummary, Chapter
from training.records import Record, Trial

Key = tuple[str, str, str, str]
FAR = 0.3  # below the best accuracy: further down, the leaderboard draws an arrow


@dataclass(frozen=True)
class Arm:
    """A cell in the role that it plays for the verdict; see `reports.roles.role_of`."""

    role: str
    title: str
    cell: CellSummary


@dataclass(frozen=True)
class Contrast:
    """A difference between two arms, named, in the colour of the second one's role."""

    role: str
    title: str
    found: Difference


@dataclass(frozen=True)
class SplitView:
    """One data set under one split.

    Parameters
    ----------
    chapter : Chapter
    split : str
    """

    chapter: Chapter
    split: str

    @cached_property
    def meaning(self) -> str:
        """How the split sets test items apart."""
        return split_meaning(self.split, self.chapter.card.group_name)

    @cached_property
    def cells(self) -> list[CellSummary]:
        """Rows of the leaderboard, best first, those without a score last."""
        own = [cell for cell in self.chapter.cells if cell.split == self.split]
        return sorted(own, key=lambda cell: (not scored(cell), -cell.mean if scored(cell) else 0.0))

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """What the leaderboard can be filtered by: the names in its first columns, as its rows show them."""
        named = {"model": [cell.model for cell in self.cells], "grid": [cell.adapter for cell in self.cells]}
        named["arm"] = [arm_name(cell) for cell in self.cells]
        return {by: list(dict.fromkeys(names)) for by, names in named.items()}

    @cached_property
    def verdict(self) -> Verdict | None:
        """The tested answer, if there is one."""
        return next((verdict for verdict in self.chapter.verdicts if verdict.split == self.split), None)

    @cached_property
    def cnn(self) -> CellSummary | None:
        """The CNN that the verdict is about; the best one where there is no verdict."""
        return self._best(
            "cnn", self.verdict.model if self.verdict else "", self.verdict.adapter if self.verdict else ""
        )

    @cached_property
    def baseline(self) -> CellSummary | None:
        """The baseline that the verdict is about; the best one where it names none."""
        return self._best("baseline", self.verdict.baseline if self.verdict else "", "")

    @cached_property
    def permuted(self) -> CellSummary | None:
        """The same CNN on permuted cells, of every order that was tried."""
        return pooled([cell for cell in self._twins if cell.arm.startswith("permuted")])

    @cached_property
    def _twins(self) -> list[CellSummary]:
        """Arms of the verdict's CNN other than the original."""
        cnn = self.cnn
        own = [cell for cell in self.cells if cnn and cell.arm != "original" and _key(cell)[:3] == _key(cnn)[:3]]
        return sorted((cell for cell in own if scored(cell)), key=lambda cell: cell.arm)

    @cached_property
    def arms(self) -> list[Arm]:
        """The cells that the verdict compares."""
        roles = (
            ("grid", "CNN on the grid", self.cnn),
            ("permuted", "same CNN, permuted cells", self.permuted),
            ("baseline", "best baseline", self.baseline),
        )
        others = [cell for cell in self._twins if not cell.arm.startswith("permuted")]
        more = [(role_of(cell), arm_name(cell), cell) for cell in others]
        return [Arm(role, title, cell) for role, title, cell in (*roles[:2], *more, roles[2]) if cell]

    @cached_property
    def contrasts(self) -> list[Contrast]:
        """The differences that the verdict rests on, and those that say where the structure lies."""
        verdict = self.verdict
        if verdict is None:
            return []
        named = [
            ("permuted", "grid minus permuted cells", verdict.against_permuted),
            ("baseline", "CNN minus baseline", verdict.against_baseline),
            *(("permuted", f"grid minus {arm_words(control.arm)}", control.found) for control in verdict.controls),
            ("mlp", "MLP: grid minus permuted cells, nothing if all is well", verdict.negative),
        ]
        return [Contrast(role, title, found) for role, title, found in named if found]

    @cached_property
    def advice(self) -> str:
        """What to use."""
        return advice(self.verdict, self.cnn, self.baseline) if self.verdict else ""

    @cached_property
    def arm_scale(self) -> Scale:
        """Common scale of the accuracies that the verdict compares."""
        return Scale.of_shares([score for arm in self.arms for score in arm.cell.scores])

    @cached_property
    def scale(self) -> Scale:
        """Common scale of the leaderboard; what lies far below the best is left out, so that folds can be told apart."""
        near = [cell for cell in self.cells if scored(cell) and cell.mean >= self.cells[0].mean - FAR]
        return Scale.of_shares([score for cell in near for score in cell.scores])

    @cached_property
    def tally(self) -> str:
        """How the runs went; the parts add up to the plan."""
        planned, done = (sum(getattr(cell, what) for cell in self.cells) for what in ("planned", "done"))
        outcomes: Counter[str] = Counter()
        for cell in self.cells:
            outcomes.update(cell.outcomes or ({"failed": cell.failed} if cell.failed else {}))
        waiting = planned - done - sum(outcomes.values())
        parts = [f"{count(done)} done", *(f"{count(number)} {isolated(status)}" for status, number in outcomes.items())]
        return f"{plural(planned, 'run')} planned = " + " + ".join(
            parts + ([f"{count(waiting)} not run yet"] if waiting > 0 else [])
        )

    @cached_property
    def tests(self) -> list[str]:
        """The tests behind the leaderboard's differences."""
        return sorted({cell.to_best.test for cell in self.cells if cell.to_best})

    @cached_property
    def contrast_scale(self) -> Scale:
        """Scale of differences, in points; zero lies on it."""
        ends = [100 * end for contrast in self.contrasts for end in (contrast.found.low, contrast.found.high)]
        return Scale.around([0.0, *ends])

    def records(self, cell: CellSummary) -> list[Record]:
        """Finished runs of a cell, by repeat and fold."""
        key = _key(cell)
        orders = [other for other in self._records if other[:3] == key[:3] and other[3].startswith("permuted")]
        own = [
            record for other in (orders if cell.arm == "permuted" else [key]) for record in self._records.get(other, [])
        ]
        return sorted(own, key=lambda record: (record.run.arm, record.run.repeat, record.run.fold))

    @cached_property
    def _records(self) -> dict[Key, list[Record]]:
        found: dict[Key, list[Record]] = defaultdict(list)
        for record in self.chapter.records:
            _, split, *key = record.run.cell
            if record.status == "ok" and split == self.split:
                found[key[0], key[1], key[2], key[3]].append(record)
        return found

    @cached_property
    def curves(self) -> list[Choice]:
        """Learning curves of every CNN that left some, the verdict's first."""
        first = [arm.cell for arm in self.arms[:2]]
        networks = first + [cell for cell in self.cells if cell not in first]
        found = [(cell, [record for record in self.records(cell) if any(record.curves.values())]) for cell in networks]
        return [Choice(cell_name(cell), learning_curves(own), curve_words(own)) for cell, own in found if own]

    @cached_property
    def confused_arms(self) -> list[Arm]:
        """Arms with a confusion matrix."""
        return [arm for arm in self.arms if any(record.confusion for record in self.records(arm.cell))]

    @cached_property
    def confusions(self) -> list[Choice]:
        """Confusion matrices of the cells that the verdict compares."""
        found = [(arm, *total_confusion(self.records(arm.cell))) for arm in self.confused_arms]
        return [
            Choice(
                f"{arm.title}: {cell_name(arm.cell)}",
                [confusion_matrix(classes, counts)],
                confusion_words(classes, counts),
            )
            for arm, classes, counts in found
        ]

    @cached_property
    def searches(self) -> list[tuple[Choice, list[tuple[str, Trial, bool]], list[Record], CellSummary]]:
        """What the tuner tried in each tuned cell: its chart, every trial with whether its run chose it, its runs."""
        found = [(cell, [record for record in self.records(cell) if record.trials]) for cell in self.cells]
        return [
            (Choice(cell_name(cell), trial_panels(own), search_words(own)), _trials(own), own, cell)
            for cell, own in found
            if own
        ]

    def _best(self, kind: str, model: str, adapter: str) -> CellSummary | None:
        own = [cell for cell in self.cells if cell.kind == kind and cell.arm == "original" and scored(cell)]
        named = [cell for cell in own if model in ("", cell.model) and adapter in ("", cell.adapter)]
        return next(iter(named or own), None)


def scored(cell: CellSummary) -> bool:
    """Whether a cell has a score at all."""
    return bool(cell.scores) and math.isfinite(cell.mean)


def cell_name(cell: CellSummary) -> str:
    """Name a cell in one line."""
    varied = "" if cell.arm == "original" else f", {arm_name(cell)}"
    return f"{cell.model} on {cell.adapter}{varied}"


def _trials(records: list[Record]) -> list[tuple[str, Trial, bool]]:
    return [
        (fold_name(record), trial, is_chosen(trial, record.chosen)) for record in records for trial in record.trials
    ]


def _key(cell: CellSummary) -> Key:
    return (cell.adapter, cell.kind, cell.model, cell.arm)
