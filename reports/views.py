"""One data set, arranged for a page: its splits, its examples, how it was made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from adapters.grid import GridSpec
from reports.drawings import Bars, Drawing, bars
from reports.grids import draw_grid
from reports.items import draw_item
from reports.splits import SplitView
from reports.wording import count, isolated, percent, plural, why_splits_differ
from training.chapters import Chapter, Example
from training.records import Record


@dataclass(frozen=True)
class Shown:
    """An item with its drawing, and its grids, one an adapter: each in words and drawn."""

    example: Example
    item: Drawing
    grids: Sequence[tuple[str, Drawing]]


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
        """Items beside their grids. Examples of one item, by several adapters, follow each other."""
        runs = groupby(self.chapter.card.examples, key=lambda example: (example.label, example.name))
        return [_shown(list(examples)) for _, examples in runs]

    @cached_property
    def divisions(self) -> list[tuple[str, str, str]]:
        """Each split with its meaning, and how many items a test has."""
        return [(split.split, split.meaning, self._sizes(split.split)) for split in self.splits]

    def _sizes(self, split: str) -> str:
        own = {(r.run.repeat, r.run.fold): len(r.test) for r in self.chapter.records if r.run.split == split and r.test}
        if not own:
            return "no run has finished"
        sizes = sorted({min(own.values()), max(own.values())})
        return f"{plural(len(own), 'test')} of {' to '.join(map(count, sizes))} items"

    @cached_property
    def class_bars(self) -> Bars:
        """Items a class."""
        return _count_bars(self.chapter.card.counts)

    @cached_property
    def group_bars(self) -> Bars | None:
        """Items a group, where there are groups."""
        groups = self.chapter.card.groups
        return _count_bars(groups) if groups else None

    @cached_property
    def largest_class(self) -> str:
        """What a model that ignores its input would reach; empty where there are no items."""
        counts = self.chapter.card.counts
        total = sum(counts.values())
        if not total:
            return ""
        name = max(counts, key=counts.__getitem__)
        return (
            f"Answering “{isolated(name)}” every time would be right for {percent(counts[name] / total)} of all items."
        )

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
    def fingerprints(self) -> list[str]:
        """Hashes of the data; more than one only if it changed under way."""
        return sorted({run.fingerprint for run in self.chapter.plan.runs})

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


def _shown(examples: Sequence[Example]) -> Shown:
    specs = [GridSpec.from_json(example.spec) for example in examples]
    grids = [(spec.describe(), draw_grid(example.grid, spec)) for example, spec in zip(examples, specs, strict=True)]
    return Shown(examples[0], draw_item(examples[0].preview), grids)


def _count_bars(counts: Mapping[str, int]) -> Bars:
    return bars(list(counts), np.array(list(counts.values()), dtype=float), "", [count(n) for n in counts.values()])
