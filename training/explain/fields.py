"""What a cell of a stage sees of the item: by the layers' arithmetic, and measured."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.base import Adapter
from adapters.grid import Attribution, Axis, FloatArray
from training.explain.anatomy import Span
from training.explain.places import Part
from training.explain.subject import Subject

COPIES, NOISE = 8, 0.1
SIGMAS = 2.0
NOTHING = 1e-12


def seen(adapter: Adapter, item: Any, part: Part, cell: tuple[int, ...]) -> list[Span]:
    """Give the span of the item that a cell depends on, along each of the item's axes."""
    mask = np.zeros(adapter.grid_.spatial)
    mask[tuple(slice(span.start, span.stop) for span in part.field.seen(cell))] = 1.0
    there = adapter.backproject(mask, item)
    return [_hull(axis, amounts) for axis, amounts in _marginals(there)]


def whole_of(adapter: Adapter, item: Any) -> list[Span]:
    """Give where each of the item's axes starts and ends."""
    axes = adapter.backproject(np.zeros(adapter.grid_.spatial), item).axes
    return [_span(axis, 0.0, float(axis.size)) for axis in axes]


def effective(subject: Subject, part: Part, cell: tuple[int, ...]) -> list[Span]:
    """Measure where the gradient of a cell lies on the item, and give two deviations to either side of its mean.

    The gradient's size is averaged over the item and seven noisy copies. Empty if there is
    no gradient.

    References
    ----------
    Luo et al. (2016). Understanding the effective receptive field in deep convolutional
    neural networks. arXiv:1701.04128.
    """
    x = np.concatenate([subject.x[None], subject.noisy(COPIES - 1, NOISE)])
    sizes = np.abs(subject.lens.field(x, part.layer, cell)).sum(axis=(0, -1), dtype=float)
    if sizes.sum() <= NOTHING:
        return []
    there = subject.adapter.backproject(sizes / sizes.sum(), subject.item)
    return [_spread(axis, amounts) for axis, amounts in _marginals(there)]


def stage_axes(part: Part, axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """Say where the cells of a layer lie, in the units of the grid's axes."""
    return tuple(
        Axis(axis.name, axis.unit, tuple(np.interp(edges, np.arange(axis.size + 1), axis.edges).tolist()))
        for axis, edges in zip(axes, part.edges, strict=True)
    )


def _marginals(found: Attribution) -> list[tuple[Axis, FloatArray]]:
    dimensions = range(len(found.axes))
    return [
        (axis, found.values.sum(axis=tuple(other for other in dimensions if other != dimension)))
        for dimension, axis in enumerate(found.axes)
    ]


def _hull(axis: Axis, amounts: FloatArray) -> Span:
    touched = np.flatnonzero(amounts > NOTHING)
    return _span(axis, float(touched[0]), float(touched[-1] + 1))


def _spread(axis: Axis, amounts: FloatArray) -> Span:
    """Two deviations around the mean, counted in cells: bands of a mel scale are not equally wide."""
    middles = np.arange(axis.size) + 0.5
    mean = float((amounts * middles).sum() / amounts.sum())
    # A cell is not a point: its own width has a variance of a twelfth.
    deviation = float(np.sqrt((amounts * (middles - mean) ** 2).sum() / amounts.sum() + 1 / 12))
    return _span(axis, max(0.0, mean - SIGMAS * deviation), min(float(axis.size), mean + SIGMAS * deviation))


def _span(axis: Axis, first: float, last: float) -> Span:
    low, high = np.interp([first, last], np.arange(axis.size + 1), axis.edges)
    return round(float(low), 6), round(float(high), 6)
