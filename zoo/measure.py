"""Size and cost of a network: parameters and multiply–accumulates, without allocating a weight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from zoo.architecture import Architecture
from zoo.building import build
from zoo.grid import GridLike


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


def _elements(weights: list[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _macs(layer: Any) -> int:
    """Each output cell of a convolution costs its kernel; each output cell of a dense layer its row."""
    if not type(layer).__name__.startswith(("Conv", "Dense", "DepthwiseConv")):
        return 0
    cells: int = math.prod(layer.output.shape[1:-1])
    weights: int = math.prod(layer.kernel.shape)
    return cells * weights


def measure(arch: Architecture | str, grid: GridLike, outputs: int) -> Size:
    """Count parameters and multiply–accumulates.

    Parameters
    ----------
    arch, grid, outputs
        As for `zoo.build`.

    Raises
    ------
    ZooError
        If the network cannot be drawn on the grid.

    Examples
    --------
    >>> from zoo import Grid
    >>> measure("lenet5", Grid((32, 32, 1)), 10)
    Size(parameters=61706, total=61706, macs=416520)
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = build(arch, grid, outputs)
        return Size(
            _elements(model.trainable_weights), _elements(model.weights), sum(_macs(layer) for layer in model.layers)
        )
