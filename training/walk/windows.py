"""Windows of convolutions and poolings: where they lie on a map, and what lies under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.grid import FloatArray

Cell = tuple[int, ...]
Indices = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Window:
    """How a window steps over a map, axis by axis.

    Parameters
    ----------
    size, stride, dilation : tuple of int
    before : tuple of int
        Zeros before the first cell.
    lengths : tuple of int
        Of the map.
    """

    size: Cell
    stride: Cell
    dilation: Cell
    before: Cell
    lengths: Cell

    @classmethod
    def of(cls, layer: Any) -> Window:
        """Read the window of a Keras convolution or pooling; one over everything for global pooling."""
        lengths = tuple(int(size) for size in layer.input.shape[1:-1])
        rank = len(lengths)
        if type(layer).__name__.startswith("Global"):
            return cls(lengths, lengths, (1,) * rank, (0,) * rank, lengths)
        pools = "Pooling" in type(layer).__name__
        size = _sizes(layer.pool_size if pools else layer.kernel_size, rank)
        stride = _sizes(layer.strides, rank)
        dilation = (1,) * rank if pools else _sizes(layer.dilation_rate, rank)
        rows = zip(lengths, size, stride, dilation, strict=True)
        before = tuple(_before(*row) if layer.padding == "same" else 0 for row in rows)
        return cls(size, stride, dilation, before, lengths)

    @property
    def apart(self) -> bool:
        """Whether no cell lies in two windows, and none in the padding."""
        return all(step >= size for step, size in zip(self.stride, self.size, strict=True)) and not any(self.before)

    def start(self, cell: Sequence[int]) -> Cell:
        """First cell under the window of an output cell; negative in the padding."""
        return tuple(at * step - zeros for at, step, zeros in zip(cell, self.stride, self.before, strict=True))

    def indices(self, cell: Sequence[int]) -> list[Indices]:
        """Cells under the window along each axis."""
        rows = zip(self.start(cell), self.size, self.dilation, strict=True)
        return [first + step * np.arange(size) for first, size, step in rows]

    def under(self, values: FloatArray, cell: Sequence[int]) -> FloatArray:
        """Give the cells under a window, zeros in the padding; ``values`` has shape ``(*lengths, channels)``."""
        return picked(values, self.indices(cell))

    def inside(self, values: FloatArray, cell: Sequence[int]) -> FloatArray:
        """Give the cells under a window that the map has; pooling leaves the padding out."""
        kept = [own[(own >= 0) & (own < size)] for own, size in zip(self.indices(cell), self.lengths, strict=True)]
        return np.asarray(values[np.ix_(*kept)])

    def met(self, values: FloatArray, offset: Sequence[int], cells: Sequence[int]) -> FloatArray:
        """Give what one weight of the window meets at each of the output's cells."""
        starts = zip(offset, cells, self.stride, self.before, self.dilation, strict=True)
        return picked(values, [np.arange(n) * step - zeros + gap * at for at, n, step, zeros, gap in starts])


def picked(values: FloatArray, indices: Sequence[Indices]) -> FloatArray:
    """Take cells by their places along each axis; those outside are zero."""
    clipped = [np.clip(own, 0, size - 1) for own, size in zip(indices, values.shape, strict=False)]
    found = np.array(values[np.ix_(*clipped)], dtype=float)
    for dimension, (own, size) in enumerate(zip(indices, values.shape, strict=False)):
        outside = (own < 0) | (own >= size)
        found[(slice(None),) * dimension + (outside,)] = 0.0
    return found


def filter_of(layer: Any, channel: int) -> tuple[list[int], FloatArray]:
    """Give the input channels that a filter reads, and its weights ``(*size, channels)``."""
    kernel = np.asarray(layer.kernel, dtype=float)
    if type(layer).__name__.startswith("Depthwise"):
        multiplier = kernel.shape[-1]
        return [channel // multiplier], kernel[..., channel // multiplier, channel % multiplier][..., None]
    inputs, outputs = kernel.shape[-2:]
    first = channel // (outputs // layer.groups) * inputs
    return list(range(first, first + inputs)), kernel[..., channel]


def bias_of(layer: Any, channel: int) -> float:
    """Give what a layer adds to a channel."""
    return float(np.asarray(layer.bias)[channel]) if layer.use_bias else 0.0


def _sizes(given: Any, rank: int) -> Cell:
    return (int(given),) * rank if isinstance(given, int) else tuple(int(size) for size in given)


def _before(length: int, size: int, stride: int, dilation: int) -> int:
    """Zeros before a map whose padding is ``same``: the smaller half (TensorFlow's rule)."""
    reach = dilation * (size - 1) + 1
    return max((-(-length // stride) - 1) * stride + reach - length, 0) // 2
