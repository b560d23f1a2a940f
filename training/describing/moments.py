"""What an experiment would have answered, had it been stopped earlier."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from training.portraits import Moment
from training.records import Record, Run
from training.summary import Cell, by_cell


def moments(runs: Sequence[Run], records: Sequence[Record], split: str) -> list[Moment]:
    """Follow the best CNN of a split through the runs, in the order in which they ended.

    A cell counts from its last fold on, and is preferred by its validation accuracy:
    what a person could have known by then. Seconds are those of all runs, controls and
    baselines among them.
    """
    planned = Counter(run.cell for run in runs)
    done = sorted(
        (record for record in records if record.run.split == split and record.cost.finished),
        key=lambda record: (record.cost.finished, record.run.key),
    )
    groups = {cell: members for cell, members in by_cell(done).items() if cell[3] == "cnn" and cell[5] == "original"}
    ended: Counter[Cell] = Counter()
    seconds, best, found = 0.0, float("-inf"), []
    for record in done:
        seconds += record.cost.seconds
        cell = record.run.cell
        ended[cell] += record.status == "ok"
        if cell not in groups or ended[cell] < planned[cell]:
            continue
        validation = _mean(groups[cell], "validation_accuracy")
        if validation > best:
            best = validation
            found.append(Moment(seconds, cell[4], cell[2], _mean(groups[cell], "accuracy")))
    return found


def _mean(records: Sequence[Record], score: str) -> float:
    """Average a score; runs without validation items count as 0 there, as they do in the verdict."""
    return statistics.fmean(record.scores.get(score, 0.0) for record in records if record.status == "ok")
