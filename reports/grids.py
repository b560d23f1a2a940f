"""Draw a grid as the network sees it, with the names and units of its axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from adapters.grid import Axis, FloatArray, GridSpec
from reports.drawings import (
    PLOT_HEIGHT,
    PLOT_WIDTH,
    AxisMarks,
    Drawing,
    Frame,
    Line,
    Note,
    Stack,
    Tokens,
    bars,
    colour_bar,
    line_path,
)
from reports.pictures import coloured, png
from reports.scales import Scale, Tick, axis_ticks
from reports.wording import number

MOST_TOKENS = 48
MOST_LINES = 6  # channels that lines tell apart; more are drawn as a heat map
MOST_FRAMES = 3
RED_GREEN_BLUE = ({"red", "green", "blue"}, {"r", "g", "b"})


def draw_grid(grid: list[Any], spec: GridSpec) -> Drawing:
    """Draw a grid.

    Ids become tokens; named cells become bars; a few channels along one axis become
    lines; everything else becomes a heat map, red-green-blue channels a picture. Of a
    grid with three axes the middle slice along the first is drawn.

    Parameters
    ----------
    grid : list
        Nested lists of shape ``spec.shape``.
    spec : GridSpec
    """
    values = np.asarray(grid, dtype=float)
    if values.shape != spec.shape:
        return Note(f"expected a grid of shape {spec.shape}, got {values.shape}")
    if spec.vocabulary:
        return _tokens(values.astype(int), spec)
    if len(spec.axes) == 1:
        return _one_axis(values, spec)
    middle = tuple(size // 2 for size in spec.spatial[:-2])
    return _two_axes(values[middle], spec)


def axis_title(axis: Axis) -> str:
    """Name an axis with its unit."""
    return f"{axis.name} ({axis.unit})" if axis.unit else axis.name


def _quantity(spec: GridSpec) -> str:
    return f"{spec.quantity} ({spec.unit})" if spec.unit else spec.quantity


def _alt(values: FloatArray, spec: GridSpec) -> str:
    finite = values[np.isfinite(values)]
    span = f", from {number(float(finite.min()))} to {number(float(finite.max()))}" if finite.size else ""
    return f"grid: {spec.describe()}{span}"


def _tokens(ids: Any, spec: GridSpec) -> Drawing:
    last = int(np.flatnonzero(ids)[-1]) + 1 if ids.any() else 0
    known = [
        (int(i), spec.vocabulary[i] if 0 <= i < len(spec.vocabulary) else "?") for i in ids[: min(last, MOST_TOKENS)]
    ]
    return Tokens(known, hidden=max(0, last - MOST_TOKENS), padding=len(ids) - last)


def _one_axis(values: FloatArray, spec: GridSpec) -> Drawing:
    axis = spec.axes[0]
    if axis.labels and len(spec.channels) == 1:
        cells = values[:, 0]
        return bars(axis.labels, cells, _quantity(spec), [number(cell) for cell in cells.tolist()])
    if len(spec.channels) > MOST_LINES:
        rows = Axis.counted("channel", len(spec.channels), labels=spec.channels)
        return _heat_map(values.T, rows, axis, spec, upwards=False)
    scale = Scale.around(values.ravel().tolist())
    names = spec.channels if len(spec.channels) > 1 else ("",)
    return Frame(
        alt=_alt(values, spec),
        x=AxisMarks(axis_title(axis), axis_ticks(axis)),
        y=AxisMarks(_quantity(spec), scale.ticks(4)),
        lines=[Line(line_path(values[:, index], scale), name) for index, name in enumerate(names)],
    )


def _two_axes(values: FloatArray, spec: GridSpec) -> Drawing:
    rows, columns = spec.axes[-2:]
    if rows.name == "time" and columns.name != "time":  # time runs from left to right
        rows, columns, values = columns, rows, values.swapaxes(0, 1)
    if {name.lower() for name in spec.channels} in RED_GREEN_BLUE:
        return _red_green_blue(values, rows, columns, spec)
    shown = list(enumerate(spec.channels[:MOST_FRAMES]))
    # Over time every quantity rises, coefficients and pitch classes too.
    upwards = rows.unit not in ("", "px") or columns.name == "time"
    frames = [(name, _heat_map(values[..., index], rows, columns, spec, upwards)) for index, name in shown]
    return frames[0][1] if len(spec.channels) == 1 else Stack(frames, len(spec.channels) - len(frames))


def _red_green_blue(values: FloatArray, rows: Axis, columns: Axis, spec: GridSpec) -> Drawing:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    pixels = np.nan_to_num(np.clip((values - low) / ((high - low) or 1.0), 0, 1) * 255)
    return _frame(png(pixels.astype(np.uint8)), values, rows, columns, spec)


def _heat_map(values: FloatArray, rows: Axis, columns: Axis, spec: GridSpec, upwards: bool) -> Frame:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    colour_map = _colour_map(low, high, rows, spec)
    if colour_map == "PuOr":
        high = max(high, -low)
        low = -high
    scale = Scale(low, high) if high > low else Scale(low - 0.5, low + 0.5)
    image = png(coloured(values[::-1] if upwards else values, scale.low, scale.high, colour_map))
    return _frame(image, values, rows, columns, spec, upwards, colour_bar(scale, colour_map, _quantity(spec)))


def _colour_map(low: float, high: float, rows: Axis, spec: GridSpec) -> str:
    if low < 0 < high and spec.unit != "dB":
        return "PuOr"
    return "grey" if rows.unit == "px" else "viridis"


def _frame(
    image: str, values: FloatArray, rows: Axis, columns: Axis, spec: GridSpec, upwards: bool = False, bar: Any = None
) -> Frame:
    width, height = PLOT_WIDTH, PLOT_HEIGHT
    if rows.unit == columns.unit:  # cells are then squares
        scale = min(PLOT_WIDTH / columns.size, 1.4 * PLOT_HEIGHT / rows.size)
        width, height = max(40.0, columns.size * scale), max(14.0, rows.size * scale)
    down = axis_ticks(rows, most=max(2, min(rows.size, math.floor(height / 24))))
    ticks = down if upwards else [Tick(1 - tick.at, tick.text) for tick in down]
    return Frame(
        alt=_alt(values, spec),
        x=AxisMarks(axis_title(columns), axis_ticks(columns)),
        y=AxisMarks(axis_title(rows), ticks),
        width=width,
        height=height,
        image=image,
        bar=bar,
    )
