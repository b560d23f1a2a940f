"""What a chart shows, in words: for those who cannot see it, and for those in a hurry."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.grid import FloatArray
from reports.wording import NOTHING, count, isolated, percent, plural
from training.records import Record

MOST_MISTAKES = 3


def curve_words(records: Sequence[Record]) -> str:
    """Say in words what learning curves show."""
    ends = [record.curves["validation_accuracy"][-1] for record in records if record.curves.get("validation_accuracy")]
    epochs = [len(curve) for record in records for curve in record.curves.values()]
    span = " to ".join(dict.fromkeys([percent(min(ends)), percent(max(ends))])) if ends else NOTHING
    key = " Thin lines are folds, thick ones their mean." if len(records) > 1 else ""
    return (
        f"{plural(len(records), 'run')}, up to {max(epochs)} epochs; validation accuracy in the last one {span}.{key}"
    )


def confusion_words(classes: Sequence[str], counts: FloatArray) -> str:
    """Name the most frequent mistakes."""
    matrix = counts.tolist()
    wrong = [(matrix[i][j], i, j) for i in range(len(classes)) for j in range(len(classes)) if i != j and matrix[i][j]]
    worst = sorted(wrong, key=lambda mistake: -mistake[0])[:MOST_MISTAKES]
    total, right = sum(map(sum, matrix)), sum(matrix[i][i] for i in range(len(classes)))
    named = "; ".join(f"“{isolated(classes[i])}” taken for “{isolated(classes[j])}” {n:.0f} ×" for n, i, j in worst)
    return f"{count(int(right))} of {count(int(total))} predictions are right. " + (
        f"Most frequent mistakes: {named}." if named else ""
    )


def search_words(records: Sequence[Record]) -> str:
    """Say in words what a search tried."""
    trials = sum(len(record.trials) for record in records)
    return f"{plural(trials, 'trial')} in {plural(len(records), 'run')}. Rings were tried, diamonds were chosen by their run."
