"""Spans along an item's axes, drawn on the item: what a cell of a network sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from adapters.grid import Axis, GridSpec
from reports.drawings import Drawing, Frame, Line, Marked, Picture, Run, Stack
from reports.grids import draw_grid
from reports.inside.relevance import framed
from reports.items import draw_item
from reports.wording import number
from training.explain.anatomy import Span
from training.explain.explanation import Explanation
from training.records import Settings

MARK, MARK_INK = "#fdb863", "#000"
AROUND = 60  # characters of a text before and after a span


@dataclass(frozen=True)
class Spanned:
    """A span of the item along each of its axes, and its name."""

    name: str
    spans: Sequence[Span]


def span_words(axes: Sequence[Axis], spans: Sequence[Span]) -> str:
    """Say where spans lie.

    Examples
    --------
    >>> span_words([Axis.counted("time", 4, unit="s")], [(0.5, 2)])
    'time 0.5 to 2 s'
    >>> span_words([Axis.counted("column", 3, ("a", "b", "c"))], [(1, 3)])
    'column b to c'
    """
    return ", ".join(_words(axis, span) for axis, span in zip(axes, spans, strict=True))


def item_with_spans(explanation: Explanation, axes: Sequence[Axis], found: Sequence[Spanned]) -> Drawing | None:
    """Draw boxes on the explained item: on a picture, a spectrogram, or a curve; highlight a text.

    Returns
    -------
    drawing or None
        None where only words can say it: for tables.
    """
    kind = explanation.preview["kind"]
    if kind == "text" and len(axes) == 1:
        return excerpt(str(explanation.preview["text"]), found[0].spans[0]) if found else None
    grounded = _ground(explanation, axes)
    if grounded is None:
        return None
    ground, drawn = grounded
    lines = [Line(_box(ground, drawn, one.spans), one.name) for one in found]
    alt = "; ".join(f"{one.name}: {span_words(axes, one.spans)}" for one in found)
    return replace(ground, alt=f"the item, {alt}", lines=[*ground.lines, *lines], sound="")


def match_drawing(preview: Settings, axes: Sequence[Axis], spans: Sequence[Span]) -> Drawing:
    """Draw another item, with a box where its axes allow one.

    Parameters
    ----------
    preview : dict
    axes : sequence of Axis
        Its own axes, of which only the ends count.
    spans : sequence of (float, float)
    """
    drawn = draw_item(preview)
    if preview["kind"] == "text" and len(axes) == 1:
        return excerpt(str(preview["text"]), spans[0])
    if isinstance(drawn, Picture) and len(axes) == 2:
        rows, columns = axes
        ground = framed(drawn.alt, drawn.image, rows, columns, False, None)
        return replace(ground, lines=[Line(_box(ground, axes, spans))])
    if isinstance(drawn, Frame):
        time = axes[:1]
        return replace(drawn, lines=[*drawn.lines, Line(_box(drawn, time, spans[:1]), "seen")], sound="")
    return drawn


def excerpt(text: str, span: Span) -> Marked:
    """Show a span of a text with some characters around it."""
    first, last = int(span[0]), max(int(span[0]) + 1, round(span[1]))
    before, after = text[max(0, first - AROUND) : first], text[last : last + AROUND]
    dots = ("…" if first > AROUND else "", "…" if last + AROUND < len(text) else "")
    runs = [
        Run(dots[0] + before, "", "", ""),
        Run(text[first:last], MARK, MARK_INK, ""),
        Run(after + dots[1], "", "", ""),
    ]
    return Marked(f"characters {first} to {last}", [run for run in runs if run.text], 0)


def _ground(explanation: Explanation, axes: Sequence[Axis]) -> tuple[Frame, Sequence[Axis]] | None:
    """Choose what boxes are drawn on, with its axes: the item's picture, its grid over axes of the same names, its curve.

    A grid may go on beyond its item, or end before it does.
    """
    item = draw_item(explanation.preview)
    if isinstance(item, Picture) and len(axes) == 2:
        return framed(item.alt, item.image, axes[0], axes[1], False, None), axes
    if len(axes) == 1 and axes[0].name == "time":
        return (item, axes) if isinstance(item, Frame) else None
    spec = GridSpec.from_json(explanation.spec)
    if len(axes) == 2 and [axis.name for axis in axes] == [axis.name for axis in spec.axes]:
        grid = draw_grid(explanation.grid, spec)
        grid = grid.frames[0][1] if isinstance(grid, Stack) else grid
        return (grid, spec.axes) if isinstance(grid, Frame) else None
    return None


def _box(frame: Frame, axes: Sequence[Axis], spans: Sequence[Span]) -> str:
    """SVG path of a box; along a missing axis it reaches from side to side."""
    across, down = (0.0, 1.0), (0.0, 1.0)
    for axis, span in zip(axes, spans, strict=True):
        ends = sorted(_fraction(axis, position) for position in span)
        if axis.name == "time" or (len(axes) == 2 and axis is axes[1] and axes[0].name != "time"):
            across = (ends[0], ends[1])
        else:
            down = (1 - ends[1], 1 - ends[0]) if axis.unit not in ("", "px") else (ends[0], ends[1])
    x, y = [frame.width * end for end in across], [frame.height * end for end in down]
    return f"M{x[0]:.1f} {y[0]:.1f}H{x[1]:.1f}V{y[1]:.1f}H{x[0]:.1f}Z"


def _fraction(axis: Axis, position: float) -> float:
    """Where a position lies on an axis that is drawn with cells of equal size."""
    return float(np.interp(position, axis.edges, np.linspace(0, 1, axis.size + 1)))


def _words(axis: Axis, span: Span) -> str:
    if axis.labels and axis.name == "column":
        first, last = int(span[0]), max(int(span[0]), round(span[1]) - 1)
        return f"column {axis.labels[first]}" + (f" to {axis.labels[last]}" if last > first else "")
    return f"{axis.name} {number(span[0])} to {number(span[1])} {axis.unit}".rstrip()
