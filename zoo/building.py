"""From an architecture to a Keras model with weights that a seed decides."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zoo.architecture import Architecture
from zoo.errors import ZooError
from zoo.grid import GridLike, check_grid
from zoo.registry import architecture


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    # Keras draws the seed of every initialiser and dropout layer from Python's generator.
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)


def _check(arch: Architecture, grid: GridLike, outputs: int, seed: int) -> None:
    check_grid(grid)
    if outputs < 1:
        raise ZooError(f"expected 1 output or more, got {outputs}")
    if seed < 0:
        raise ZooError(f"expected a seed of 0 or more, got {seed}")
    reason = arch.supports(grid)
    if reason:
        raise ZooError(reason)


def build(arch: Architecture | str, grid: GridLike, outputs: int, seed: int = 0) -> Any:
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

    Returns
    -------
    keras.Model
        From ``(batch, *grid.shape)`` to ``logits`` of shape ``(batch, outputs)``,
        float32, without softmax. Its stages are the layers ``stage1``, ``stage2``, …

    Raises
    ------
    ZooError
        If the network cannot be drawn on the grid.

    Examples
    --------
    >>> from zoo import Grid
    >>> build("lenet5", Grid((32, 32, 1)), outputs=10).count_params()
    61706
    """
    import keras

    arch = architecture(arch) if isinstance(arch, str) else arch
    _check(arch, grid, outputs, seed)
    with _seeded(seed):
        inputs = keras.Input(grid.shape, dtype="int32" if grid.vocabulary_size else "float32", name="grid")
        x = arch.embed(inputs, grid.vocabulary_size) if grid.vocabulary_size else inputs
        outputs_tensor = arch.head(arch.features(x), outputs)
        return keras.Model(inputs, outputs_tensor, name=arch.name.replace("-", "_").replace(".", "_"))
