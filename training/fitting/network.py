"""A network with its compiled programs, traced once and drawn anew for every run.

Tracing a network costs seconds, training a small one for an epoch milliseconds. So a
worker keeps the last few networks it traced: another fold, seed or learning rate
reuses the programs and draws fresh weights.
"""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

import zoo
from training.records import Settings, canonical

KEPT = 6  # traced networks a process holds; each costs its weights thrice and 20-60 MB of graph
PREDICT_BATCH = 256


class Network:
    """A model, its optimizer and their traced programs.

    Parameters
    ----------
    architecture : zoo.Architecture
    grid : zoo.Grid
    outputs : int
        Number of classes.
    optimizer : {"adam", "sgd"}
    decays : bool
        Whether weight decay is drawn into the program.
    """

    def __init__(
        self, architecture: zoo.Architecture, grid: zoo.Grid, outputs: int, optimizer: str, decays: bool
    ) -> None:
        self._architecture, self._grid, self._outputs = architecture, grid, outputs
        self.model = zoo.build(architecture, grid, outputs)
        self._optimizer = (
            keras.optimizers.Adam() if optimizer == "adam" else keras.optimizers.SGD(momentum=0.9, nesterov=True)
        )
        self._optimizer.build(self.model.trainable_variables)
        self._optimizer_start = [variable.numpy() for variable in self._optimizer.variables]
        self._kernels = [v for v in self.model.trainable_variables if len(v.shape) > 1] if decays else []
        # XLA on a CPU is 1.3-4 times slower than TensorFlow's own kernels.
        x = tf.TensorSpec([None, *grid.shape], tf.int32 if grid.vocabulary_size else tf.float32)
        y, w = tf.TensorSpec([None], tf.int32), tf.TensorSpec([None], tf.float32)
        number = tf.TensorSpec([], tf.float32)
        self.epoch = tf.function(
            self._epoch,
            input_signature=[x, y, w, w, tf.TensorSpec([], tf.int32), number, number],
            jit_compile=False,
        )
        self._forward = tf.function(self._logits, input_signature=[x], jit_compile=False)

    def draw(self, seed: int) -> None:
        """Give every variable the value that a freshly built model has for this seed."""
        fresh = zoo.build(self._architecture, self._grid, self._outputs, seed=seed)
        self.restore(fresh.variables)
        for variable, start in zip(self._optimizer.variables, self._optimizer_start, strict=True):
            variable.assign(start)

    def restore(self, state: Sequence[Any]) -> None:
        """Set every variable of the model, as an epoch left them or a fresh build has them."""
        for variable, value in zip(self.model.variables, state, strict=True):
            variable.assign(value)

    def predict(self, x: NDArray[Any]) -> NDArray[np.float32]:
        """Logits of grids, shape ``(n, outputs)``."""
        batches = [self._forward(x[i : i + PREDICT_BATCH]).numpy() for i in range(0, len(x), PREDICT_BATCH)]
        return np.concatenate(batches) if batches else np.empty((0, self._outputs), np.float32)

    @property
    def parameters(self) -> int:
        """Number of trainable parameters."""
        return sum(int(np.prod(variable.shape)) for variable in self.model.trainable_variables)

    def _logits(self, x: Any) -> Any:
        return self.model(x, training=False)

    def _epoch(
        self, x: Any, y: Any, weight: Any, rates: Any, batch: Any, decay: Any, smoothing: Any
    ) -> tuple[Any, Any, list[Any]]:
        """One pass, batch by batch; gives the sums of losses and of correct answers, and the state it leaves."""
        loss_sum, correct, step = tf.constant(0.0), tf.constant(0.0), tf.constant(0)
        for start in tf.range(0, tf.size(y), batch):
            truth = y[start : start + batch]
            target = tf.one_hot(truth, self._outputs) * (1 - smoothing) + smoothing / self._outputs
            with tf.GradientTape() as tape:
                logits = self.model(x[start : start + batch], training=True)
                losses = tf.nn.softmax_cross_entropy_with_logits(target, logits) * weight[start : start + batch]
                loss = tf.reduce_mean(losses)
            gradients = tape.gradient(loss, [v.value for v in self.model.trainable_variables])
            self._optimizer.learning_rate.assign(rates[step])
            self._optimizer.apply(gradients)
            for kernel in self._kernels:
                kernel.assign(kernel * (1 - rates[step] * decay))
            loss_sum += tf.reduce_sum(losses)
            hits = tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), truth)
            correct += tf.reduce_sum(tf.cast(hits, tf.float32))
            step += 1
        return loss_sum, correct, [tf.identity(variable.value) for variable in self.model.variables]


_kept: OrderedDict[str, Network] = OrderedDict()


def network_for(model: Settings, grid: zoo.Grid, outputs: int, optimizer: str, decays: bool) -> Network:
    """Give this process' network for these settings, tracing it only if none is kept."""
    key = canonical([model, list(grid.shape), grid.vocabulary_size, outputs, optimizer, decays])
    if key not in _kept:
        _kept[key] = Network(zoo.from_config(model), grid, outputs, optimizer, decays)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
            gc.collect()  # a network and its programs refer to each other: Python would keep dozens for a while
    _kept.move_to_end(key)
    return _kept[key]
