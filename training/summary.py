"""From records to the rows of a leaderboard."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from training.chapters import CellSummary
from training.describing.shares import wilson
from training.records import Record, Run
from training.verdict.statistics import compare, corrected_t

Cell = tuple[str, str, str, str, str, str]
OUTCOMES = (("timed out", "timed out"), ("exceeded", "out of memory"), ("skipped", "skipped"))  # by their reason
FEWEST_FOLDS = 3  # from which on the spread of folds is a measure
OVER_FOLDS = "corrected resampled t over folds"
OVER_ITEMS = "Wilson over test items"


def by_cell(records: Sequence[Record]) -> dict[Cell, list[Record]]:
    """Group records by their cell, each cell's by repeat and fold."""
    groups: dict[Cell, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda r: (r.run.repeat, r.run.fold)):
        groups[record.run.cell].append(record)
    return dict(groups)


def summarise(runs: Sequence[Run], records: Sequence[Record]) -> list[CellSummary]:
    """Sum every cell of a plan up, the best first.

    Parameters
    ----------
    runs : sequence of Run
        All that were planned: runs without a record count as not done.
    records : sequence of Record

    Returns
    -------
    list of CellSummary
        Per split, by falling mean accuracy. ``to_best`` compares a cell with the
        first one of its split.
    """
    groups = by_cell(records)
    planned: dict[Cell, int] = defaultdict(int)
    for run in runs:
        planned[run.cell] += 1
    rows = [_row(cell, count, groups.get(cell, [])) for cell, count in planned.items()]
    rows.sort(key=lambda row: (row.split, -row.mean if row.scores else 1.0))
    best = {row.split: row for row in reversed(rows) if row.scores}
    return [_beside(row, best.get(row.split), groups) for row in rows]


def cell_of(row: CellSummary) -> Cell:
    """Give the cell that a row sums up."""
    return (row.dataset, row.split, row.adapter, row.kind, row.model, row.arm)


def _row(cell: Cell, planned: int, records: Sequence[Record]) -> CellSummary:
    done = [record for record in records if record.status == "ok"]
    failed = [record for record in records if record.status != "ok"]
    scores = [record.scores["accuracy"] for record in done]
    repeats = _repeats(done)
    low, high, method = _interval(done, scores)
    return CellSummary(
        *cell,
        planned=planned,
        done=len(done),
        failed=len(failed),
        reasons=sorted({record.reason for record in failed}),
        scores=scores,
        mean=_mean(scores),
        deviation=statistics.stdev(scores) if len(scores) > 1 else 0.0,
        parameters=max((record.parameters for record in done), default=0),
        seconds=_mean([record.cost.seconds for record in done]),
        outcomes=dict(Counter(map(_outcome, failed))),
        low=low,
        high=high,
        interval=method,
        repeat_deviation=statistics.stdev(repeats) if len(repeats) > 1 else 0.0,
        repeats=len(repeats),
        macs=max((record.macs for record in done), default=0),
        train_seconds=_mean([record.cost.train_seconds for record in done]),
        milliseconds_per_item=_mean([record.cost.milliseconds_per_item for record in done]),
        peak_memory_mb=max((record.cost.peak_memory_mb for record in done), default=0.0),
        precision=", ".join(sorted({record.precision for record in done} - {""})),
    )


def _outcome(record: Record) -> str:
    """How a run ended, in a word or two."""
    return next((said for start, said in OUTCOMES if record.reason.startswith(start)), record.status)


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0


def _repeats(records: Sequence[Record]) -> list[float]:
    """Mean score of each repeat."""
    scores: dict[tuple[int, int], list[float]] = defaultdict(list)
    for record in records:
        scores[record.run.seed, record.run.repeat].append(record.scores["accuracy"])
    return [statistics.fmean(own) for own in scores.values()]


def _interval(records: Sequence[Record], scores: Sequence[float]) -> tuple[float, float, str]:
    """95 % interval of the mean: over folds where there are some that differ, over items otherwise."""
    if not records:
        return math.nan, math.nan, ""
    items = len(set().union(*(record.test for record in records)))
    if len(set(scores)) > 1 and len(scores) >= FEWEST_FOLDS:
        tested = _mean([len(record.test) for record in records])
        found = corrected_t(scores, tested / max(items - tested, 1))
        return max(0.0, found.low), min(1.0, found.high), OVER_FOLDS
    if not items:
        return math.nan, math.nan, ""
    return *wilson(round(statistics.fmean(scores) * items), items), OVER_ITEMS


def _beside(row: CellSummary, best: CellSummary | None, groups: dict[Cell, list[Record]]) -> CellSummary:
    if best is None or not row.scores or cell_of(best) == cell_of(row):
        return row
    return replace(row, to_best=compare(groups[cell_of(row)], groups[cell_of(best)]))
