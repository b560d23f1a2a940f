"""From records to the rows of a leaderboard."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from training.chapters import CellSummary
from training.records import Record, Run
from training.verdict.statistics import compare

Cell = tuple[str, str, str, str, str, str]


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
    return CellSummary(
        *cell,
        planned=planned,
        done=len(done),
        failed=len(failed),
        reasons=sorted({record.reason for record in failed}),
        scores=scores,
        mean=statistics.fmean(scores) if scores else 0.0,
        deviation=statistics.stdev(scores) if len(scores) > 1 else 0.0,
        parameters=max((record.parameters for record in done), default=0),
        seconds=statistics.fmean(record.cost.seconds for record in done) if done else 0.0,
    )


def _beside(row: CellSummary, best: CellSummary | None, groups: dict[Cell, list[Record]]) -> CellSummary:
    if best is None or not row.scores or cell_of(best) == cell_of(row):
        return row
    return replace(row, to_best=compare(groups[cell_of(row)], groups[cell_of(best)]))
