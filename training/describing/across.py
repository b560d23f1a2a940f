"""Several experiments side by side."""

from __future__ import annotations

from collections.abc import Sequence

from training.chapters import CellSummary, Chapter
from training.describing.ranking import ranking
from training.overview import Across, Beside
from training.records import Record
from training.summary import cell_of
from training.verdict.statistics import compare


def across(chapters: Sequence[Chapter]) -> Across:
    """Compare chapters: models over data sets, and experiments on the same data set and split."""
    return Across(ranking(_first_of_each(chapters)), side_by_side(chapters))


def side_by_side(chapters: Sequence[Chapter]) -> list[Beside]:
    """Set the CNNs of every experiment on the same data set beside each other.

    One is tested against the first of its split, and only where both met the same items
    in the same test folds.
    """
    rows = []
    for dataset in dict.fromkeys(chapter.plan.dataset for chapter in chapters):
        own = [chapter for chapter in chapters if chapter.plan.dataset == dataset]
        judged = [(c, cell) for c in own for v in c.verdicts if (cell := _judged(c, v.split)) is not None]
        first = {cell.split: (chapter, cell) for chapter, cell in reversed(judged)}
        if len(own) > 1:
            rows += [_beside(chapter, cell, *first[cell.split]) for chapter, cell in judged]
    return rows


def _judged(chapter: Chapter, split: str) -> CellSummary | None:
    named = {(v.adapter, v.model) for v in chapter.verdicts if v.split == split}
    fits = [c for c in chapter.cells if c.split == split and c.arm == "original" and (c.adapter, c.model) in named]
    return fits[0] if fits else None


def _beside(chapter: Chapter, cell: CellSummary, first: Chapter, other: CellSummary) -> Beside:
    ours, theirs = _records(chapter, cell), _records(first, other)
    if chapter is first:
        return Beside(chapter.experiment, cell, None, "")
    if _tests(ours) != _tests(theirs):
        return Beside(chapter.experiment, cell, None, "not tested: other test items")
    return Beside(chapter.experiment, cell, compare(ours, theirs), "")


def _records(chapter: Chapter, cell: CellSummary) -> list[Record]:
    return [r for r in chapter.records if r.status == "ok" and r.run.cell == cell_of(cell)]


def _tests(records: Sequence[Record]) -> set[tuple[str, int, int, tuple[int, ...]]]:
    return {(r.run.fingerprint, r.run.repeat, r.run.fold, tuple(r.test)) for r in records}


def _first_of_each(chapters: Sequence[Chapter]) -> list[Chapter]:
    return list({chapter.plan.dataset: chapter for chapter in reversed(chapters)}.values())[::-1]
