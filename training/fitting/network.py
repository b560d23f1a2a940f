"""A network with its compiled programs, traced once and drawn anew for every run.

Tracing a network costs seconds, training a small one for an epoch milliseconds. So a
worker keeps the last few networks it traced: another fold, seed, learning rate or rate of
dropout reuses the programs and draws fresh weights.
"""

from __future__ import annotations

import copy
import gc
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

import zoo
from training.fitting.adam import apply_adam
from training.fitting.dropout import Dropouts
from training.fitting.kept import KEPT
from training.fitting.normalisation import fuse_norms
from training.fitting.objective import OBJECTIVES, Goal
from training.fitting.precision import Computed, Precision, computed_in
from training.records import Settings, canonical

PREDICT_BATCH = 256
# Of `tf.function`. XLA on a CPU is 1.3-4 times slower than TensorFlow's own kernels; translating Python takes longer than
# tracing a small network.
PLAIN = {"jit_compile": False, "autograph": False}


class Network:
    """A model, its optimizer and their traced programs.

    Parameters
    ----------
    architecture : zoo.Architecture
    grid : zoo.Grid
    outputs : int
        Number of classes, or of numbers.
    optimizer : {"adam", "sgd"}
    decays : bool
        Whether weight decay is drawn into the program.
    precision : {"float32", "mixed_bfloat16", "auto"}
        In which the layers compute; ``auto`` is decided by the network's size. Weights and
        outputs are float32 in either.
    goal : {"classification", "regression"}
    seed : int
        Of the weights that it begins with.

    Attributes
    ----------
    model : keras.Model
    optimizer : keras.optimizers.Optimizer
    objective : Objective
    precision : {"float32", "mixed_bfloat16"}
    dropout : ndarray of float32
        The rates of its dropout layers, which `epoch` takes last.
    """

    def __init__(
        self,
        architecture: zoo.Architecture,
        grid: zoo.Grid,
        outputs: int,
        optimizer: str,
        decays: bool,
        precision: Precision = "float32",
        goal: Goal = "classification",
        seed: int = 0,
    ) -> None:
        self._architecture, self._grid, self._outputs = architecture, grid, outputs
        self.objective = OBJECTIVES[goal]
        self.precision = computed_in(precision, lambda: zoo.measure(architecture, grid, outputs).macs)
        with _computing_in(self.precision):
            self.model = zoo.build(architecture, grid, outputs, seed=seed)
        fuse_norms(self.model)
        self._dropouts = Dropouts(self.model)
        self.dropout = self._dropouts.rates
        self._fresh = {seed: self.weights()}  # of the seed that was drawn last; of twins the same
        self.optimizer = (
            keras.optimizers.Adam() if optimizer == "adam" else keras.optimizers.SGD(momentum=0.9, nesterov=True)
        )
        self.optimizer.build(self.model.trainable_variables)
        self.model.optimizer = self.optimizer  # where callbacks look for the learning rate
        self._optimizer_start = [variable.numpy() for variable in self.optimizer.variables]
        self._kernels = [v for v in self.model.trainable_variables if len(v.shape) > 1] if decays else []
        x = tf.TensorSpec([None, *grid.shape], tf.int32 if grid.vocabulary_size else tf.float32)
        y, w = self.objective.truth(outputs), tf.TensorSpec([None], tf.float32)
        number = tf.TensorSpec([], tf.float32)
        self.epoch = tf.function(
            self._epoch,
            input_signature=[
                x,
                y,
                w,
                w,
                tf.TensorSpec([], tf.int32),
                number,
                number,
                tf.TensorSpec(self.dropout.shape, tf.float32),
            ],
            **PLAIN,
        )
        self._grids = x
        self._drawn: list[Any] = []  # of twins the same

    def trace(self) -> None:
        """Draw the program of an epoch, unless it is drawn."""
        self.epoch.get_concrete_function()

    def draw(self, seed: int) -> None:
        """Give every variable the value that a freshly built model has for this seed."""
        if seed not in self._fresh:
            fresh = zoo.build(self._architecture, self._grid, self._outputs, seed=seed)
            self._fresh.clear()
            self._fresh[seed] = [variable.numpy() for variable in fresh.variables]
        self.restore(self._fresh[seed])
        for variable, start in zip(self.optimizer.variables, self._optimizer_start, strict=True):
            variable.assign(start)

    def weights(self) -> list[NDArray[Any]]:
        """Copy every variable of the model."""
        return [variable.numpy() for variable in self.model.variables]

    def restore(self, state: Sequence[Any]) -> None:
        """Set every variable of the model, as `weights` or an epoch gives them, or a fresh build has them."""
        for variable, value in zip(self.model.variables, state, strict=True):
            variable.assign(value)

    def state(self) -> list[NDArray[Any]]:
        """Copy every variable of the model and of the optimizer."""
        return [variable.numpy() for variable in self._all]

    def resume(self, state: Sequence[NDArray[Any]]) -> None:
        """Set every variable of the model and of the optimizer, as `state` copied them."""
        for variable, value in zip(self._all, state, strict=True):
            variable.assign(value)

    @property
    def _all(self) -> list[Any]:
        return [*self.model.variables, *self.optimizer.variables]

    @property
    def structure(self) -> str:
        """What it is but for rates of dropout."""
        return self._dropouts.structure

    def dropping(self, rates: NDArray[np.float32]) -> Network:
        """Give a network that shares all with this one but the rates of dropout."""
        twin = copy.copy(self)
        twin.dropout = rates
        return twin

    @property
    def _forward(self) -> Any:
        """The program that predicts, drawn when it is first needed.

        TensorFlow takes a function that is drawn anew in few calls for a mistake and says so: many small networks are none.
        """
        if not self._drawn:
            program = tf.function(self._logits, input_signature=[self._grids], **PLAIN)
            self._drawn.append(program.get_concrete_function())
        return self._drawn[0]

    def predict(self, x: NDArray[Any]) -> NDArray[np.float32]:
        """Give the outputs for grids, shape ``(n, outputs)``: logits of classes, or standardised numbers."""
        batches = [self._forward(x[i : i + PREDICT_BATCH]).numpy() for i in range(0, len(x), PREDICT_BATCH)]
        return np.concatenate(batches) if batches else np.empty((0, self._outputs), np.float32)

    @property
    def parameters(self) -> int:
        """Number of trainable parameters."""
        return sum(int(np.prod(variable.shape)) for variable in self.model.trainable_variables)

    def _logits(self, x: Any) -> Any:
        return self.model(x, training=False)

    def _epoch(
        self, x: Any, y: Any, weight: Any, rates: Any, batch: Any, decay: Any, smoothing: Any, dropout: Any
    ) -> tuple[Any, Any, list[Any]]:
        """One pass, batch by batch; gives the sums of losses and of scores, and the state it leaves."""

        def learn(step: Any, loss_sum: Any, score_sum: Any) -> tuple[Any, Any, Any]:
            place = slice(step * batch, (step + 1) * batch)
            truth = y[place]
            with tf.GradientTape() as tape, self._dropouts.fed(tf.unstack(dropout)):
                outputs = self.model(x[place], training=True)
                losses = self.objective.losses(truth, outputs, smoothing) * weight[place]
                loss = tf.reduce_mean(losses)
            gradients = tape.gradient(loss, [v.value for v in self.model.trainable_variables])
            rate = rates[step]
            self.optimizer.learning_rate.assign(rate)
            if isinstance(self.optimizer, keras.optimizers.Adam):
                apply_adam(self.optimizer, gradients, rate)
            else:
                self.optimizer.apply(gradients)
            kept = 1 - rate * decay
            for kernel in self._kernels:
                kernel.assign(kernel * kept)
            scores = self.objective.scores(truth, outputs)
            return step + 1, loss_sum + tf.reduce_sum(losses), score_sum + tf.reduce_sum(scores)

        def is_left(step: Any, *_: Any) -> Any:
            return step * batch < tf.shape(y)[0]

        # Written as a loop of TensorFlow's: to translate one of Python's takes longer than to trace a small network.
        _, loss, score = tf.while_loop(is_left, learn, (tf.constant(0), tf.constant(0.0), tf.constant(0.0)))
        return loss, score, [tf.identity(variable.value) for variable in self.model.variables]


