"""The charts worth touching, as plain data for Plotly: learning curves, confusions, trials.

Colours are named ``var(--…)``: the page's script puts in the values of the style sheet,
so that a chart follows the page from light to dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.grid import FloatArray
from reports.escape import plotly_text
from reports.wording import percent, setting
from training.records import Record, Settings, Trial

Figure = dict[str, Any]
TRAINING, VALIDATION = "var(--orange)", "var(--blue)"
MOST_TEXTS = 20  # classes whose counts still fit into the cells of a confusion matrix
MOST_HYPERPARAMETERS = 8
CURVES = (("loss", "loss"), ("accuracy", "accuracy"))


@dataclass(frozen=True)
class Choice:
    """One entry of a chart's menu: what it shows, its panels, and the same in words."""

    label: str
    figures: Sequence[Figure]
    alt: str


def learning_curves(records: Sequence[Record]) -> list[Figure]:
    """Training and validation loss and accuracy by epoch: a thin line a fold, a thick one for their mean."""
    return [_curve_panel(records, key, title) for key, title in CURVES]


def _curve_panel(records: Sequence[Record], key: str, title: str) -> Figure:
    traces: list[Figure] = []
    for part, name, colour, dash in (
        ("", "training", TRAINING, "dot"),
        ("validation_", "validation", VALIDATION, "solid"),
    ):
        curves = [(record, record.curves[part + key]) for record in records if record.curves.get(part + key)]
        for record, curve in curves:
            hover = f"{name}, {fold_name(record)}, epoch %{{x}}: %{{y:.4g}}<extra></extra>"
            line = {"color": colour, "width": 1, "dash": dash}
            traces.append(_line(curve, line=line, opacity=0.45, hovertemplate=hover, showlegend=False))
        if curves:
            mean = mean_curve([curve for _, curve in curves])
            hover = f"{name}, mean, epoch %{{x}}: %{{y:.4g}}<extra></extra>"
            traces.append(
                _line(mean, line={"color": colour, "width": 3.5, "dash": dash}, name=name, hovertemplate=hover)
            )
    y: Figure = {"title": {"text": title}} | ({"tickformat": ".0%"} if key == "accuracy" else {"rangemode": "tozero"})
    return {"data": traces, "layout": {"xaxis": {"title": {"text": "epoch"}}, "yaxis": y, "height": 300}}


def mean_curve(curves: Sequence[Sequence[float]]) -> list[float]:
    """Mean over folds, up to the epoch at which the first fold stopped: beyond, it would compare different folds."""
    shortest = min(len(curve) for curve in curves)
    return np.mean([curve[:shortest] for curve in curves], axis=0).tolist()  # type: ignore[no-any-return]


def _line(values: Sequence[float], **look: Any) -> Figure:
    marker = {"mode": "lines+markers" if len(values) == 1 else "lines"}
    y = [float(f"{value:.4g}") for value in values]  # four digits are more than a chart shows
    return {"type": "scatter", "x0": 1, "dx": 1, "y": y, **marker, **look}


def fold_name(record: Record) -> str:
    """Name a run among the runs of its cell."""
    return f"repeat {record.run.repeat + 1}, fold {record.run.fold + 1}"


def total_confusion(records: Sequence[Record]) -> tuple[list[str], FloatArray]:
    """Sum confusion matrices over folds, by the names of the classes.

    Returns
    -------
    classes : list of str
        All classes of all records, in the order of their first appearance.
    counts : ndarray, shape (classes, classes)
        Rows are true classes, columns predicted ones.
    """
    classes = list(dict.fromkeys(name for record in records for name in record.classes))
    place = {name: index for index, name in enumerate(classes)}
    counts = np.zeros((len(classes), len(classes)))
    for record in records:
        if record.confusion:
            index = [place[name] for name in record.classes]
            counts[np.ix_(index, index)] += np.asarray(record.confusion)
    return classes, counts


