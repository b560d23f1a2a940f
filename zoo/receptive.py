"""Receptive fields: which cells of a grid each cell of a stage sees, read off the layers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.architecture import Architecture
from zoo.building import build
from zoo.grid import GridLike


@dataclass(frozen=True)
class Field:
    """What the cells of a stage see.

    Parameters
    ----------
    channels : int
        Channels of the stage.
    size : tuple of int
        Cells of the grid that a cell depends on, an axis; padding counts, so that it
        may exceed the grid.
    stride : tuple of int
        Cells of the grid from one cell to the next, an axis.
    start : tuple of int
        Where on the grid the field of the stage's first cell starts, an axis;
        negative where it starts in the padding.
    spans : tuple of (tuple of range)
        For each axis and each cell of the stage along it, the cells of the grid that
        it sees: without padding, and without what a pool drops at the end of an axis.
    """

    channels: int
    size: tuple[int, ...]
    stride: tuple[int, ...]
    start: tuple[int, ...]
    spans: tuple[tuple[range, ...], ...]

    def seen(self, cell: tuple[int, ...]) -> tuple[range, ...]:
        """Give the cells of the grid that one cell of the stage sees, along each axis.

        Examples
        --------
        >>> from zoo import Grid
        >>> receptive_fields("resnet8", Grid((28, 28, 1)))["stage1"].seen((0, 14))
        (range(0, 4), range(11, 18))
        """
        return tuple(spans[place] for spans, place in zip(self.spans, cell, strict=True))


@dataclass(frozen=True)
class _Axis:
    """Fields along one axis: by the formula, and exactly: first and last cell that each cell sees."""

    size: int
    stride: int
    start: int
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @classmethod
    def of(cls, length: int) -> _Axis:
        """Make the axis of the grid itself, where a cell sees itself."""
        return cls(1, 1, 0, np.arange(length), np.arange(length))

    @property
    def length(self) -> int:
        return len(self.first)

    def window(self, length: int, kernel: int, dilation: int, step: int, before: int) -> _Axis:
        """Slide a window with ``before`` cells of padding along the axis."""
        taps = np.arange(length)[:, None] * step - before + np.arange(kernel) * dilation
        padding = (taps < 0) | (taps >= self.length)
        cells = np.where(padding, 0, taps)
        return _Axis(
            self.size + (kernel - 1) * dilation * self.stride,
            self.stride * step,
            self.start - before * self.stride,
            np.where(padding, NEVER, self.first[cells]).min(axis=1),
            np.where(padding, -1, self.last[cells]).max(axis=1),
        )

    def whole(self) -> _Axis:
        """Reduce the axis to one cell."""
        size, stride = self.size + (self.length - 1) * self.stride, self.length * self.stride
        return _Axis(size, stride, self.start, self.first.min(keepdims=True), self.last.max(keepdims=True))


NEVER = 2**40  # a cell that sees nothing but padding starts here
State = tuple[_Axis, ...]


def _before(layer: Any, state: State, spans: tuple[int, ...], strides: tuple[int, ...]) -> tuple[int, ...]:
    """Cells of padding before each axis: TensorFlow's rule for ``same``."""
    if layer.padding != "same":
        return (0,) * len(state)
    axes = zip((axis.length for axis in state), spans, strides, strict=True)
    return tuple(max((-(-n // s) - 1) * s + span - n, 0) // 2 for n, span, s in axes)


def _margins(layer: Any) -> tuple[int, ...]:
    """Cells that a layer adds before each axis, or takes away if negative."""
    pads = type(layer).__name__.startswith("ZeroPadding")
    if pads and layer.data_format == "channels_first":  # it pads channels: the spatial axes stay as they are
        return (0,) * (len(layer.output.shape) - 2)
    sides = layer.padding if pads else layer.cropping
    pairs = sides if isinstance(sides[0], tuple | list) else (sides,)
    return tuple(before if pads else -before for before, _ in pairs)


def _after(layer: Any, state: State, lengths: tuple[int, ...]) -> State:
    """Give the fields after a layer whose input has these spatial axes."""
    kind = type(layer).__name__
    if kind.startswith(("Global", "Flatten")):
        return tuple(axis.whole() for axis in state)
    if lengths != tuple(axis.length for axis in state):
        return state  # a map of cells × channels, or cells that a dense layer made: nothing slides over the grid
    ones = (1,) * len(state)
    if kind.startswith(("Conv", "DepthwiseConv")):
        kernels, dilations, strides = layer.kernel_size, layer.dilation_rate, layer.strides
    elif kind.startswith(("MaxPooling", "AveragePooling")):
        kernels, dilations, strides = layer.pool_size, ones, layer.strides
    elif kind.startswith(("ZeroPadding", "Cropping")):
        kernels, dilations, strides = ones, ones, ones
    else:
        return state
    spans = tuple((k - 1) * d + 1 for k, d in zip(kernels, dilations, strict=True))
    befores = _margins(layer) if kind.startswith(("Zero", "Crop")) else _before(layer, state, spans, strides)
    windows = zip(state, layer.output.shape[1:-1], kernels, dilations, strides, befores, strict=True)
    return tuple(axis.window(*window) for axis, *window in windows)


def _join(axes: tuple[_Axis, ...]) -> _Axis:
    """Unite what several paths see; a path of one cell is repeated along the axis."""
    length = max(axis.length for axis in axes)
    stride = max(axis.stride for axis in axes if axis.length == length)
    spreads = [(length - axis.length) * stride for axis in axes]
    start = min(axis.start - spread for axis, spread in zip(axes, spreads, strict=True))
    stop = max(axis.start + axis.size + spread for axis, spread in zip(axes, spreads, strict=True))
    first = np.minimum.reduce([np.broadcast_to(axis.first, length) for axis in axes])
    last = np.maximum.reduce([np.broadcast_to(axis.last, length) for axis in axes])
    return _Axis(stop - start, stride, start, first, last)


def receptive_fields(arch: Architecture | str, grid: GridLike, layers: Collection[str] = ()) -> dict[str, Field]:
    """Compute what the stages of a network see.

    Parameters
    ----------
    arch, grid
        As for `zoo.build`.
    layers : collection of str
        Further layers to measure.

    Returns
    -------
    dict of str to Field
        For each tap, and for ``layers``. Where paths join, all that any of them sees; squeeze-and-excitation
        and dense layers see everything.

    Notes
    -----
    The recurrence of Araujo, Norris and Sim (2019), doi:10.23915/distill.00021.

    Examples
    --------
    >>> from zoo import Grid
    >>> field = receptive_fields("vgg16", Grid((224, 224, 3)))["stage5"]
    >>> field.channels, field.size, field.stride, field.start
    (512, (212, 212), (32, 32), (-90, -90))
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = build(arch, grid, outputs=2)
    lengths = grid.shape if grid.vocabulary_size else grid.shape[:-1]
    states: dict[int, State] = {}
    fields: dict[str, Field] = {}
    for layer in model.operations:
        if type(layer).__name__ == "InputLayer":
            states[id(layer.output)] = tuple(_Axis.of(length) for length in lengths)
            continue
        inputs = _listed(layer.input)
        joined = tuple(_join(paths) for paths in zip(*(states[id(tensor)] for tensor in inputs), strict=True))
        spatial = lengths if inputs[0].dtype == "int32" else inputs[0].shape[1:-1]
        after = _after(layer, joined, tuple(spatial))
        states |= {id(tensor): after for tensor in _listed(layer.output)}
        if layer.name in layers or (layer.name.startswith("stage") and layer.name[5:].isdigit()):
            fields[layer.name] = Field(
                int(layer.output.shape[-1]),
                tuple(axis.size for axis in after),
                tuple(axis.stride for axis in after),
                tuple(axis.start for axis in after),
                tuple(tuple(map(range, axis.first.tolist(), (axis.last + 1).tolist())) for axis in after),
            )
    return fields


def _listed(tensors: Any) -> list[Any]:
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]
