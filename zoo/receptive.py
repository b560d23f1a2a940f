"""Receptive fields: how much of a grid each cell of a stage sees, read off the layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zoo.architecture import Architecture
from zoo.building import build
from zoo.grid import GridLike


@dataclass(frozen=True)
class Field:
    """What one cell of a stage sees.

    Parameters
    ----------
    channels : int
        Channels of the stage.
    size : tuple of int
        Cells of the grid that a cell depends on, an axis; padding counts, so that it
        may exceed the grid.
    stride : tuple of int
        Cells of the grid from one cell to the next, an axis.
    """

    channels: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


State = tuple[tuple[int, int], ...]  # size and stride of each axis


def _window(layer: Any) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Give span and stride of a convolution or a pool."""
    kind = type(layer).__name__
    if kind.startswith(("Conv", "DepthwiseConv")):
        pairs = zip(layer.kernel_size, layer.dilation_rate, strict=True)
        return tuple((k - 1) * d + 1 for k, d in pairs), tuple(layer.strides)
    if kind.startswith(("MaxPooling", "AveragePooling")):
        return tuple(layer.pool_size), tuple(layer.strides)
    return None


def _after(layer: Any, before: State, lengths: tuple[int, ...]) -> State:
    window = _window(layer)
    if window is not None:
        axes = zip(before, *window, strict=True)
        return tuple((size + (span - 1) * stride, stride * step) for (size, stride), span, step in axes)
    if type(layer).__name__.startswith(("Global", "Flatten")):
        return tuple((size + (n - 1) * stride, n * stride) for (size, stride), n in zip(before, lengths, strict=True))
    return before


def receptive_fields(arch: Architecture | str, grid: GridLike) -> dict[str, Field]:
    """Compute what the stages of a network see.

    Parameters
    ----------
    arch, grid
        As for `zoo.build`.

    Returns
    -------
    dict of str to Field
        For each tap. Where paths join, the widest counts; squeeze-and-excitation and
        dense layers see all.

    Notes
    -----
    The recurrence of Araujo, Norris and Sim (2019), doi:10.23915/distill.00021.

    Examples
    --------
    >>> from zoo import Grid
    >>> receptive_fields("vgg16", Grid((224, 224, 3)))["stage5"]
    Field(channels=512, size=(212, 212), stride=(32, 32))
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = build(arch, grid, outputs=2)
    axes = 1 if grid.vocabulary_size else len(grid.shape) - 1
    states: dict[int, State] = {}
    fields: dict[str, Field] = {}
    for layer in model.layers:
        inputs = [] if type(layer).__name__ == "InputLayer" else _listed(layer.input)
        before = [states[id(tensor)] for tensor in inputs] or [((1, 1),) * axes]
        widest = tuple(max(options) for options in zip(*before, strict=True))
        lengths = tuple(inputs[0].shape[1 : axes + 1]) if inputs else ()
        after = _after(layer, widest, lengths) if inputs else widest
        states[id(layer.output)] = after
        if layer.name.startswith("stage") and layer.name[5:].isdigit():
            sizes, strides = zip(*after, strict=True)
            fields[layer.name] = Field(int(layer.output.shape[-1]), sizes, strides)
    return fields


def _listed(tensors: Any) -> list[Any]:
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]
