"""A network's graph, with initial weights that a seed decides."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from zoo._layers import Tensor
from zoo.architecture import Architecture
from zoo.grid import GridLike


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    # Keras draws the seed of every initialiser and dropout layer from Python's own generator,
    # which all threads share: another one that draws meanwhile, as a Dask worker's does,
    # would change the weights. So Keras gets one for itself.
    from keras.src.random import seed_generator

    with patch.object(seed_generator, "python_random", random.Random(seed)):
        yield


def draw(
    arch: Architecture, grid: GridLike, outputs: int, seed: int = 0, prepare: Callable[[Tensor], Tensor] | None = None
) -> Any:
    """Draw a network whose fit to the grid is not in doubt.

    Parameters
    ----------
    arch, grid, outputs, seed
        As for `zoo.build`.
    prepare : callable, optional
        What happens to a grid before the network reads it.

    Returns
    -------
    keras.Model
    """
    import keras

    with _seeded(seed):
        inputs = keras.Input(grid.shape, dtype="int32" if grid.vocabulary_size else "float32", name="grid")
        x = arch.embed(inputs, grid.vocabulary_size) if grid.vocabulary_size else inputs
        x = prepare(x) if prepare else x
        logits = arch.head(arch.features(x), outputs)
        return keras.Model(inputs, logits, name=arch.name.replace("-", "_").replace(".", "_"))
