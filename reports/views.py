"""What a page shows of a chapter, arranged: one view a data set, one part a split."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from adapters.grid import GridSpec
from reports.charts import (
    Choice,
    confusion_matrix,
    fold_name,
    is_chosen,
    learning_curves,
    total_confusion,
    trial_panels,
)
from reports.drawings import Bars, Drawing, bars
from reports.grids import draw_grid
from reports.items import draw_item
from reports.scales import Scale
from reports.wording import advice, count, percent, split_meaning, why_splits_differ
from training.chapters import CellSummary, Chapter, Difference, Example, Verdict
from training.records import Record, Trial

Key = tuple[str, str, str, str]


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
class Shown:
    """An example with its two drawings."""

    example: Example
    item: Drawing
    grid: Drawing
    grid_words: str


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
        return self._best("cnn", self.verdict.model if self.verdict else "", self.verdict.adapter if self.verdict else "")

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
    def scale(self) -> Scale:
        """Common scale of all accuracies of this split."""
        return Scale.around([score for cell in self.cells for score in cell.scores])

    @cached_property
    def contrast_scale(self) -> Scale:
        """Scale of differences, in points; zero lies on it."""
        ends = [100 * end for contrast in self.contrasts for end in (contrast.found.low, contrast.found.high)]
        return Scale.around([0.0, *ends])

    def records(self, cell: CellSummary) -> list[Record]:
        """Finished runs of a cell, by repeat and fold."""
        own = [record for record in self.chapter.records if record.status == "ok" and _record_key(record) == (self.split, _key(cell))]
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
            Choice(f"{arm.title}: {cell_name(arm.cell)}", [confusion_matrix(classes, counts)], confusion_words(classes, counts))
            for arm, classes, counts in found
            if counts.any()
        ]

    @cached_property
    def searches(self) -> list[tuple[Choice, list[tuple[str, Trial, bool]]]]:
        """What the tuner tried in each tuned cell: its chart, and every trial with whether its run chose it."""
        found = [(cell, [record for record in self.records(cell) if record.trials]) for cell in self.cells]
        return [(Choice(cell_name(cell), trial_panels(own), search_words(own)), _trials(own)) for cell, own in found if own]

    def _best(self, kind: str, model: str, adapter: str) -> CellSummary | None:
        own = [cell for cell in self.cells if cell.kind == kind and cell.arm == "original" and scored(cell)]
        named = [cell for cell in own if model in ("", cell.model) and adapter in ("", cell.adapter)]
        return (named or own or [None])[0]


@dataclass(frozen=True)
class ChapterView:
    """One data set.

    Parameters
    ----------
    chapter : Chapter
    anchor : str
        Its place on the page.
    """

    chapter: Chapter
    anchor: str

    @cached_property
    def splits(self) -> list[SplitView]:
        """Its splits, in the order of the verdicts, then of the cells."""
        names = [verdict.split for verdict in self.chapter.verdicts] + [cell.split for cell in self.chapter.cells]
        return [SplitView(self.chapter, name) for name in dict.fromkeys(names)]

    @cached_property
    def why_splits_differ(self) -> str:
        """Why the same model scores differently under two splits; empty where that needs no words."""
        return why_splits_differ([split.split for split in self.splits], self.chapter.card)

    @cached_property
    def examples(self) -> list[Shown]:
        """Items beside their grids."""
        return [_shown(example) for example in self.chapter.card.examples]

    @cached_property
    def class_bars(self) -> Bars:
        """Items a class."""
        return _count_bars(self.chapter.card.counts, "items a class")

    @cached_property
    def group_bars(self) -> Bars | None:
        """Items a group, where there are groups."""
        groups = self.chapter.card.groups
        return _count_bars(groups, f"items a {self.chapter.card.group_name}") if groups else None

    @cached_property
    def largest_class(self) -> str:
        """What a model that ignores its input would reach; empty where there are no items."""
        counts = self.chapter.card.counts
        total = sum(counts.values())
        if not total:
            return ""
        name = max(counts, key=counts.__getitem__)
        return f"Answering “{name}” every time would be right for {percent(counts[name] / total)} of all items."

    @cached_property
    def unplanned(self) -> int:
        """Planned runs that no row of the leaderboards counts."""
        return len(self.chapter.plan.runs) - sum(cell.planned for cell in self.chapter.cells)

    @cached_property
    def failures(self) -> list[Record]:
        """Runs that failed."""
        return [record for record in self.chapter.records if record.status != "ok"]

    @cached_property
    def seeds(self) -> list[int]:
        """Seeds of the runs."""
        return sorted({record.run.seed for record in self.chapter.records})

    @cached_property
    def versions(self) -> dict[str, str]:
        """Libraries, each with every version that a record names."""
        pairs = sorted({pair for record in self.chapter.records for pair in record.run.versions.items()})
        return {name: ", ".join(version for other, version in pairs if other == name) for name, _ in pairs}

    @cached_property
    def seconds(self) -> float:
        """What all runs took together."""
        return math.fsum(record.cost.seconds for record in self.chapter.records)

    @cached_property
    def finished(self) -> list[str]:
        """When the first and the last run ended."""
        times = sorted(record.cost.finished for record in self.chapter.records if record.cost.finished)
        return times[:: max(1, len(times) - 1)]


def scored(cell: CellSummary) -> bool:
    """Whether a cell has a score at all."""
    return bool(cell.scores) and math.isfinite(cell.mean)


def cell_name(cell: CellSummary) -> str:
    """Name a cell in one line."""
    return f"{cell.model} on {cell.adapter}" + (", permuted cells" if cell.arm == "permuted" else "")


def curve_words(records: Sequence[Record]) -> str:
    """Say in words what learning curves show."""
    ends = [record.curves["validation_accuracy"][-1] for record in records if record.curves.get("validation_accuracy")]
    epochs = [len(curve) for record in records for curve in record.curves.values()]
    last = f"; validation accuracy in the last epoch {percent(min(ends))} to {percent(max(ends))}" if ends else ""
    return f"{len(records)} runs, up to {max(epochs)} epochs{last}. Thin lines are folds, thick ones their mean."


def confusion_words(classes: Sequence[str], counts: object) -> str:
    """Name the most frequent mistakes."""
    matrix = counts.tolist()  # type: ignore[attr-defined]
    wrong = [(matrix[i][j], i, j) for i in range(len(classes)) for j in range(len(classes)) if i != j and matrix[i][j]]
    worst = sorted(wrong, key=lambda mistake: -mistake[0])[:3]
    total, right = sum(map(sum, matrix)), sum(matrix[i][i] for i in range(len(classes)))
    named = "; ".join(f"“{classes[i]}” taken for “{classes[j]}” {n:.0f} ×" for n, i, j in worst)
    return f"{count(int(right))} of {count(int(total))} predictions are right. " + (f"Most frequent mistakes: {named}." if named else "")


def search_words(records: Sequence[Record]) -> str:
    """Say in words what a search tried."""
    trials = sum(len(record.trials) for record in records)
    return f"{trials} trials in {len(records)} runs. Rings were tried, diamonds were chosen by their run."


def _trials(records: Sequence[Record]) -> list[tuple[str, Trial, bool]]:
    return [(fold_name(record), trial, is_chosen(trial, record.chosen)) for record in records for trial in record.trials]


def _key(cell: CellSummary) -> Key:
    return (cell.adapter, cell.kind, cell.model, cell.arm)


def _record_key(record: Record) -> tuple[str, Key]:
    _, split, adapter, kind, model, arm = record.run.cell
    return split, (adapter, kind, model, arm)


def _shown(example: Example) -> Shown:
    spec = GridSpec.from_json(example.spec)
    return Shown(example, draw_item(example.preview), draw_grid(example.grid, spec), spec.describe())


def _count_bars(counts: Mapping[str, int], title: str) -> Bars:
    return bars(list(counts), np.array(list(counts.values()), dtype=float), title, [count(n) for n in counts.values()])
