"""From an architecture to a Keras model with weights that a seed decides."""

from __future__ import annotations

from typing import Any

from zoo import imagenet
from zoo.architecture import Architecture
from zoo.drawing import draw
from zoo.errors import ZooError, unknown
from zoo.grid import GridLike, check_grid
from zoo.registry import architecture


def _check(arch: Architecture, grid: GridLike, outputs: int, seed: int) -> None:
    check_grid(grid)
    if outputs < 1:
        raise ZooError(f"expected 1 output or more, got {outputs}")
    if seed < 0:
        raise ZooError(f"expected a seed of 0 or more, got {seed}")
    reason = arch.supports(grid)
    if reason:
        raise ZooError(reason)


def build(arch: Architecture | str, grid: GridLike, outputs: int, seed: int = 0, weights: str | None = None) -> Any:
    """Draw a network.

    Parameters
    ----------
    arch : Architecture or str
        An architecture, or the name of a variant.
    grid : GridLike
        Shape of one grid: ``(*spatial, channels)``, or ``(length,)`` for ids.
    outputs : int
        Number of classes.
    seed : int
        Decides the initial weights, whatever was built before; 0 or more.
    weights : {None, "imagenet"}
        Start from the weights of ``keras.applications``, which Keras downloads once, for
        variants that it has. The network then reads pixels from 0 to 1. On other grids
        than the paper's, the first layer takes other channels and layers whose size
        depends on the grid or the classes are drawn anew; a warning names them.

    Returns
    -------
    keras.Model
        From ``(batch, *grid.shape)`` to ``logits`` of shape ``(batch, outputs)``,
        float32, without softmax. Its stages are the layers ``stage1``, ``stage2``, …

    Raises
    ------
    ZooError
        If the network cannot be drawn on the grid, or there are no such weights.

    Examples
    --------
    >>> from zoo import Grid
    >>> build("lenet5", Grid((32, 32, 1)), outputs=10).count_params()
    61706
    """
    arch = architecture(arch) if isinstance(arch, str) else arch
    _check(arch, grid, outputs, seed)
    if weights is None:
        return draw(arch, grid, outputs, seed)
    if weights != "imagenet":
        raise unknown("kind of weights", weights, ["imagenet"])
    return imagenet.pretrained(arch, grid, outputs, seed)
