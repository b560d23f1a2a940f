"""A zoo network that acts: one output an action, and one more for the value of the state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

import zoo
from training.planning import architecture_of
from training.play.simulator import Planes
from training.records import Settings

EPSILON = 1e-5  # of Adam, as learners of this kind commonly have it


class Player:
    """A network and its optimizer.

    The second head is no graft: the architecture is built with one output more than there are
    actions, so any zoo network serves, and its own last layer reads action and value
    from the same features.

    Parameters
    ----------
    architecture : dict
        Settings of a zoo architecture.
    shape : tuple of int
        Of an observation.
    actions : int
    valued : bool
        Whether there is an output for the value.
    full : int
        What a cell of an observation holds that is covered wholly.
    seed : int
        Decides the first weights.

    Attributes
    ----------
    model : keras.Model
    optimizer : keras.optimizers.Optimizer
    """

    def __init__(
        self, architecture: Settings, shape: tuple[int, ...], actions: int, valued: bool, full: int, seed: int
    ) -> None:
        self._actions, self._full = actions, float(full)
        outputs = actions + valued
        self.model = zoo.build(architecture_of(architecture), zoo.Grid(shape), outputs, seed=seed)
        self.optimizer = keras.optimizers.Adam(epsilon=EPSILON)
        self.optimizer.build(self.model.trainable_variables)
        self.signature = tf.TensorSpec([None, *shape], tf.uint8)
        self._answer = tf.function(self._outputs, input_signature=[self.signature], jit_compile=False)

    @property
    def parameters(self) -> int:
        """Number of trainable parameters."""
        return sum(int(np.prod(variable.shape)) for variable in self.model.trainable_variables)

    @property
    def variables(self) -> list[Any]:
        """Everything that learning changes."""
        return [*self.model.variables, *self.optimizer.variables]

    def grids(self, seen: Any) -> Any:
        """Turn observations into what the network reads: 0 for an empty cell, 1 for a full one."""
        return tf.cast(seen, tf.float32) / self._full

    def outputs(self, seen: Planes) -> NDArray[np.float32]:
        """Give the network's outputs, shape ``(games, actions)`` or one more for the value."""
        return np.asarray(self._answer(seen))

    def step(self, tape: Any, loss: Any, rate: Any, longest: float) -> None:
        """Move the weights against the gradient, cut to a norm; for use in a compiled program."""
        gradients = tape.gradient(loss, [variable.value for variable in self.model.trainable_variables])
        gradients, _ = tf.clip_by_global_norm(gradients, longest)
        self.optimizer.learning_rate.assign(rate)
        self.optimizer.apply(gradients)

    def _outputs(self, seen: Any) -> Any:
        return self.model(self.grids(seen), training=False)


def arrays_of(variables: list[Any], prefix: str) -> dict[str, NDArray[Any]]:
    """Copy variables, numbered, for a checkpoint."""
    return {f"{prefix}{number}": variable.numpy() for number, variable in enumerate(variables)}


def assign(variables: list[Any], arrays: Mapping[str, NDArray[Any]], prefix: str) -> None:
    """Inverse of `arrays_of`."""
    for number, variable in enumerate(variables):
        variable.assign(arrays[f"{prefix}{number}"])


def softmax(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn outputs into probabilities, row by row."""
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def drawn(outputs: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.int64]:
    """Draw one action a row from the softmax of its outputs."""
    chances = softmax(outputs).cumsum(axis=1)
    # The last sum may fall short of 1 by rounding.
    places = (random.random((len(outputs), 1)) * chances[:, -1:] >= chances).sum(axis=1)
    return np.asarray(np.minimum(places, outputs.shape[1] - 1))
