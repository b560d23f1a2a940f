"""What the tuner tried: every trial as a line across its hyperparameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from reports.charts import Choice, Figure, fold_name, is_chosen
from reports.escape import plotly_text
from reports.wording import number, plural, setting
from training.records import Record, Trial

MOST_AXES = 8
MOST_LINES = 300
MOST_TICKS = 4  # values of an axis that are all marked; of more, the ends are
SCORE = "validation score"
# From low scores to high ones; viridis (van der Walt & Smith, SciPy 2015), told apart by colour-blind readers.
SHADES = ("#440154", "#3b528b", "#21918c", "#5ec962", "#b5de2b")


def parallel(records: Sequence[Record]) -> Choice | None:
    """Draw trials as lines over one vertical axis a hyperparameter; the last axis is the score. None without trials."""
    tried = [(record, trial) for record in records for trial in record.trials]
    names = list(dict.fromkeys(name for _, trial in tried for name in trial.values))[:MOST_AXES]
    if len(tried) < 2 or not names:
        return None
    axes = [_Axis(name, [trial.values.get(name) for _, trial in tried]) for name in names]
    axes.append(_Axis(SCORE, [trial.score for _, trial in tried]))
    kept = sorted(range(len(tried)), key=lambda index: tried[index][1].score)[-MOST_LINES:]
    traces = [_line(tried[index], index, axes) for index in kept]
    left_out = f" The worst {len(tried) - len(kept)} are left out." if len(kept) < len(tried) else ""
    words = f"{plural(len(tried), 'trial')}, a line each, from left to right through its values to its score; yellow is best, thick lines were chosen.{left_out}"
    return Choice("all together", [{"data": traces, "layout": _layout(axes)}], words)


class _Axis:
    """One vertical axis: values are placed between 0 and 1, numbers by a logarithm where they span a decade."""

    def __init__(self, name: str, values: Sequence[Any]) -> None:
        self.name = name
        shown = [value for value in values if value is not None]
        self._numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in shown)
        self._wide = self._numeric and min(shown) > 0 and max(shown) / min(shown) >= 10
        self._levels = sorted({setting(value) for value in shown})
        numbers = [self._number(value) for value in shown]
        low, high = min(numbers), max(numbers)
        self._low, self._span = low, (high - low) or 1.0
        self.places = [None if value is None else self._place(value) for value in values]
        self.ticks = self._ticks(shown)

    def _number(self, value: Any) -> float:
        if not self._numeric:
            return float(self._levels.index(setting(value)))
        return math.log(value) if self._wide else float(value)

    def _place(self, value: Any) -> float:
        return (self._number(value) - self._low) / self._span

    def _ticks(self, shown: Sequence[Any]) -> list[tuple[float, str]]:
        different = sorted(set(shown)) if self._numeric else sorted(shown, key=setting)
        values = dict.fromkeys(different if len(set(different)) <= MOST_TICKS else (different[0], different[-1]))
        return [(self._place(value), number(value) if self._numeric else setting(value)) for value in values]


def _line(tried: tuple[Record, Trial], index: int, axes: Sequence[_Axis]) -> Figure:
    record, trial = tried
    values = "<br>".join(plotly_text(f"{name} = {setting(value)}", 60) for name, value in trial.values.items())
    score = axes[-1].places[index] or 0.0
    chosen = is_chosen(trial, record.chosen)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(axes))),
        "y": [axis.places[index] for axis in axes],
        "line": {
            "color": SHADES[min(len(SHADES) - 1, int(score * len(SHADES)))],
            "width": 4 if chosen else 1.5,
        },
        "opacity": 1 if chosen else 0.7,
        "hoverinfo": "text",
        "hovertext": f"{fold_name(record)}<br>score {trial.score:.4f}<br>{values}",
        "showlegend": False,
    }


def _layout(axes: Sequence[_Axis]) -> Figure:
    posts = [
        {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": {"color": "var(--rail)", "width": 1}}
        for x in range(len(axes))
    ]
    marks = [
        {
            "x": x,
            "y": at,
            "text": plotly_text(text, 14),
            "showarrow": False,
            "xanchor": "right" if x == len(axes) - 1 else "left",
            "xshift": -4 if x == len(axes) - 1 else 4,
            "font": {"size": 11},
            "bgcolor": "var(--sheet)",
            "opacity": 0.9,
        }
        for x, axis in enumerate(axes)
        for at, text in axis.ticks
    ]
    names = [plotly_text(axis.name.removeprefix("recipe.").replace("_", " "), 18) for axis in axes]
    return {
        "height": 300,
        "hovermode": "closest",
        "shapes": posts,
        "annotations": marks,
        "margin": {"l": 20, "r": 20, "t": 20, "b": 44},
        "xaxis": {
            "tickvals": list(range(len(axes))),
            "ticktext": names,
            "showgrid": False,
            "zeroline": False,
            "showline": False,
            "range": [-0.25, len(axes) - 0.75],
        },
        "yaxis": {"visible": False, "range": [-0.08, 1.08]},
    }
