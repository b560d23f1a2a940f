"""How scores hold on changed grids: one small chart a change, a line an architecture."""

from __future__ import annotations

from collections.abc import Sequence

from reports.charts import Choice, Figure
from reports.escape import plotly_text
from reports.findings.reliability import portrait_of
from reports.roles import role_of
from reports.splits import SplitView
from reports.wording import isolated, number, percent
from training.chapters import CellSummary
from training.portraits import Endurance

MOST_LINES = 5
LINES = ("var(--blue)", "var(--orange)", "var(--green)", "var(--pink)", "var(--grey)")
NEUTRAL = {"times as long": 1.0, "times as large": 1.0}  # where nothing is changed; 0 for other units
Found = Sequence[tuple[CellSummary, Sequence[Endurance]]]


def endurance(part: SplitView) -> list[Choice]:
    """Accuracy of the best CNNs against the strength of each change; empty where it was not asked about."""
    tested = [(cell, p.endured) for cell in part.cells if role_of(cell) == "grid" and (p := portrait_of(part, cell))]
    found = [(cell, own) for cell, own in tested if own][:MOST_LINES]
    if not found:
        return []
    names = list(dict.fromkeys(one.name for _, own in found for one in own))
    return [Choice("robustness", [_panel(name, found, first=name == names[0]) for name in names], _words(found))]


def _panel(name: str, found: Found, first: bool) -> Figure:
    traces, unit = [], ""
    for (cell, own), colour in zip(found, LINES, strict=False):
        points = [one for one in own if one.name == name]
        unit = points[0].unit if points else unit
        neutral = (NEUTRAL.get(unit, 0.0), cell.mean, cell.low, cell.high)
        rows = sorted([neutral, *((p.strength, p.right.value, p.right.low, p.right.high) for p in points)])
        traces.append(_line(cell, rows, colour))
    layout = {
        "height": 260,
        "title": {"text": plotly_text(name, 40), "font": {"size": 13}, "x": 0.02},
        "xaxis": {"title": {"text": plotly_text(unit, 40)}},
        "yaxis": {"tickformat": ".0%", "rangemode": "tozero"},
        "showlegend": first and len(found) > 1,
        "legend": {"orientation": "h", "x": 0, "y": -0.35, "yanchor": "top"},
        "margin": {"l": 48, "r": 12, "t": 34, "b": 70},
    }
    return {"data": traces, "layout": layout}


def _line(cell: CellSummary, rows: Sequence[tuple[float, float, float, float]], colour: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plotly_text(cell.model, 18),
        "x": [strength for strength, *_ in rows],
        "y": [value for _, value, _, _ in rows],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, high - value) for _, value, _, high in rows],
            "arrayminus": [max(0.0, value - low) for _, value, low, _ in rows],
            "color": colour,
            "thickness": 1,
            "width": 0,
        },
        "line": {"color": colour, "width": 2},
        "hovertext": [
            f"{plotly_text(cell.model, 40)}, {number(s)}: {percent(v)} [{percent(a)}; {percent(b)}]"
            for s, v, a, b in rows
        ],
        "hoverinfo": "text",
    }


def _words(found: Found) -> str:
    said = []
    for cell, own in found:
        worst = min(own, key=lambda one: one.right.value)
        said.append(
            f"{isolated(cell.model)}: {percent(cell.mean)} untouched, at worst {percent(worst.right.value)} "
            f"({worst.name}, {number(worst.strength)} {worst.unit})"
        )
    return "; ".join(said) + ". Bars are 95 % intervals."
