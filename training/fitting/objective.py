"""What a network is trained for, a class or numbers: its losses in the program and on held-out grids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.special import log_softmax

Goal = Literal["classification", "regression"]


@dataclass(frozen=True)
class Objective:
    """Losses and a score beside them, one value an item.

    Parameters
    ----------
    score : str
        Name of the score.
    truth : callable
        What the program is told to expect of the targets, by the number of outputs.
    losses : callable
        From targets, outputs and label smoothing to losses, inside the program.
    scores : callable
        From targets and outputs to scores, inside the program.
    held_out : callable
        From outputs and targets to losses and scores, both as arrays.
    """

    score: str
    truth: Callable[[int], Any]
    losses: Callable[[Any, Any, Any], Any]
    scores: Callable[[Any, Any], Any]
    held_out: Callable[[NDArray[np.float32], NDArray[Any]], tuple[NDArray[Any], NDArray[Any]]]

    def evaluate(
        self, outputs: NDArray[np.float32], y: NDArray[Any], weights: NDArray[np.float32] | None = None
    ) -> tuple[float, float]:
        """Mean loss and mean score of held-out items, weighted if there are weights."""
        losses, scores = self.held_out(outputs, y)
        return float(np.average(losses, weights=weights)), float(np.average(scores, weights=weights))


def _one_class(outputs: int) -> Any:
    return tf.TensorSpec([None], tf.int32)


def _cross_entropy(truth: Any, outputs: Any, smoothing: Any) -> Any:
    classes = outputs.shape[-1]
    target = tf.one_hot(truth, classes) * (1 - smoothing) + smoothing / classes
    return tf.nn.softmax_cross_entropy_with_logits(target, outputs)


def _hits(truth: Any, outputs: Any) -> Any:
    return tf.cast(tf.equal(tf.argmax(outputs, axis=1, output_type=tf.int32), truth), tf.float32)


def log_losses(logits: NDArray[np.float32], y: NDArray[np.int32]) -> NDArray[np.float64]:
    """Negative log-likelihood of each item's true class, in nats."""
    losses: NDArray[np.float64] = -log_softmax(logits.astype(float), axis=1)[np.arange(len(y)), y]
    return losses


def _classified(logits: NDArray[np.float32], y: NDArray[np.int32]) -> tuple[NDArray[Any], NDArray[Any]]:
    return log_losses(logits, y), logits.argmax(1) == y


def _numbers(outputs: int) -> Any:
    return tf.TensorSpec([None, outputs], tf.float32)


def _squared_error(truth: Any, outputs: Any, smoothing: Any) -> Any:
    """Mean over the targets; there are no labels to smooth."""
    return tf.reduce_mean(tf.square(outputs - truth), axis=1)


def _absolute_error(truth: Any, outputs: Any) -> Any:
    return tf.reduce_mean(tf.abs(outputs - truth), axis=1)


def _estimated(outputs: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any]]:
    error = outputs.astype(float) - y
    return (error**2).mean(axis=1), np.abs(error).mean(axis=1)


OBJECTIVES: dict[Goal, Objective] = {
    "classification": Objective("accuracy", _one_class, _cross_entropy, _hits, _classified),
    "regression": Objective("mean_absolute_error", _numbers, _squared_error, _absolute_error, _estimated),
}
