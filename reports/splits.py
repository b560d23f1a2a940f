"""One data set under one split, arranged for a page: the answer, the leaderboard, the charts."""

from __future__ import annotations

import math
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
from reports.scales import Scale
from reports.wording import advice, split_meaning
from training.answers import Difference, Verdict
from training.chapters import CellSummary, Chapter
from training.records import Record, Trial

Key = tuple[str, str, str, str]
FAR = 0.3  # below the best accuracy: further down, the leaderboard draws an arrow


@dataclass(frozen=True)
class Arm:
    """A cell in the role that it plays for the verdict: ``grid``, ``permuted`` or ``baseline``."""

    role: str
    title: str
    cell: CellSummary


@dataclass(frozen=True)
class Contrast:
    """A difference between two arms, named."""

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
        """The same CNN on permuted cells."""
        cnn = self.cnn
        twins = [cell for cell in self.cells if cnn and cell.arm == "permuted" and _key(cell)[:3] == _key(cnn)[:3]]
        return twins[0] if twins else None

    @cached_property
    def arms(self) -> list[Arm]:
        """The cells that the verdict compares."""
        roles = (
            ("grid", "CNN on the grid", self.cnn),
            ("permuted", "same CNN, permuted cells", self.permuted),
            ("baseline", "best baseline", self.baseline),
        )
        return [Arm(role, title, cell) for role, title, cell in roles if cell]

    @cached_property
    def contrasts(self) -> list[Contrast]:
        """The differences that the verdict rests on."""
        verdict = self.verdict
        named = (
            ("grid minus permuted cells", verdict.against_permuted if verdict else None),
            ("CNN minus baseline", verdict.against_baseline if verdict else None),
        )
        return [Contrast(title, found) for title, found in named if found]

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
        own = [
            record
            for record in self.chapter.records
            if record.status == "ok" and _record_key(record) == (self.split, _key(cell))
        ]
        return sorted(own, key=lambda record: (record.run.repeat, record.run.fold))

    @cached_property
    def curves(self) -> list[Choice]:
        """Learning curves of every CNN that left some, the verdict's first."""
        first = [arm.cell for arm in self.arms[:2]]
        networks = first + [cell for cell in self.cells if cell not in first]
        found = [(cell, [record for record in self.records(cell) if any(record.curves.values())]) for cell in networks]
        return [Choice(cell_name(cell), learning_curves(own), curve_words(own)) for cell, own in found if own]

    @cached_property
    def confusions(self) -> list[Choice]:
        """Confusion matrices of the cells that the verdict compares."""
        found = [(arm, *total_confusion(self.records(arm.cell))) for arm in self.arms]
        return [
            Choice(
                f"{arm.title}: {cell_name(arm.cell)}",
                [confusion_matrix(classes, counts)],
                confusion_words(classes, counts),
            )
            for arm, classes, counts in found
            if counts.any()
        ]

    @cached_property
    def searches(self) -> list[tuple[Choice, list[tuple[str, Trial, bool]]]]:
        """What the tuner tried in each tuned cell: its chart, and every trial with whether its run chose it."""
        found = [(cell, [record for record in self.records(cell) if record.trials]) for cell in self.cells]
        return [
            (Choice(cell_name(cell), trial_panels(own), search_words(own)), _trials(own)) for cell, own in found if own
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
    return f"{cell.model} on {cell.adapter}" + (", permuted cells" if cell.arm == "permuted" else "")


def _trials(records: list[Record]) -> list[tuple[str, Trial, bool]]:
    return [
        (fold_name(record), trial, is_chosen(trial, record.chosen)) for record in records for trial in record.trials
    ]


def _key(cell: CellSummary) -> Key:
    return (cell.adapter, cell.kind, cell.model, cell.arm)


def _record_key(record: Record) -> tuple[str, Key]:
    _, split, adapter, kind, model, arm = record.run.cell
    return split, (adapter, kind, model, arm)
