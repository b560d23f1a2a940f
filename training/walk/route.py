"""The way through a Keras graph: its first convolution, what follows, its head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PASSED = ("Identity", "Dropout", "ZeroPadding1D", "ZeroPadding2D")  # they change no number when a network is used
NORMALISES = ("BatchNormalization",)
ACTIVATES = ("Activation", "ReLU", "LeakyReLU")
CONVOLVES = ("Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D")


@dataclass(frozen=True)
class Link:
    """A layer on the way, and how many layers before it are not shown."""

    layer: Any
    skipped: int = 0


@dataclass(frozen=True)
class Route:
    """What a walk passes.

    Parameters
    ----------
    conv : layer or None
        The first convolution.
    prepared : tuple of layer
        What lies before it.
    links : tuple of Link
        What normalises, activates and pools: those that follow the convolution in a single
        row, then the first activation and the first pooling further on, if the row has none.
    row : int
        How many of the links stand in the row.
    dense : tuple of layer
        The fully connected layers of the head, in their order.
    features : layer or None
        What the first of them reads.
    last : layer
        What gives the outputs.
    """

    conv: Any
    prepared: tuple[Any, ...]
    links: tuple[Link, ...]
    row: int
    dense: tuple[Any, ...]
    features: Any
    last: Any


def route(model: Any, start: Any) -> Route:
    """Read the way through a model from where its input is first a tensor of numbers.

    Parameters
    ----------
    model : keras.Model
    start : KerasTensor
        As `training.explain.lens.narrowest` finds it.
    """
    operations = list(model.operations)
    conv = next((one for one in operations if kind(one) in CONVOLVES), None)
    last = source(model.output)
    before = [one for one in operations if one is not last]  # a last layer that pools lets the cells vote
    row = list(_row(conv, before)) if conv is not None else []
    found = [_later(wanted, conv, row, before) for wanted in (activates, pools)]
    later = sorted((one for one in found if one), key=lambda one: one.skipped)
    dense, features = _head(model)
    prepared = tuple(_between(start, conv)) if conv is not None else ()
    return Route(conv, prepared, (*map(Link, row), *later), len(row), dense, features, last)


def kind(layer: Any) -> str:
    """Name a layer's class."""
    return type(layer).__name__


def source(tensor: Any) -> Any:
    """Give the layer that a tensor comes from."""
    return tensor._keras_history.operation


def activates(layer: Any) -> bool:
    """Whether a layer bends each cell of a map by itself."""
    return kind(layer) in ACTIVATES and len(layer.output.shape) > 2


def pools(layer: Any) -> bool:
    """Whether a layer makes one cell of several, and gives the cells on."""
    name = kind(layer)
    if name.startswith("Global"):
        return not layer.keepdims  # others squeeze, to weigh channels
    sizes = getattr(layer, "pool_size", (1,)) if name.startswith(("MaxPooling", "AveragePooling")) else (1,)
    return any(size > 1 for size in ((sizes,) if isinstance(sizes, int) else sizes))


def _row(conv: Any, operations: list[Any]) -> Iterator[Any]:
    """Follow the convolution while a single layer reads what the last one gave."""
    known, layer, pooled = set(map(id, operations)), conv, False
    while True:
        # A layer that other models share has a node for each of them: what counts is who reads.
        readers = {id(node.operation): node.operation for node in layer._outbound_nodes if id(node.operation) in known}
        if len(readers) != 1:
            return
        layer = next(iter(readers.values()))
        if kind(layer) in PASSED:
            continue
        if not (kind(layer) in NORMALISES or activates(layer) or (pools(layer) and not pooled)):
            return
        pooled = pooled or pools(layer)
        yield layer


def _later(wanted: Any, conv: Any, row: list[Any], operations: list[Any]) -> Link | None:
    """Find the first layer of a sort that comes after the row, if the row has none."""
    if conv is None or any(wanted(layer) for layer in row):
        return None
    after = operations[operations.index(row[-1] if row else conv) + 1 :]
    after = [layer for layer in after if kind(layer) not in PASSED]
    return next((Link(layer, place) for place, layer in enumerate(after) if wanted(layer)), None)


def _between(start: Any, conv: Any) -> list[Any]:
    """List the layers from a tensor to a convolution that change numbers."""
    found: list[Any] = []
    tensor = conv.input
    while tensor is not start and kind(source(tensor)) != "InputLayer":
        layer = source(tensor)
        if kind(layer) not in PASSED:
            found.insert(0, layer)
        if isinstance(layer.input, list | tuple):
            return found
        tensor = layer.input
    return found


def _head(model: Any) -> tuple[tuple[Any, ...], Any]:
    """Go back from the outputs through fully connected layers to what they read."""
    dense: list[Any] = []
    layer = source(model.output)
    while kind(layer) == "Dense" or kind(layer) in PASSED:
        if len(layer.input.shape) != 2:
            break
        if kind(layer) == "Dense":
            dense.insert(0, layer)
        layer = source(layer.input)
    return tuple(dense), layer if dense else None
