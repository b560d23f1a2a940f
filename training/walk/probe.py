"""Every number of one item's way, and every slope of its error, asked of Keras at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Array = NDArray[np.float32]
OUTPUTS = "outputs"


@dataclass(frozen=True)
class Seen:
    """What a network does with one item.

    Parameters
    ----------
    outputs : ndarray, shape ``(classes,)``
    error : float
    values : dict of str to ndarray
        Of the tensors that were asked for, without the batch.
    slopes : dict of str to ndarray
        Of the error along those tensors.
    weights : dict of str to ndarray
        Of the error along the weights that are trained, by their path.
    """

    outputs: Array
    error: float
    values: dict[str, Array]
    slopes: dict[str, Array]
    weights: dict[str, Array]


class Probe:
    """A model whose tensors can be read.

    Parameters
    ----------
    model : keras.Model
    tensors : mapping of str to KerasTensor
    """

    def __init__(self, model: Any, tensors: Mapping[str, Any]) -> None:
        self._model = model
        self._names = list(tensors)
        self._tapped = keras.Model(model.input, {**tensors, OUTPUTS: model.output})

    def look(self, grid: NDArray[Any], target: int) -> Seen:
        """Follow one grid, of shape ``(1, …)``, and differentiate its error."""
        variables = self._model.trainable_variables
        with tf.GradientTape() as tape:
            found = self._tapped(grid, training=False)
            error = _cross_entropy(found[OUTPUTS], target)
        taps = {name: found[name] for name in self._names}
        floats = {name: tensor for name, tensor in taps.items() if tensor.dtype.is_floating}
        slopes, weights = tape.gradient(
            error, (floats, [variable.value for variable in variables]), unconnected_gradients="zero"
        )
        return Seen(
            np.asarray(found[OUTPUTS])[0],
            float(error),
            {name: np.asarray(tensor)[0] for name, tensor in taps.items()},
            {name: np.asarray(slope)[0] for name, slope in slopes.items()},
            {
                variable.path: np.asarray(tf.convert_to_tensor(slope))
                for variable, slope in zip(variables, weights, strict=True)
            },
        )

    def after(self, grid: NDArray[Any], target: int) -> tuple[float, Array]:
        """Give error and outputs with the weights as they are now."""
        outputs = self._model(grid, training=False)
        return float(_cross_entropy(outputs, target)), np.asarray(outputs)[0]

    @contextmanager
    def stepped(self, slopes: Mapping[str, Array], rate: float) -> Iterator[None]:
        """Move each weight against its slope for a while."""
        own = {variable.path: variable.numpy() for variable in self._model.trainable_variables}
        try:
            for variable in self._model.trainable_variables:
                variable.assign(own[variable.path] - np.float32(rate) * slopes[variable.path])
            yield
        finally:
            for variable in self._model.trainable_variables:
                variable.assign(own[variable.path])


def slope_of(function: Any, values: Any) -> Array:
    """Give the slope of a function that treats each cell by itself, at each cell."""
    source = tf.constant(values, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(source)
        bent = function(source)
    return np.asarray(tape.gradient(bent, source))


def _cross_entropy(outputs: Any, target: int) -> Any:
    return tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits([target], outputs))
