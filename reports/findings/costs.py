"""What accuracy costs: the Pareto front, and what was known after how many seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.charts import Choice, Figure
from reports.escape import plotly_text
from reports.roles import COLOURS, MARKS, role_of
from reports.scales import round_values
from reports.splits import SplitView, cell_name, scored
from reports.wording import SIGNIFICANT, compact, count, duration, isolated, number, percent, plural
from training.chapters import CellSummary
from training.portraits import Moment

HEIGHT = 400
MOST_LABELS = 12


@dataclass(frozen=True)
class Price:
    """One way to count what a model costs.

    Parameters
    ----------
    label, title : str
        In the chart's menu, and on its axis.
    of : callable
        The cost of a cell; 0 where it is not known.
    say : callable
        Writes it with its unit.
    """

    label: str
    title: str
    of: Callable[[CellSummary], float]
    say: Callable[[float], str]


PRICES = (
    Price(
        "time to predict one item",
        "milliseconds an item (one core)",
        lambda cell: cell.milliseconds_per_item,
        lambda value: duration(value / 1000),
    ),
    Price("time of a run", "seconds a run, search included", lambda cell: cell.seconds, duration),
    Price(
        "multiply-accumulates",
        "multiply-accumulates an item",
        lambda cell: float(cell.macs),
        lambda value: count(round(value)),
    ),
    Price("parameters", "parameters", lambda cell: float(cell.parameters), lambda value: count(round(value))),
)


def pareto(part: SplitView) -> list[Choice]:
    """Accuracy against each price, with the cells that no other beats in both."""
    choices = []
    for price in PRICES:
        cells = [cell for cell in part.cells if scored(cell) and price.of(cell) > 0 and role_of(cell) != "permuted"]
        if len(cells) > 1:
            choices.append(_pareto_choice(cells, price))
    return choices


def front(cells: Sequence[CellSummary], price: Callable[[CellSummary], float]) -> list[CellSummary]:
    """Cells that none beats in accuracy at the same price or less, the cheapest first."""
    kept: list[CellSummary] = []
    for cell in sorted(cells, key=lambda cell: (price(cell), -cell.mean)):
        if not kept or cell.mean > kept[-1].mean:
            kept.append(cell)
    return kept


def _pareto_choice(cells: Sequence[CellSummary], price: Price) -> Choice:
    best = front(cells, price.of)
    prices = [price.of(cell) for cell in cells]
    span = min(prices), max(prices)
    traces: list[Figure] = [
        {
            "type": "scatter", "mode": "lines", "x": [price.of(cell) for cell in best], "y": [cell.mean for cell in best],
            "line": {"color": "var(--rail)", "width": 2, "shape": "hv"}, "hoverinfo": "skip", "showlegend": False,
        }
    ]  # fmt: skip
    traces += [_points(role, [c for c in cells if role_of(c) == role], best, price, span) for role in COLOURS]
    layout = {
        "height": HEIGHT,
        "showlegend": False,
        "xaxis": {"type": "log", "title": {"text": price.title}, **log_ticks(*span)},
        "yaxis": {"tickformat": ".3~p", "title": {"text": "test accuracy"}},
        "margin": {"l": 60, "r": 24, "t": 24, "b": 50},
    }
    return Choice(
        price.label, [{"data": [trace for trace in traces if trace["x"]], "layout": layout}], _words(best, price)
    )


def _points(
    role: str, cells: Sequence[CellSummary], best: Sequence[CellSummary], price: Price, span: tuple[float, float]
) -> Figure:
    named = set(map(cell_name, best if len(cells) > MOST_LABELS else cells))
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [price.of(cell) for cell in cells],
        "y": [cell.mean for cell in cells],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, cell.high - cell.mean) for cell in cells],
            "arrayminus": [max(0.0, cell.mean - cell.low) for cell in cells],
            "color": COLOURS[role],
            "thickness": 1,
            "width": 0,
        },
        "text": [plotly_text(cell.model, 18) if cell_name(cell) in named else "" for cell in cells],
        "textposition": [_side(price.of(cell), span, best.index(cell) if cell in best else 1) for cell in cells],
        "textfont": {"color": COLOURS[role], "size": 12},
        "cliponaxis": False,
        "hovertext": [
            f"{plotly_text(cell_name(cell), 60)}<br>{percent(cell.mean)} [{percent(cell.low)}; {percent(cell.high)}]"
            f"<br>{price.say(price.of(cell))}"
            for cell in cells
        ],
        "hoverinfo": "text",
        "marker": {"color": COLOURS[role], "symbol": MARKS[role], "size": 11},
    }


def log_ticks(low: float, high: float) -> Figure:
    """Mark 1, 2 and 5 of every power of ten, fewer over many decades, round values within a narrow span."""
    steps = (1, 2, 5) if high < 300 * low else (1,)
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    values = [step * 10.0**power for power in powers for step in steps]
    if sum(low <= value <= high for value in values) < 2:
        values = round_values(0.8 * low, 1.2 * high, 4)
    return {
        "tickmode": "array",
        "tickvals": values,
        "ticktext": [compact(value) if value >= 1000 else number(value) for value in values],
    }


def _side(price: float, span: tuple[float, float], place: int) -> str:
    """Names of dear models stand to the left, inside the frame; on the front, above and below in turn."""
    side = "left" if price > math.sqrt(span[0] * span[1]) else "right"
    return f"{'bottom' if place % 2 else 'top'} {side}"


def _words(best: Sequence[CellSummary], price: Price) -> str:
    steps = "; ".join(
        f"{isolated(cell.model)} {percent(cell.mean)} at {price.say(price.of(cell))}" for cell in best[:5]
    )
    return f"On the line: no other model is both cheaper and better. {steps}. Bars are 95 % intervals."


def anytime(part: SplitView) -> list[Choice]:
    """Accuracy of the CNN that one would have chosen, against the computing time until then."""
    found = part.chapter.moments.get(part.split, [])
    if not found:
        return []
    end = max(found[-1].seconds, sum(r.cost.seconds for r in part.chapter.records if r.run.split == part.split))
    known = [*found, Moment(end, found[-1].model, found[-1].adapter, found[-1].score)]
    trace = {
        "type": "scatter", "mode": "lines+markers+text", "x": [m.seconds for m in known], "y": [m.score for m in known],
        "line": {"color": "var(--blue)", "width": 3, "shape": "hv"}, "marker": {"size": 8},
        "text": [*(plotly_text(m.model, 18) for m in found), ""], "textposition": ["top right" if m.seconds < end / 2 else "top left" for m in known], "cliponaxis": False,
        "hovertext": [f"after {duration(m.seconds)}: {plotly_text(m.model, 40)}, {percent(m.score)}" for m in known],
        "hoverinfo": "text", "showlegend": False,
    }  # fmt: skip
    layout: Figure = {
        "height": HEIGHT,
        "showlegend": False,
        "xaxis": {"title": {"text": "seconds of computing, all runs together"}, "rangemode": "tozero"},
        "yaxis": {"tickformat": ".3~p", "title": {"text": "test accuracy"}},
        "margin": {"l": 60, "r": 24, "t": 24, "b": 50},
    }
    data, said = [trace], ""
    if part.baseline:
        data.append(_level(part.baseline, end))
        said = f" The baseline {isolated(part.baseline.model)} reaches {percent(part.baseline.mean)}."
    return [Choice("anytime", [{"data": data, "layout": layout}], _anytime_words(found, end) + said)]


def _level(baseline: CellSummary, end: float) -> Figure:
    return {
        "type": "scatter", "mode": "lines+text", "x": [0, end], "y": [baseline.mean, baseline.mean],
        "line": {"color": COLOURS["baseline"], "width": 2, "dash": "dot"}, "text": ["best baseline", ""],
        "textposition": "top right", "textfont": {"color": COLOURS["baseline"]}, "showlegend": False,
        "hovertext": [f"{plotly_text(baseline.model, 60)}, {percent(baseline.mean)}"] * 2, "hoverinfo": "text",
    }  # fmt: skip


def _anytime_words(found: Sequence[Moment], end: float) -> str:
    last = found[-1]
    return (
        f"After {duration(found[0].seconds)} the first CNN was known, after {duration(last.seconds)} of "
        f"{duration(end)} the last choice, {isolated(last.model)} with {percent(last.score)}; "
        f"{plural(len(found), 'choice')} in all, each by validation accuracy."
    )


def cheaper(part: SplitView) -> CellSummary | None:
    """Give the cheapest CNN to run that the test cannot tell from the best one, at half its price or less.

    None where the chosen CNN is not the first row: rows are tested against the first alone.
    """
    cnn = part.cnn
    if cnn is None or cnn != part.cells[0]:
        return None
    rivals = [
        cell
        for cell in part.cells
        if role_of(cell) == "grid"
        and scored(cell)
        and 0 < cell.milliseconds_per_item <= cnn.milliseconds_per_item / 2
        and cell.to_best is not None
        and cell.to_best.p_value >= SIGNIFICANT
        and cell.mean >= cnn.low
    ]
    return min(rivals, key=lambda cell: cell.milliseconds_per_item, default=None)


def say_cost(cell: CellSummary) -> str:
    """Say what running a model costs."""
    parts = (
        (cell.milliseconds_per_item, f"{duration(cell.milliseconds_per_item / 1000)} an item on one core"),
        (cell.parameters, f"{count(cell.parameters)} parameters"),
        (cell.macs, f"{number(cell.macs / 1e6)} million multiply-accumulates"),
    )
    return ", ".join(text for value, text in parts if value) or "not recorded"
