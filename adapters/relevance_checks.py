"""The promises of `adapters.checks` about relevance: none is lost, and it lands where the axes say."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from adapters.case import Case, refused
from adapters.grid import Attribution, Axis


def check_total_is_preserved(case: Case) -> None:
    """Check that all relevance arrives at the item, of either sign, and on padding too."""
    adapter = case.fitted()
    rng = np.random.default_rng(0)
    for item in [*case.train, *case.other]:
        relevance = rng.normal(size=adapter.grid_.spatial)
        attribution = adapter.backproject(relevance, item)
        np.testing.assert_allclose(attribution.total, relevance.sum(), rtol=1e-9, atol=1e-9 * relevance.size)


def check_each_cell_lands_where_its_edges_say(case: Case) -> None:
    """Check that relevance of one cell goes to the regions of the item that the cell's edges touch."""
    adapter = case.fitted()
    rng = np.random.default_rng(0)
    for item in [*case.train, *case.other]:
        axes = adapter.axes_for(item)
        assert tuple(axis.size for axis in axes) == adapter.grid_.spatial, "expected axes of the grid's size"
        for _ in range(5):
            cell = tuple(int(rng.integers(size)) for size in adapter.grid_.spatial)
            relevance = np.zeros(adapter.grid_.spatial)
            relevance[cell] = 1.0
            _require_inside(adapter.backproject(relevance, item), axes, cell, case.repeats)


def check_relevance_of_another_shape(case: Case) -> None:
    """Check that relevance that does not fit the grid is refused."""
    adapter = case.fitted()
    wrong = np.zeros(tuple(size + 1 for size in adapter.grid_.spatial))
    refused(lambda: adapter.backproject(wrong, case.train[0]), ValueError)


def _require_inside(attribution: Attribution, axes: tuple[Axis, ...], cell: tuple[int, ...], repeats: str) -> None:
    """Check that relevance lies where the cell overlaps the item or its repetitions, or at its nearest border.

    Axes of grid and item correspond one by one. Where their numbers differ, each axis of
    the item corresponds to the grid's axes in its unit: a cell that relates two times of
    a series gives relevance to those two times alone. An item's axis whose unit the grid
    has not, such as the columns of a table laid out as a picture, is for the adapter's
    own tests.
    """
    one_by_one = len(attribution.axes) == len(axes)
    for dimension, axis in enumerate(attribution.axes):
        here = [dimension] if one_by_one else [d for d, own in enumerate(axes) if own.unit == axis.unit]
        if not here:
            continue
        others = tuple(d for d in range(len(attribution.axes)) if d != dimension)
        amounts = np.abs(attribution.values).sum(axis=others)
        extents = [axes[d].edges[cell[d] : cell[d] + 2] for d in here]
        extents = extents if axis.name != repeats else [part for e in extents for part in _repeated(axis, e)]
        touched = np.any([_touched(axis, extent) for extent in extents], axis=0)
        outside = amounts[~touched].sum()
        assert outside <= 1e-9, f"{axis.name}: cell {cell} covers {extents}, but {outside} lies outside"


def _repeated(axis: Axis, extent: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Shift an extent beyond an item's end back onto the item, as often as the item was repeated."""
    length = axis.edges[-1] - axis.edges[0]
    if extent[1] <= axis.edges[-1]:
        return [extent]
    times = range(math.ceil(extent[1] / length))
    return [(extent[0] - k * length, extent[1] - k * length) for k in times if extent[0] - k * length <= length]


def _touched(axis: Axis, extent: tuple[float, ...]) -> NDArray[np.bool_]:
    """Tell which cells of an item's axis an extent overlaps, or is nearest to."""
    edges = np.asarray(axis.edges)
    assert edges[0] < edges[-1], "expected an item's own edges to increase"
    low, high = np.clip(np.sort(extent), edges[0], edges[-1])
    return np.asarray((edges[1:] >= low) & (edges[:-1] <= high))
