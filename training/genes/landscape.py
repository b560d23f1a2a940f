"""The loss of one network on some grids, as a function of all its weights; every look is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training.errors import ExperimentError, nearest
from training.fitting.network import PLAIN
from training.fitting.objective import OBJECTIVES
from training.tuning.flops import FORWARD_AND_BACK

Losses = Callable[[Any, Any], Any]
LossName = Literal["cross-entropy", "error"]
Vectors = NDArray[np.float32]


def _cross_entropy(truth: Any, outputs: Any) -> Any:
    return OBJECTIVES["classification"].losses(truth, outputs, 0.0)


def _error(truth: Any, outputs: Any) -> Any:
    return 1.0 - OBJECTIVES["classification"].scores(truth, outputs)


LOSSES: dict[LossName, Losses] = {"cross-entropy": _cross_entropy, "error": _error}


def losses_of(loss: LossName | Losses) -> Losses:
    """Give what computes a loss; a function is taken as it is."""
    if callable(loss):
        return loss
    if loss not in LOSSES:
        raise ExperimentError(f"evolve_weights: loss: got {loss!r}; {nearest(str(loss), get_args(LossName))}")
    return LOSSES[loss]


class Landscape:
    """Losses by weights, with a ledger.

    One evaluation is a forward pass of one network over all grids; a gradient counts as
    three, since a backward pass costs two forward ones.

    Parameters
    ----------
    model : keras.Model
        Its trainable weights are what is looked for, in the order of
        ``model.trainable_variables``; others stay as they are.
    x : ndarray, shape ``(n, *spatial, channels)``
    y : ndarray, shape ``(n, …)``
    loss : callable
        From targets and outputs to one loss an item; may be flat or jump.
    stand_in : callable
        What gradients are taken of.

    Attributes
    ----------
    start : ndarray, shape ``(weights,)``
        The model's weights as they came.
    spent : int
        Evaluations so far.
    curve : list of (int, float)
        Evaluations, and the lowest loss by then; one entry each time it fell.
    best : ndarray, shape ``(weights,)``
        Where it was found.
    """

    def __init__(self, model: Any, x: NDArray[Any], y: NDArray[Any], loss: Losses, stand_in: Losses) -> None:
        self._model, self._loss, self._stand_in = model, loss, stand_in
        self._x, self._y = tf.constant(x), tf.constant(y)
        self._shapes = [tuple(variable.shape) for variable in model.trainable_variables]
        self.start: Vectors = np.concatenate([v.numpy().ravel() for v in model.trainable_variables]).astype(np.float32)
        self.spent, self.curve, self.best = 0, list[tuple[int, float]](), self.start
        self._many = tf.function(self._all, input_signature=[tf.TensorSpec([None, len(self.start)])], **PLAIN)
        self._one = tf.function(self._slope, input_signature=[tf.TensorSpec(self.start.shape)], **PLAIN)

    def losses(self, vectors: Vectors) -> NDArray[np.float64]:
        """Evaluate weights, shape ``(members, weights)``, in one call; gives a loss each, infinite where it is no number."""
        found = np.asarray(self._many(tf.constant(vectors, tf.float32)), dtype=float)
        found = np.where(np.isfinite(found), found, np.inf)
        self._note(len(vectors), vectors, found)
        return found

    def slope(self, vector: Vectors) -> Vectors:
        """Give the gradient at some weights; what they are worth is noted by the way."""
        loss, gradient = self._one(tf.constant(vector, tf.float32))
        self._note(FORWARD_AND_BACK, vector[None], np.asarray([loss], dtype=float))
        return np.asarray(gradient)

    def put(self) -> None:
        """Give the model the best weights that were found."""
        for variable, value in zip(self._model.trainable_variables, self._cut(self.best), strict=True):
            variable.assign(value)

    def _note(self, cost: int, vectors: Vectors, losses: NDArray[np.float64]) -> None:
        self.spent += cost
        least = int(np.argmin(losses))
        if losses[least] < (self.curve[-1][1] if self.curve else np.inf):
            self.curve.append((self.spent, float(losses[least])))
            self.best = np.array(vectors[least], np.float32)

    def _all(self, vectors: Any) -> Any:
        # Convolutions whose filters differ have no rule there and go one by one, but inside the one program.
        return tf.vectorized_map(
            lambda vector: tf.reduce_mean(self._loss(self._y, self._outputs(vector))), vectors, warn=False
        )

    def _outputs(self, vector: Any) -> Any:
        held = [variable.value for variable in self._model.non_trainable_variables]
        outputs, _ = self._model.stateless_call(self._cut(vector), held, self._x, training=False)
        return outputs

    def _slope(self, vector: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(vector)
            outputs = self._outputs(vector)
            stand_in = tf.reduce_mean(self._stand_in(self._y, outputs))
        gradient = tape.gradient(stand_in, vector)
        if gradient is None:
            raise ExperimentError(
                "evolve_weights: stand_in: expected a loss with a gradient, got one that compares or rounds; "
                "name another, such as 'cross-entropy'"
            )
        return tf.reduce_mean(self._loss(self._y, outputs)), gradient

    def _cut(self, vector: Any) -> list[Any]:
        """Cut the weights of a network into the model's variables."""
        parts = tf.split(vector, [int(np.prod(shape)) for shape in self._shapes])
        return [tf.reshape(part, shape) for part, shape in zip(parts, self._shapes, strict=True)]
