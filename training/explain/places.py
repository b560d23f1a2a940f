"""Where in a network there are feature maps, and where their cells lie on the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import zoo
from adapters.grid import FloatArray, redistribute
from zoo.receptive import Field


@dataclass(frozen=True)
class Part:
    """A layer whose output keeps cells.

    Parameters
    ----------
    layer : str
    edges : tuple of ndarray
        Borders of its cells along each axis, in cells of the grid.
    shares : tuple of ndarray
        For each axis, how a cell's amount is shared by the grid's cells: rows that sum to 1.
    field : Field
        What its cells see.
    """

    layer: str
    edges: tuple[FloatArray, ...]
    shares: tuple[FloatArray, ...]
    field: Field

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return tuple(len(edges) - 1 for edges in self.edges)

    def on_grid(self, values: FloatArray) -> FloatArray:
        """Spread amounts of the layer's cells over the grid's cells; the total is preserved."""
        for dimension, shares in enumerate(self.shares):
            values = np.moveaxis(np.tensordot(values, shares, axes=(dimension, 0)), -1, dimension)
        return values


@dataclass(frozen=True)
class Place:
    """Where feature maps are read: a stage's tap, or all layers before the cells are given up."""

    name: str
    parts: tuple[Part, ...]

    @property
    def resolves(self) -> bool:
        """Whether it tells cells apart along each axis that has any."""
        return all(max(part.shape) > 1 for part in self.parts)

    def localises(self, spatial: tuple[int, ...]) -> bool:
        """Whether its cells see at most half of each axis: one that sees everything cannot say where."""
        sizes = [pair for part in self.parts for pair in zip(part.field.size, spatial, strict=True)]
        return all(2 * seen <= length for seen, length in sizes if length > 1)


def places(architecture: zoo.Architecture, grid: zoo.Grid, model: Any) -> tuple[tuple[Place, ...], Place | None]:
    """Find the stages that keep cells; if none does, the layers whose cells the network gives up.

    Returns
    -------
    stages : tuple of Place
    pooled : Place or None
        None where a stage keeps cells, or where no layer does.
    """
    spatial = grid.shape if grid.vocabulary_size else grid.shape[:-1]
    last = _before_cells_end(model, len(spatial))
    fields = zoo.receptive_fields(architecture, grid, layers=last)
    fitting = {name: field for name, field in fields.items() if _fits(name, field, model)}
    stages = tuple(Place(n, (_stage(n, f, spatial),)) for n, f in fitting.items() if n not in last)
    windows = tuple(_window(name, fitting[name], spatial) for name in last if name in fitting)
    usable = windows and not any(stage.resolves for stage in stages)
    return stages, Place("before pooling", windows) if usable else None


def _before_cells_end(model: Any, rank: int) -> list[str]:
    """Name the layers that are pooled over all cells or flattened."""
    ends = [op for op in model.operations if type(op).__name__.startswith(("Global", "Flatten"))]
    names = [op.input._keras_history.operation.name for op in ends if len(op.input.shape) == rank + 2]
    return [name for name in dict.fromkeys(names) if not (name.startswith("stage") and name[5:].isdigit())]


def _fits(name: str, field: Field, model: Any) -> bool:
    """Whether a layer's axes are those of the grid."""
    shape = tuple(model.get_layer(name).output.shape[1:-1])
    return len(shape) == len(field.size) and shape == tuple(len(spans) for spans in field.spans)


def _stage(name: str, field: Field, spatial: tuple[int, ...]) -> Part:
    """Lay a stage's cells over the grid, one stride each, as maps are commonly enlarged."""
    edges = tuple(_edges(field, axis, length) for axis, length in enumerate(spatial))
    shares = tuple(
        redistribute(np.eye(len(own) - 1), 1, own, np.arange(length + 1.0))
        for own, length in zip(edges, spatial, strict=True)
    )
    return Part(name, edges, shares, field)


def _window(name: str, field: Field, spatial: tuple[int, ...]) -> Part:
    """Give what a window over the grid found to all cells of the window: filters of n words answer to n words."""
    edges = tuple(_edges(field, axis, length) for axis, length in enumerate(spatial))
    seen = [
        np.array([[span.start <= cell < span.stop for cell in range(length)] for span in spans], dtype=float)
        for spans, length in zip(field.spans, spatial, strict=True)
    ]
    return Part(name, edges, tuple(rows / rows.sum(axis=1, keepdims=True) for rows in seen), field)


def _edges(field: Field, axis: int, length: int) -> FloatArray:
    """Half a stride to either side of the middle of what each cell sees, inside the grid."""
    size, stride, start, count = field.size[axis], field.stride[axis], field.start[axis], len(field.spans[axis])
    middles = start + size / 2 + stride * np.arange(count)
    edges = np.clip(np.append(middles - stride / 2, middles[-1] + stride / 2), 0, length)
    # One cell stands for the whole axis; and so do all together where their middles lie in the padding.
    even = np.linspace(0, length, count + 1)
    return even if count == 1 or not np.all(np.diff(edges) > 0) else edges


def deepest(stages: tuple[Place, ...], pooled: Place | None, spatial: tuple[int, ...]) -> Place | None:
    """Choose where maps are read that shall say where: the last place that can, or else the last that tells cells apart."""
    resolving = [stage for stage in reversed(stages) if stage.resolves]
    return next((stage for stage in resolving if stage.localises(spatial)), resolving[0] if resolving else pooled)


def most_active(values: FloatArray) -> tuple[int, ...]:
    """Cell of a feature map ``(*cells, channels)`` or ``(*cells)`` with the largest value."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(values)), values.shape))
