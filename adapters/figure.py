"""One item's grid as a Plotly figure, with the names, units and edges of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.grid import Axis, GridSpec

Figure = Any  # plotly.graph_objects.Figure; Plotly has no types
MOST_LINES = 8  # channels that lines, or maps below each other, tell apart
MOST_LABELS = 60  # names of cells that fit along an axis


def draw(grid: NDArray[Any], spec: GridSpec, axes: Sequence[Axis]) -> Figure:
    """Draw a grid: ids and named cells as a strip or bars, few channels as lines, the rest as heat maps.

    Of many channels on two axes, such as the characters of a page, each cell shows the
    name of its strongest.

    Parameters
    ----------
    grid : ndarray, shape ``spec.shape``
    spec : GridSpec
    axes : sequence of Axis
        The item's own, as `adapters.base.Adapter.axes_for` gives them.

    Returns
    -------
    plotly.graph_objects.Figure
        Of a grid with three axes the middle slice along the first is drawn.
    """
    if spec.vocabulary:
        return _strip(grid, spec, axes[0])
    if len(axes) == 1 and len(spec.channels) <= MOST_LINES:
        return _lines(grid, spec, axes[0])
    if len(axes) == 1:
        names = Axis.counted("channel", len(spec.channels), spec.channels)
        return _heat_maps(grid[..., None], spec, (axes[0], names), ("",))
    middle = grid[tuple(size // 2 for size in grid.shape[:-3])]
    if len(spec.channels) > MOST_LINES:
        return _strongest(middle, spec, (axes[-2], axes[-1]))
    return _heat_maps(middle, spec, (axes[-2], axes[-1]), spec.channels)


def title(name: str, unit: str) -> str:
    """Name an axis or a quantity with its unit."""
    return f"{name} ({unit})" if unit else name


def _middles(axis: Axis) -> NDArray[np.float64]:
    edges = np.asarray(axis.edges)
    return np.asarray((edges[1:] + edges[:-1]) / 2)


def _described(axis: Axis) -> dict[str, Any]:
    described: dict[str, Any] = {"title": title(axis.name, axis.unit)}
    if axis.labels and axis.size <= MOST_LABELS:
        described |= {"tickvals": _middles(axis).tolist(), "ticktext": list(axis.labels)}
    return described


def _strip(ids: NDArray[Any], spec: GridSpec, axis: Axis) -> Figure:
    from plotly import graph_objects as plotly

    names = [[spec.vocabulary[i] for i in ids.tolist()]]
    # Neighbouring ids have nothing in common: the colour only tells one from another.
    cells = plotly.Heatmap(z=[ids], x=list(axis.edges), text=names, texttemplate="%{text}", showscale=False)
    return plotly.Figure(cells, {"xaxis": _described(axis), "yaxis": {"visible": False}, "title": spec.describe()})


def _lines(grid: NDArray[Any], spec: GridSpec, axis: Axis) -> Figure:
    from plotly import graph_objects as plotly

    kind = plotly.Bar if axis.labels else plotly.Scatter
    traces = [
        kind(x=_middles(axis), y=values, name=channel) for channel, values in zip(spec.channels, grid.T, strict=True)
    ]
    layout = {"xaxis": _described(axis), "yaxis": {"title": title(spec.quantity, spec.unit)}, "title": spec.describe()}
    return plotly.Figure(traces, layout)


def _strongest(grid: NDArray[Any], spec: GridSpec, axes: tuple[Axis, Axis]) -> Figure:
    from plotly import graph_objects as plotly

    values, names = grid.max(axis=-1), np.asarray(spec.channels, dtype=object)[grid.argmax(axis=-1)]
    cells = plotly.Heatmap(
        z=values, x=list(axes[1].edges), y=list(axes[0].edges), text=np.where(values > 0, names, "").tolist(),
        texttemplate="%{text}", colorbar={"title": title(spec.quantity, spec.unit)}, colorscale="Viridis",
    )  # fmt: skip
    down = {**_described(axes[0]), "autorange": "reversed"}
    return plotly.Figure(cells, {"xaxis": _described(axes[1]), "yaxis": down, "title": spec.describe()})


def _heat_maps(grid: NDArray[Any], spec: GridSpec, axes: tuple[Axis, Axis], channels: Sequence[str]) -> Figure:
    from plotly import graph_objects as plotly
    from plotly.subplots import make_subplots

    down, across = axes
    if down.name == "time":  # time runs from left to right
        down, across, grid = across, down, grid.swapaxes(0, 1)
    figure = make_subplots(rows=len(channels), cols=1, subplot_titles=channels, shared_xaxes=True)
    for number, channel in enumerate(np.moveaxis(grid, -1, 0), start=1):
        cells = plotly.Heatmap(z=channel, x=list(across.edges), y=list(down.edges), coloraxis="coloraxis")
        figure.add_trace(cells, number, 1)
        # Rows of a picture, a page or a board are counted downwards; frequencies grow upwards.
        upwards = down.unit not in ("", "px", "cell")
        figure.update_yaxes(autorange=True if upwards else "reversed", row=number, **_described(down))
    figure.update_xaxes(row=len(channels), **_described(across))
    bar = {"title": title(spec.quantity, spec.unit)}
    figure.update_layout(title=spec.describe(), coloraxis={"colorscale": "Viridis", "colorbar": bar})
    return figure
