"""Size and cost of a network: parameters and multiply–accumulates, without allocating a weight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zoo.architecture import Architecture
from zoo.building import build
from zoo.errors import ZooError
from zoo.grid import GridLike
from zoo.registry import architecture, names


@dataclass(frozen=True)
class Size:
    """What a network costs.

    Parameters
    ----------
    parameters : int
        Trainable ones.
    total : int
        With the moving statistics of batch normalisation.
    macs : int
        Multiply–accumulates for one grid, by the usual convention: convolutions and
        dense layers only, biases, pooling, normalisation and embeddings not counted.
    """

    parameters: int
    total: int
    macs: int

    @classmethod
    def of(cls, layers: Sequence[LayerSize]) -> Size:
        """Add layers up."""
        return cls(
            sum(layer.parameters for layer in layers),
            sum(layer.total for layer in layers),
            sum(layer.macs for layer in layers),
        )


@dataclass(frozen=True)
class LayerSize:
    """What one layer of a network costs.

    Parameters
    ----------
    name, kind : str
        Name in the model, and Keras' class.
    output : tuple of int
        Shape for one grid.
    parameters, total, macs : int
        As in `Size`.
    """

    name: str
    kind: str
    output: tuple[int, ...]
    parameters: int
    total: int
    macs: int

    @property
    def activation_bytes(self) -> int:
        """Memory of the output for one grid, in 32-bit floats."""
        return 4 * math.prod(self.output)


def _elements(weights: list[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _macs(layer: Any) -> int:
    """Each output cell of a convolution costs its kernel; each output cell of a dense layer its row."""
    if not type(layer).__name__.startswith(("Conv", "Dense", "DepthwiseConv")):
        return 0
    cells: int = math.prod(layer.output.shape[1:-1])
    weights: int = math.prod(layer.kernel.shape)
    return cells * weights


def layers(arch: Architecture | str, grid: GridLike, outputs: int) -> list[LayerSize]:
    """List the layers of a network with what each costs, in the order of the model.

    Parameters
    ----------
    arch, grid, outputs
        As for `zoo.build`.

    Returns
    -------
    list of LayerSize

    Raises
    ------
    ZooError
        If the network cannot be drawn on the grid.

    Examples
    --------
    >>> from zoo import Grid
    >>> [layer.parameters for layer in layers("lenet5", Grid((32, 32, 1)), 10) if layer.kind == "Conv2D"]
    [156, 2416]
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        return layers_of(build(arch, grid, outputs))


def layers_of(model: Any) -> list[LayerSize]:
    """List the layers of a network that is built already."""
    return [
        LayerSize(
            layer.name,
            type(layer).__name__,
            tuple(layer.output.shape[1:]),
            _elements(layer.trainable_weights),
            _elements(layer.weights),
            _macs(layer),
        )
        for layer in model.layers
    ]


def measure(arch: Architecture | str, grid: GridLike, outputs: int) -> Size:
    """Add up what `layers` lists; parameters and errors are the same.

    Examples
    --------
    >>> from zoo import Grid
    >>> measure("lenet5", Grid((32, 32, 1)), 10)
    Size(parameters=61706, total=61706, macs=416520)
    """
    return Size.of(layers(arch, grid, outputs))


def variants(
    pattern: str = "*", grid: GridLike | None = None, max_params: int | None = None, outputs: int = 10
) -> list[str]:
    """List variants that can be drawn on a grid and are no larger than asked.

    Parameters
    ----------
    pattern : str
        Shell pattern, such as ``"resnet*"``.
    grid : Grid, optional
        Only those that can be drawn on it.
    max_params : int, optional
        Only those with at most so many trainable parameters on ``grid``.
    outputs : int
        Number of classes, which the size of the last layer depends on.

    Returns
    -------
    list of str
        Names, sorted.

    Raises
    ------
    ZooError
        If ``max_params`` is given without a grid to count on.

    Examples
    --------
    >>> from zoo import Grid
    >>> variants("res8*", grid=Grid((101, 40, 1)), max_params=50_000)
    ['res8-narrow']
    """
    if grid is None:
        if max_params is not None:
            raise ZooError("variants: expected a grid beside max_params; parameters depend on it")
        return names(pattern)
    fitting = [name for name in names(pattern) if not architecture(name).supports(grid)]
    if max_params is None:
        return fitting
    return [name for name in fitting if measure(name, grid, outputs).parameters <= max_params]
