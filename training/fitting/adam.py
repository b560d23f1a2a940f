"""Keras' Adam in one operation a variable: a step of a small network is mostly its number of operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf


def apply_adam(optimizer: keras.optimizers.Adam, gradients: Sequence[Any], rate: Any) -> None:
    """Do what ``optimizer.apply(gradients)`` does for plain Adam, with TensorFlow's own kernel.

    Parameters
    ----------
    optimizer : keras.optimizers.Adam
        Built; without AMSGrad, clipping and averages of weights. Its moments and iterations go on.
    gradients : sequence of tensor
        One for each of the variables that it was built for, in their order.
    rate : tensor
        Learning rate of this step.

    Notes
    -----
    Kingma and Ba 2015, arXiv:1412.6980, as Keras has it: the rate is corrected for the bias of both moments,
    and epsilon is added to the root. An embedding's gradient, of the rows that occur, is made dense: all moments
    decay at every step, and a row that occurs more than once has the square of its sum, as in PyTorch; Keras
    sums squares there.
    """
    step = tf.cast(optimizer.iterations.value + 1, tf.float32)
    shared = {
        "beta1_power": tf.pow(optimizer.beta_1, step),
        "beta2_power": tf.pow(optimizer.beta_2, step),
        "lr": rate,
        "beta1": optimizer.beta_1,
        "beta2": optimizer.beta_2,
        "epsilon": optimizer.epsilon,
    }
    slots = zip(optimizer._trainable_variables, optimizer._momentums, optimizer._velocities, gradients, strict=True)
    for variable, first, second, gradient in slots:
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle, m=first.value.handle, v=second.value.handle, grad=tf.convert_to_tensor(gradient),
            **shared,
        )  # fmt: skip
    optimizer.iterations.assign_add(1)
