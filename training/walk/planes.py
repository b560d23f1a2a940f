"""Maps of a size that a page can hold: every n-th cell, or the part around one cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from adapters.grid import Axis, FloatArray, GridSpec
from training.explain.rounding import rounded
from training.walk.maps_record import Plane

MOST_CELLS = {1: 192, 2: 40}  # along an axis, for maps of so many axes
SMALL_CELLS = {1: 64, 2: 24}
GRID_CELLS = {1: 1024, 2: 128}


def rows_and_columns(values: Any) -> FloatArray:
    """Give a map rows and columns: what has one axis, or none, is one row."""
    array = np.asarray(values, dtype=float)
    return array if array.ndim == 2 else array.reshape(1, -1)


def two(sizes: Any, first: int = 1) -> list[int]:
    """Sizes along rows and columns, from those along one axis or two."""
    found = [int(size) for size in sizes]
    return found if len(found) == 2 else [first, *found]


def whole(values: Any, most: dict[int, int] = MOST_CELLS) -> Plane:
    """Show all of a map, every n-th cell where it is large."""
    array = rows_and_columns(values)
    limit = most[1 if array.shape[0] == 1 else 2]
    every = [-(-size // limit) for size in array.shape]
    return Plane(rounded(array[:: every[0], :: every[1]]), list(array.shape), [0, 0], every)


def part(values: Any, first: list[int], last: list[int]) -> Plane:
    """Show the cells of a map from one to another, the last excluded."""
    array = rows_and_columns(values)
    start = [max(0, low) for low in first]
    return Plane(rounded(array[start[0] : last[0], start[1] : last[1]]), list(array.shape), start, [1, 1])


def shortened_grid(values: Any, spec: GridSpec) -> tuple[list[Any], GridSpec]:
    """Keep every n-th cell of a large grid, with axes that say where those lie."""
    limit = GRID_CELLS[min(2, len(spec.axes))]
    every = [1 if axis.labels else -(-axis.size // limit) for axis in spec.axes]
    kept = np.asarray(values)[tuple(slice(None, None, step) for step in every)]
    axes = tuple(_shortened(axis, step) for axis, step in zip(spec.axes, every, strict=True))
    return rounded(kept), replace(spec, axes=axes)


def _shortened(axis: Axis, every: int) -> Axis:
    if every == 1:
        return axis
    return Axis(axis.name, axis.unit, (*axis.edges[:-1:every], axis.edges[-1]))