def confusion_matrix(classes: Sequence[str], counts: FloatArray) -> Figure:
    """Heat map of shares of each true class; a cell's text is its number of items."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    names = [plotly_text(name, 16) for name in classes]
    hover = [
        [
            f"true {true}, predicted {predicted}: {counts[row, column]:.0f} items, {percent(shares[row, column])} of true {true}"
            for column, predicted in enumerate(names)
        ]
        for row, true in enumerate(names)
    ]
    places = list(range(len(names)))
    trace = {
        "type": "heatmap",
        "z": shares.tolist(),
        "zmin": 0,
        "zmax": 1,
        "hovertext": hover,
        "hoverinfo": "text",
        "colorscale": [[0, "var(--cell)"], [1, "var(--deep)"]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    if len(names) <= MOST_TEXTS:
        trace |= {
            "text": [[f"{n:.0f}" if n else "" for n in row] for row in counts.tolist()],
            "texttemplate": "%{text}",
        }
    axis = {"tickmode": "array", "tickvals": places, "ticktext": names, "showgrid": False, "zeroline": False}
    layout = {
        "height": min(900, max(320, 24 * len(names) + 150)),
        "xaxis": axis | {"title": {"text": "predicted class"}, "tickangle": -90 if len(names) > 12 else "auto"},
        "yaxis": axis | {"title": {"text": "true class"}, "autorange": "reversed"},
    }
    return {"data": [trace], "layout": layout}


def trial_panels(records: Sequence[Record]) -> list[Figure]:
    """Plot the validation score against each searched hyperparameter, one panel each; what a run chose is marked."""
    tried = [(record, trial) for record in records for trial in record.trials]
    names = list(dict.fromkeys(name for _, trial in tried for name in trial.values))
    return [_trial_panel(tried, name) for name in names[:MOST_HYPERPARAMETERS]]


def is_chosen(trial: Trial, chosen: Settings) -> bool:
    """Whether a run went on with this trial's values."""
    return all(name in chosen and chosen[name] == value for name, value in trial.values.items())


def _trial_panel(tried: Sequence[tuple[Record, Trial]], name: str) -> Figure:
    shown = [(record, trial) for record, trial in tried if name in trial.values]
    raw = [trial.values[name] for _, trial in shown]
    numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in raw)
    wide = numeric and min(raw) > 0 and max(raw) / min(raw) >= 10
    levels = sorted({setting(value) for value in raw})
    values = raw if numeric else [levels.index(setting(value)) for value in raw]
    x: Figure = {"title": {"text": plotly_text(name)}, "type": "log" if wide else "linear"}
    if not numeric:
        texts = [plotly_text(level, 14) for level in levels]
        x |= {"tickmode": "array", "tickvals": list(range(len(levels))), "ticktext": texts}
        x |= {"range": [-0.5, len(levels) - 0.5]}
    marks = [is_chosen(trial, record.chosen) for record, trial in shown]
    hover = [_trial_hover(record, trial) for record, trial in shown]
    traces = [
        _points(values, shown, hover, marks, False, {"symbol": "circle-open", "size": 7, "color": "var(--orange)"}),
        _points(values, shown, hover, marks, True, {"symbol": "diamond", "size": 11, "color": "var(--blue)"}),
    ]
    y = {"title": {"text": "validation score"}}
    return {"data": traces, "layout": {"xaxis": x, "yaxis": y, "height": 260, "showlegend": False}}


def _trial_hover(record: Record, trial: Trial) -> str:
    values = "<br>".join(plotly_text(f"{key} = {setting(value)}", 60) for key, value in trial.values.items())
    return f"{fold_name(record)}<br>score {trial.score:.4f} after {trial.epochs} epochs<br>{values}"


def _points(
    values: Sequence[Any],
    shown: Sequence[tuple[Record, Trial]],
    hover: Sequence[str],
    marks: Sequence[bool],
    chosen: bool,
    marker: Figure,
) -> Figure:
    index = [i for i, mark in enumerate(marks) if mark == chosen]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [values[i] for i in index],
        "y": [shown[i][1].score for i in index],
        "hovertext": [hover[i] for i in index],
        "hoverinfo": "text",
        "name": "chosen" if chosen else "tried",
        "marker": marker,
    }
