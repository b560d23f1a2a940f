"""Where in a network there are feature maps, and where their cells lie on the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import zoo
from adapters.grid import FloatArray, redistribute
from zoo.receptive import Field

Edges = tuple[NDArray[np.float64], ...]


@dataclass(frozen=True)
class Part:
    """A layer whose output keeps cells.

    Parameters
    ----------
    layer : str
    edges : tuple of ndarray
        Borders of its cells along each axis, in cells of the grid.
    field : Field
        What its cells see.
    """

    layer: str
    edges: Edges
    field: Field

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return tuple(len(edges) - 1 for edges in self.edges)

    def on_grid(self, values: FloatArray, spatial: tuple[int, ...]) -> FloatArray:
        """Spread amounts of the layer's cells over the grid's cells; the total is preserved."""
        for dimension, edges in enumerate(self.edges):
            target = np.arange(spatial[dimension] + 1, dtype=float)
            values = redistribute(values, dimension, edges, target)
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
    parts = {name: _part(name, field, model, spatial) for name, field in fields.items()}
    stages = tuple(Place(n, (part,)) for n, part in parts.items() if part and n not in last and n.startswith("stage"))
    pooled = tuple(part for name in last if (part := parts[name]))
    usable = not any(stage.resolves for stage in stages) and pooled
    return stages, Place("before pooling", pooled) if usable else None


def _before_cells_end(model: Any, rank: int) -> list[str]:
    """Name the layers that are pooled over all cells or flattened."""
    ends = [op for op in model.operations if type(op).__name__.startswith(("Global", "Flatten"))]
    names = [op.input._keras_history.operation.name for op in ends if len(op.input.shape) == rank + 2]
    return [name for name in dict.fromkeys(names) if not (name.startswith("stage") and name[5:].isdigit())]


def _part(name: str, field: Field, model: Any, spatial: tuple[int, ...]) -> Part | None:
    """Place a layer's cells on the grid; None if its axes are not the grid's."""
    shape = tuple(model.get_layer(name).output.shape[1:-1])
    if len(shape) != len(spatial) or shape != tuple(len(spans) for spans in field.spans):
        return None
    axes = range(len(spatial))
    return Part(name, tuple(_edges(field, axis, shape[axis], spatial[axis]) for axis in axes), field)


def _edges(field: Field, axis: int, count: int, length: int) -> NDArray[np.float64]:
    """Half a stride to either side of the middle of what each cell sees, inside the grid."""
    size, stride, start = field.size[axis], field.stride[axis], field.start[axis]
    middles = start + size / 2 + stride * np.arange(count)
    edges = np.clip(np.append(middles - stride / 2, middles[-1] + stride / 2), 0, length)
    # One cell stands for the whole axis; and so do all together where their middles lie in the padding.
    even = np.linspace(0, length, count + 1)
    return even if count == 1 or not np.all(np.diff(edges) > 0) else edges


def deepest(stages: tuple[Place, ...], pooled: Place | None) -> Place | None:
    """Choose the place that the class is read from: the last that still tells cells apart."""
    return next((stage for stage in reversed(stages) if stage.resolves), pooled)


def most_active(values: FloatArray) -> tuple[int, ...]:
    """Cell of a feature map ``(*cells, channels)`` or ``(*cells)`` with the largest value."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(values)), values.shape))
