"""What happens inside the network, arranged for a page: filters, feature maps, fields, matching items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adapters.grid import Axis, FloatArray
from reports.drawings import AxisMarks, Drawing, Frame, Line, line_path
from reports.grids import axis_title
from reports.inside.relevance import sizes
from reports.inside.spans import Spanned, item_with_spans, match_drawing, span_words
from reports.pictures import coloured, png
from reports.scales import Scale, Tick, axis_ticks
from reports.wording import number
from training.explain.anatomy import Feature, Filters, Match, Stage
from training.explain.explanation import Explanation

SMALL = 0.6  # of a frame's usual size


@dataclass(frozen=True)
class MatchView:
    """A training item that excites a feature."""

    name: str
    label: str
    activation: str
    drawing: Drawing
    where: str


@dataclass(frozen=True)
class FeatureView:
    """A feature map or a filter, drawn."""

    name: str
    drawing: Frame
    matches: Sequence[MatchView]


@dataclass(frozen=True)
class StageView:
    """A stage: its maps, and what one of its cells sees."""

    stage: Stage
    features: Sequence[FeatureView]
    field: Drawing | None
    theoretical: str
    effective: str


def stage_views(explanation: Explanation, axes: Sequence[Axis]) -> list[StageView]:
    """Arrange the stages of an explanation whose item has these axes."""
    return [_stage(stage, explanation, axes) for stage in explanation.stages]


def filter_drawings(filters: Filters | None) -> list[FeatureView]:
    """Draw filters: one channel over two axes as a picture, else kernel × channel."""
    if filters is None:
        return []
    largest = max(float(np.abs(np.asarray(one)).max()) for one in filters.values) or 1.0
    return [
        FeatureView(f"filter {index + 1}", _filter(np.asarray(values, dtype=float), filters, largest), ())
        for index, values in enumerate(filters.values)
    ]


def _filter(values: FloatArray, filters: Filters, largest: float) -> Frame:
    """Cells of the kernel, one block a channel where there are two axes."""
    names = filters.inputs
    while values.ndim > 3:  # of three axes, the middle slice along the first
        values = values[len(values) // 2]
    two = values.ndim > 2
    cells = np.concatenate(list(np.moveaxis(values, -1, 0)), axis=1) if two else values.T
    title = "column" + (f" of {', '.join(names)}" if len(names) > 1 else "") if two else "cell"
    rows, columns = cells.shape
    unit = min(100 / columns, 60 / rows)
    across = Axis.counted("column", columns)
    return Frame(
        alt=f"filter of {' × '.join(map(str, values.shape))} weights, from {number(float(values.min()))} "
        f"to {number(float(values.max()))}",
        x=AxisMarks(title if len(title) < 24 else title[:23] + "…", axis_ticks(across, 3)),
        y=AxisMarks("row" if two else "channel", ()),
        width=max(24.0, columns * unit),
        height=max(12.0, rows * unit),
        image=png(coloured(cells, -largest, largest, "PuOr")),
    )


def _stage(stage: Stage, explanation: Explanation, axes: Sequence[Axis]) -> StageView:
    cells = [Axis.from_json(axis) for axis in stage.axes]
    fields = [Spanned("can see", stage.theoretical)]
    if stage.effective:
        fields.append(Spanned("looks at", stage.effective))
    return StageView(
        stage,
        [_feature(feature, cells, explanation, axes) for feature in stage.features],
        item_with_spans(explanation, axes, fields),
        span_words(axes, stage.theoretical),
        span_words(axes, stage.effective) if stage.effective else "nothing: it has no gradient here",
    )


def _feature(feature: Feature, cells: Sequence[Axis], explanation: Explanation, axes: Sequence[Axis]) -> FeatureView:
    values = np.asarray(feature.values, dtype=float)
    drawing = _curve(values, cells[0], feature) if values.ndim == 1 else _map(values, cells, feature)
    return FeatureView(
        f"channel {feature.channel + 1}", drawing, [_match(match, explanation, axes) for match in feature.matches]
    )


def _curve(values: FloatArray, axis: Axis, feature: Feature) -> Frame:
    scale = Scale.around(values.tolist())
    width, height = SMALL * 164, SMALL * 90
    return Frame(
        alt=_alt(values, feature),
        x=AxisMarks(axis_title(axis), Scale(*sorted((axis.edges[0], axis.edges[-1]))).ticks(3)),
        y=AxisMarks("", scale.ticks(3)),
        width=width,
        height=height,
        lines=[Line(line_path(values, scale, width, height))],
    )


def _map(values: FloatArray, cells: Sequence[Axis], feature: Feature) -> Frame:
    while values.ndim > 2:  # of three axes, the middle slice along the first
        values = values[len(values) // 2]
    rows, columns = cells[-2:]
    if rows.name == "time" and columns.name != "time":
        rows, columns, values = columns, rows, values.T
    upwards = rows.unit == "Hz"
    low, high = float(values.min()), float(values.max())
    colours = "PuOr" if low < 0 < high else "viridis"
    low, high = (-max(high, -low), max(high, -low)) if colours == "PuOr" else (low, high)
    width, height = sizes(rows, columns)
    ticks = axis_ticks(rows, 3)
    return Frame(
        alt=_alt(values, feature),
        x=AxisMarks(axis_title(columns), axis_ticks(columns, 3)),
        y=AxisMarks(axis_title(rows), ticks if upwards else [Tick(1 - tick.at, tick.text) for tick in ticks]),
        width=SMALL * width,
        height=SMALL * height,
        image=png(coloured(values[::-1] if upwards else values, low, high, colours)),
    )


def _alt(values: FloatArray, feature: Feature) -> str:
    size = " × ".join(map(str, values.shape))
    low, high = number(float(values.min())), number(float(values.max()))
    return f"feature map of channel {feature.channel + 1}: {size} cells, from {low} to {high}"


def _match(match: Match, explanation: Explanation, axes: Sequence[Axis]) -> MatchView:
    shown = explanation.gallery[match.item]
    named = [axis.labels and axis.name == "column" for axis in axes]
    own = [
        axis if keep else Axis(axis.name, axis.unit, whole)
        for axis, keep, whole in zip(axes, named, match.whole, strict=True)
    ]
    return MatchView(
        shown.name,
        shown.label,
        number(match.activation),
        match_drawing(shown.preview, own, match.spans),
        span_words(own, match.spans),
    )