@contextmanager
def _computing_in(precision: Computed) -> Iterator[None]:
    """Draw layers that compute in a precision."""
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(usual)


class _Kept(threading.local):
    """The networks of one thread, by what they are: two trainings at once must not share weights."""

    def __init__(self) -> None:
        self.networks: OrderedDict[str, Network] = OrderedDict()
        # By settings: which of the networks, and its rates of dropout.
        self.known: dict[str, tuple[str, NDArray[np.float32]]] = {}


_kept = _Kept()


def network_for(
    model: Settings,
    grid: zoo.Grid,
    outputs: int,
    optimizer: str,
    decays: bool,
    precision: Precision = "float32",
    goal: Goal = "classification",
    seed: int = 0,
) -> Network:
    """Give this thread's network for these settings, tracing it only if none is kept.

    The seed is that of the weights which will be drawn first: drawing them is then done.
    """
    networks, known = _kept.networks, _kept.known
    how = [list(grid.shape), grid.vocabulary_size, outputs, optimizer, decays, precision, goal]
    settings = canonical([model, *how])
    if settings not in known:
        network = Network(zoo.from_config(model), grid, outputs, optimizer, decays, precision, goal, seed)
        key = canonical([network.structure, *how])
        networks.setdefault(key, network)
        known[settings] = key, network.dropout
    key, rates = known[settings]
    networks.move_to_end(key)
    while len(networks) > KEPT:
        gone, _ = networks.popitem(last=False)
        for name in [name for name, (place, _) in known.items() if place == gone]:
            del known[name]
        gc.collect()  # a network and its programs refer to each other: Python would keep dozens for a while
    return networks[key].dropping(rates)
