"""Draw relevance on the item it belongs to, as that kind of item is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from adapters.grid import Axis, FloatArray
from reports.drawings import (
    COLOURS,
    PLOT_HEIGHT,
    PLOT_WIDTH,
    AxisMarks,
    Bars,
    Drawing,
    Frame,
    Line,
    Marked,
    Run,
    Tiles,
    bars,
    colour_bar,
    envelope_path,
    line_path,
    run_of,
    runs_of,
)
from reports.grids import axis_title
from reports.pictures import coloured, png
from reports.pieces import written
from reports.scales import Scale, Tick, axis_ticks
from reports.wording import count, number
from training.explain.explanation import Explanation, Relevance

LONGEST_TEXT = 3000  # characters
MOST_NAMED = 12
TITLE = "relevance (log-odds)"


@dataclass(frozen=True)
class Found:
    """Relevance with its axes, as arrays."""

    method: str
    axes: tuple[Axis, ...]
    values: FloatArray

    @classmethod
    def of(cls, relevance: Relevance) -> Found:
        """Read the plain data."""
        axes = tuple(Axis.from_json(axis) for axis in relevance.axes)
        return cls(relevance.name, axes, np.asarray(relevance.values, dtype=float))

    @property
    def largest(self) -> float:
        """The largest value, whatever its sign."""
        return float(np.abs(self.values).max()) or 1.0

    @property
    def words(self) -> str:
        """What the drawing shows, for those who cannot see it."""
        low, high = number(float(self.values.min())), number(float(self.values.max()))
        cell = np.unravel_index(int(np.argmax(self.values)), self.values.shape)
        place = ", ".join(_place(axis, int(i)) for axis, i in zip(self.axes, cell, strict=True))
        return f"relevance by {self.method}, from {low} to {high}; largest at {place}"

    def along(self, dimension: int) -> FloatArray:
        """Sum over all other axes."""
        return np.asarray(self.values.sum(axis=tuple(d for d in range(self.values.ndim) if d != dimension)))

    def share(self, values: FloatArray) -> FloatArray:
        """Values as parts of the largest."""
        return values / self.largest


def draw_relevance(relevance: Relevance, explanation: Explanation) -> list[Drawing]:
    """Draw relevance on its item.

    Parameters
    ----------
    relevance : Relevance
    explanation : Explanation
        What it belongs to.

    Returns
    -------
    list of drawings
        A heat map over the item's axes where it has two, and the item itself.
    """
    found = Found.of(relevance)
    draw = _KINDS.get((explanation.preview.get("kind", ""), len(found.axes)))
    return draw(found, explanation) if draw else [heat_map(found)]


def heat_map(found: Found) -> Frame:
    """Draw relevance over two axes; time runs from left to right, Hz upwards."""
    values, rows, columns = _oriented(found)
    upwards = rows.unit == "Hz"
    scale = Scale(-found.largest, found.largest)
    image = png(coloured(values[::-1] if upwards else values, scale.low, scale.high, COLOURS))
    return framed(found.words, image, rows, columns, upwards, scale)


def framed(alt: str, image: str, rows: Axis, columns: Axis, upwards: bool, scale: Scale | None) -> Frame:
    """Put a picture of cells between its axes."""
    width, height = sizes(rows, columns)
    down = axis_ticks(rows, most=max(2, min(rows.size, int(height // 24))))
    return Frame(
        alt=alt,
        x=AxisMarks(axis_title(columns), axis_ticks(columns)),
        y=AxisMarks(axis_title(rows), down if upwards else [Tick(1 - tick.at, tick.text) for tick in down]),
        width=width,
        height=height,
        image=image,
        bar=colour_bar(scale, COLOURS, "") if scale else None,
    )


def sizes(rows: Axis, columns: Axis) -> tuple[float, float]:
    """Width and height of a frame; cells of one unit are squares."""
    if rows.unit != columns.unit or not rows.unit:
        return PLOT_WIDTH, PLOT_HEIGHT
    scale = min(PLOT_WIDTH / columns.size, 1.4 * PLOT_HEIGHT / rows.size)
    return max(40.0, columns.size * scale), max(14.0, rows.size * scale)


def strongest(relevance: Relevance) -> Bars | None:
    """List the named cells, or characters, with most relevance; None where cells have no names."""
    found = Found.of(relevance)
    if len(found.axes) != 1 or not found.axes[0].labels:
        return None
    order = np.abs(found.values).argsort(kind="stable")[::-1][:MOST_NAMED]
    axis = found.axes[0]
    names = [axis.labels[i] if axis.name == "column" else f"{axis.labels[i]} ({axis.edges[i]:.0f})" for i in order]
    texts = [number(value) for value in found.values[order].tolist()]
    return replace(bars(names, found.values[order], "", texts), signed=True)


def _place(axis: Axis, cell: int) -> str:
    if axis.labels:
        return f"{axis.name} {axis.labels[cell]!r}"
    low, high = sorted(axis.edges[cell : cell + 2])
    return f"{axis.name} {number(low)} to {number(high)} {axis.unit}".rstrip()


def _oriented(found: Found) -> tuple[FloatArray, Axis, Axis]:
    values = found.values
    while values.ndim > 2:  # the first of three axes is added up
        values = values.sum(axis=0)
    rows, columns = found.axes[-2:]
    return (values.T, columns, rows) if rows.name == "time" and columns.name != "time" else (values, rows, columns)


def _image(found: Found, explanation: Explanation) -> list[Drawing]:
    """Lay colours over the picture, the stronger the more opaque."""
    pixels = np.asarray(explanation.preview["pixels"], dtype=float)
    grey = pixels.reshape(*pixels.shape[:2], -1)[..., :3].mean(axis=-1)
    rows, columns = (
        np.minimum((np.arange(wanted) + 0.5) * there / wanted, there - 1).astype(int)
        for wanted, there in zip(grey.shape, found.values.shape, strict=True)
    )
    values = found.values[np.ix_(rows, columns)]
    scale = Scale(-found.largest, found.largest)
    opacity = np.clip(np.abs(found.share(values)), 0, 1)[..., None] ** 0.6 * 0.9
    blended = (1 - opacity) * (70 + 0.6 * grey[..., None]) + opacity * coloured(values, scale.low, scale.high, COLOURS)
    down, across = found.axes
    return [framed(found.words, png(blended.round().astype(np.uint8)), down, across, False, scale)]


def _shaded(found: Found, dimension: int, y: AxisMarks, lines: list[Line]) -> Frame:
    """Draw lines on a ground that is coloured by the relevance of each moment."""
    axis, values = found.axes[dimension], found.along(dimension)
    largest = float(np.abs(values).max()) or 1.0
    scale = Scale(-largest, largest)
    steps = np.linspace(axis.edges[0], axis.edges[-1], min(1200, 4 * axis.size) + 1)
    cells = np.clip(np.searchsorted(axis.edges, (steps[1:] + steps[:-1]) / 2, side="right") - 1, 0, axis.size - 1)
    image = png(coloured(values[cells][None], scale.low, scale.high, COLOURS))
    marks = Scale(axis.edges[0], axis.edges[-1]).ticks()
    return Frame(
        alt=f"the item over {found.words}",
        x=AxisMarks(axis_title(axis), marks),
        y=y,
        image=image,
        lines=lines,
        bar=colour_bar(scale, COLOURS, ""),
    )


def _series(found: Found, explanation: Explanation) -> list[Drawing]:
    values = np.asarray(explanation.preview["values"], dtype=float)
    values = values.reshape(len(values), -1)[:, :6]
    scale = Scale.around(values.ravel().tolist())
    names = [f"channel {i + 1}" if values.shape[1] > 1 else "" for i in range(values.shape[1])]
    lines = [Line(line_path(values[:, i], scale), name) for i, name in enumerate(names)]
    curve = _shaded(found, 0, AxisMarks("value", scale.ticks(4)), lines)
    return [curve] if len(found.axes) == 1 else [heat_map(found), curve]


def _sound(found: Found, explanation: Explanation) -> list[Drawing]:
    kept = np.asarray(explanation.preview["samples"], dtype=float)
    peak = float(np.abs(kept).max()) or 1.0
    scale = Scale.around([-peak, peak])
    # The preview is what was kept of the sound; the item's own time may go on before and after it.
    rate, first = int(explanation.preview["rate"]), float(explanation.spec["axes"][0]["edges"][0])
    samples = np.zeros(max(len(kept) + round(first * rate), round(found.axes[0].edges[-1] * rate)))
    samples[round(first * rate) :][: len(kept)] = kept
    wave = _shaded(found, 0, AxisMarks("amplitude", scale.ticks(3)), [Line(envelope_path(samples, scale))])
    return [wave] if len(found.axes) == 1 else [heat_map(found), wave]


def _text(found: Found, explanation: Explanation) -> list[Drawing]:
    text, axis = str(explanation.preview["text"]), found.axes[0]
    starts = [int(edge) for edge in axis.edges]
    pieces = [text[a:b] for a, b in pairwise(starts)]
    if len(text) != starts[-1]:  # bytes that are no UTF-8 are written as several characters
        pieces = list(axis.labels)
    shown = int(np.searchsorted(np.cumsum([len(piece) for piece in pieces]), LONGEST_TEXT, side="right"))
    runs = runs_of(pieces[:shown], found.values, found.largest)
    return [Marked(found.words, runs, sum(len(piece) for piece in pieces[shown:]))]


def _page(found: Found, explanation: Explanation) -> list[Drawing]:
    """Highlight the characters of lines × columns."""
    if [axis.name for axis in found.axes] != ["line", "column"]:
        return [heat_map(found)]
    runs: list[Run] = []
    for row, line in zip(found.values, str(explanation.preview["text"]).expandtabs().split("\n"), strict=False):
        runs += [*runs_of(list(line[: len(row)]), row, found.largest), PLAIN_BREAK]
    return [Marked(found.words, runs, 0)]


PLAIN_BREAK = Run("\n", "", "", "")


def _table(found: Found, explanation: Explanation) -> list[Drawing]:
    cells = {str(name): value for name, value in explanation.preview["row"]}
    labels = found.axes[0].labels
    names = [f"{name} = {_short(cells[name])}" if name in cells else name for name in labels]
    order = np.abs(found.values).argsort(kind="stable")[::-1]
    texts = [number(found.values[i]) for i in order]
    return [replace(bars([names[i] for i in order], found.values[order], TITLE, texts), signed=True)]


def _short(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _board(found: Found, explanation: Explanation) -> list[Drawing]:
    colours = coloured(found.values, -found.largest, found.largest, COLOURS)
    rows = [
        [run_of(square, value, one, found.largest) for square, value, one in zip(squares, values, own, strict=True)]
        for squares, values, own in zip(
            written(explanation.preview["rows"]), found.values.tolist(), colours, strict=True
        )
    ]
    return [Tiles(f"board of {count(len(rows))} rows, {found.words}", rows)]


_KINDS: Mapping[tuple[str, int], Callable[[Found, Explanation], list[Drawing]]] = {
    ("image", 2): _image,
    ("sound", 1): _sound,
    ("sound", 2): _sound,
    ("text", 1): _text,
    ("text", 2): _page,
    ("series", 1): _series,
    ("series", 2): _series,
    ("table", 1): _table,
    ("board", 2): _board,
}
