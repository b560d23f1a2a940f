"""How a search went: the best score by then, and who descends from whom."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from adapters.grid import FloatArray
from reports.charts import Choice, Figure, fold_name, is_chosen
from reports.escape import plotly_text
from reports.splits import SplitView, cell_name
from reports.wording import isolated, number, percent, plural, setting
from training.records import Record, Trial

MOMENTS = 40
MOST_LINES, MOST_TREES = 6, 6
LOOKS = (
    ("var(--blue)", "solid"), ("var(--orange)", "solid"), ("var(--green)", "solid"),
    ("var(--blue)", "dot"), ("var(--orange)", "dot"), ("var(--green)", "dot"),
)  # fmt: skip
SCORE = "validation score"


def best_so_far(part: SplitView) -> list[Choice]:
    """Draw, for each search, the best validation score by the epochs that it had trained by then; empty without one.

    A line is the mean over the runs of a search, up to where the shortest ended; the band reaches from
    the lowest run to the highest: folds share items, so an interval over them would claim too much.
    """
    searches: dict[str, list[Record]] = {}
    for _, _, records, cell in part.searches:
        if cell.arm == "original":
            for record in records:
                oracle = str(record.run.tuning.get("oracle", "search"))
                searches.setdefault(f"{cell_name(cell)}, {oracle}", []).append(record)
    shown = dict(itertools.islice(searches.items(), MOST_LINES))
    if not shown:
        return []
    traces: list[Figure] = []
    said = []
    for (name, records), (colour, dash) in zip(shown.items(), LOOKS, strict=False):
        x, curves = _curves(records)
        traces += _line(name, x, curves, colour, dash)
        said.append(
            f"{isolated(name)} ends at {percent(float(curves[:, -1].mean()))} after {number(float(x[-1]))} epochs"
        )
    layout: Figure = {
        "height": 300,
        "xaxis": {"title": {"text": "epochs of all trials so far"}, "rangemode": "tozero"},
        "yaxis": {"title": {"text": f"best {SCORE} so far"}, "tickformat": ".3~p"},
        "showlegend": len(shown) > 1,
    }
    left_out = f" {plural(len(searches) - len(shown), 'line')} left out." if len(searches) > len(shown) else ""
    bands = " Bands reach from the lowest run to the highest." if any("fill" in trace for trace in traces) else ""
    words = f"{'; '.join(said)}.{bands}{left_out}"
    return [Choice("best so far", [{"data": traces, "layout": layout}], words)]


def lineage(records: Sequence[Record]) -> list[Choice]:
    """Draw who descends from whom, one tree a run; empty where no oracle bred."""
    bred = [record for record in records if any(trial.parents for trial in record.trials)]
    return [_tree(record) for record in bred[:MOST_TREES]]


def _curves(records: Sequence[Record]) -> tuple[FloatArray, FloatArray]:
    """Read the best score by then at even moments, shape ``(runs, moments)``."""
    spent = [np.cumsum([trial.epochs or 1 for trial in record.trials]) for record in records]
    best = [np.maximum.accumulate([_score(trial) for trial in record.trials]) for record in records]
    first, last = max(own[0] for own in spent), min(own[-1] for own in spent)
    x = np.unique(np.linspace(min(first, last), last, MOMENTS).round())
    return x, np.array(
        [own[np.maximum(np.searchsorted(at, x, "right") - 1, 0)] for at, own in zip(spent, best, strict=True)]
    )


def _score(trial: Trial) -> float:
    return 0.0 if trial.status == "failed" else trial.score


def _line(name: str, x: FloatArray, curves: FloatArray, colour: str, dash: str) -> list[Figure]:
    mean = curves.mean(axis=0)
    label = plotly_text(name, 48)
    line: Figure = {
        "type": "scatter", "mode": "lines", "x": x.tolist(), "y": mean.round(5).tolist(), "name": label,
        "line": {"color": colour, "dash": dash, "width": 3}, "hoverinfo": "text",
        "hovertext": [f"{label}<br>after {number(at)} epochs: {percent(value)}" for at, value in zip(x, mean, strict=True)],
    }  # fmt: skip
    if len(curves) < 2:
        return [line]
    band: Figure = {
        "type": "scatter", "mode": "lines", "x": [*x.tolist(), *x.tolist()[::-1]],
        "y": [*curves.max(axis=0).round(5).tolist(), *curves.min(axis=0).round(5).tolist()[::-1]], "fill": "toself",
        "line": {"color": colour, "width": 0}, "opacity": 0.18, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    return [band, line]


def _tree(record: Record) -> Choice:
    trials = record.trials
    edges = [(parent, child) for child in range(len(trials)) for parent in _parents(trials, child)]
    arrows: Figure = {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False,
        "x": [x for parent, child in edges for x in (parent + 1, child + 1, None)],
        "y": [y for parent, child in edges for y in (_score(trials[parent]), _score(trials[child]), None)],
        "line": {"color": "var(--rail)", "width": 1.5},
    }  # fmt: skip
    chosen = [is_chosen(trial, record.chosen) for trial in trials]
    marks: Figure = {
        "type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "text",
        "x": list(range(1, len(trials) + 1)), "y": [_score(trial) for trial in trials],
        "hovertext": [_told(place, trials) for place in range(len(trials))],
        "marker": {
            "size": [12 if mark else 8 for mark in chosen],
            "symbol": ["diamond" if mark else "circle" if trial.parents else "circle-open" for mark, trial in zip(chosen, trials, strict=True)],
            "color": ["var(--blue)" if mark else "var(--orange)" for mark in chosen],
        },
    }  # fmt: skip
    layout: Figure = {
        "height": 280,
        "hovermode": "closest",
        "xaxis": {"title": {"text": "trial"}},
        "yaxis": {"title": {"text": SCORE}, "tickformat": ".3~p"},
    }
    return Choice(fold_name(record), [{"data": [arrows, marks], "layout": layout}], _tree_words(record))


def _parents(trials: Sequence[Trial], place: int) -> list[int]:
    """Give the parents that can be: records come from disk, and a child is younger than its parent."""
    return [parent for parent in trials[place].parents if 0 <= parent < place]


def changes(before: Trial, after: Trial) -> list[str]:
    """Say which values a child has that its parent has not."""
    names = dict.fromkeys([*before.values, *after.values])
    return [
        f"{name}: {setting(before.values.get(name, '–'))} → {setting(after.values.get(name, '–'))}"
        for name in names
        if before.values.get(name) != after.values.get(name)
    ]


def _told(place: int, trials: Sequence[Trial]) -> str:
    trial = trials[place]
    lines = [f"trial {place + 1}, {'failed' if trial.status == 'failed' else f'score {trial.score:.4f}'}"]
    if not trial.parents:
        lines.append("drawn at random, or given")
    for parent in _parents(trials, place):
        lines += [f"child of trial {parent + 1}", *changes(trials[parent], trial)]
    return "<br>".join(plotly_text(line, 70) for line in lines)


def _tree_words(record: Record) -> str:
    """Follow the chosen point back to where it came from."""
    trials = record.trials
    place = next((i for i, trial in enumerate(trials) if is_chosen(trial, record.chosen)), None)
    bred = sum(bool(trial.parents) for trial in trials)
    said = f"{plural(bred, 'trial')} of {len(trials)} descend from earlier ones; a line goes from parent to child."
    if place is None:
        return said
    line = [place]
    while parents := _parents(trials, line[-1]):
        line.append(parents[0])
    steps = [
        f"{', '.join(changes(trials[a], trials[b]))} ({_signed(trials[b].score - trials[a].score)})"
        for b, a in itertools.pairwise(line)
    ]
    if not steps:
        return f"{said} The chosen one, trial {place + 1}, has no parent."
    return f"{said} To the chosen one, trial {place + 1}, led: {isolated('; '.join(reversed(steps)))}."


def _signed(difference: float) -> str:
    return f"{difference:+.3f}".replace("-", "−") if math.isfinite(difference) else "–"
