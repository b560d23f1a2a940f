"""Keras' callbacks along a training whose epochs are not Keras' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras.callbacks import Callback
from numpy.typing import NDArray

from training.errors import ExperimentError
from training.fitting.network import Network

BATCH_HOOKS = tuple(
    f"on_{kind}batch_{moment}" for kind in ("", "train_", "test_", "predict_") for moment in ("begin", "end")
)


class Hooks:
    """Calls callbacks at the beginning and the end of a training and of its epochs.

    A whole epoch is one program, so that nothing can happen between its batches. Logs
    carry Keras' names: ``loss``, ``accuracy`` (or ``mean_absolute_error``), and the
    same of the validation part with ``val_`` in front. A callback that sets the
    optimizer's learning rate before an epoch decides it for that epoch; one that
    changes it after an epoch scales the rest of the schedule by as much.

    Parameters
    ----------
    callbacks : sequence of keras.callbacks.Callback
    about : dict, optional
        What is trained, as plain data; joins the callbacks' ``params``.

    Raises
    ------
    ExperimentError
        If one is no callback, or acts on batches.
    """

    def __init__(self, callbacks: Sequence[Callback] = (), about: dict[str, Any] | None = None) -> None:
        for callback in callbacks:
            _check(callback)
        self._callbacks, self._about = tuple(callbacks), dict(about or {})
        self._network: Network | None = None
        self._scale = 1.0

    def begin(self, network: Network, epochs: int, steps: int) -> None:
        """Start a training; once."""
        if self._network is not None:
            return
        self._network = network
        for callback in self._callbacks:
            callback.set_params({"verbose": 0, "epochs": epochs, "steps": steps, **self._about})
            callback.set_model(network.model)
            callback.on_train_begin({})

    def epoch_begin(self, epoch: int, rates: NDArray[np.float32]) -> NDArray[np.float32]:
        """Start an epoch; gives its learning rates as the callbacks leave them."""
        if not self._callbacks:
            return rates
        assert self._network is not None
        self._network.model.stop_training = False
        rates = rates * np.float32(self._scale)
        self._learning_rate.assign(rates[0])
        for callback in self._callbacks:
            callback.on_epoch_begin(epoch, {})
        chosen = np.float32(self._learning_rate.numpy())
        return rates if chosen == rates[0] else np.full_like(rates, chosen)

    def epoch_end(self, epoch: int, curves: dict[str, list[float]]) -> bool:
        """End an epoch; tells whether a callback wants to stop."""
        if not self._callbacks:
            return False
        before = float(self._learning_rate.numpy())
        logs = {name.replace("validation_", "val_"): values[-1] for name, values in curves.items()}
        for callback in self._callbacks:
            callback.on_epoch_end(epoch, logs)
        if before > 0:
            self._scale *= float(self._learning_rate.numpy()) / before
        assert self._network is not None
        return bool(self._network.model.stop_training)

    def end(self, curves: dict[str, list[float]]) -> None:
        """End a training; afterwards no callback holds the network, which others will use."""
        logs = {name.replace("validation_", "val_"): values[-1] for name, values in curves.items()}
        for callback in self._callbacks if self._network else ():
            callback.on_train_end(logs)
            Callback.set_model(callback, None)
        self._network = None

    @property
    def _learning_rate(self) -> Any:
        assert self._network is not None
        return self._network.optimizer.learning_rate


def printing() -> Callback:
    """Make a callback that prints a line an epoch."""

    def show(epoch: int, logs: dict[str, float]) -> None:
        print(f"epoch {epoch + 1}: {', '.join(f'{name} {value:.4f}' for name, value in logs.items())}")

    callback: Callback = keras.callbacks.LambdaCallback(on_epoch_end=show)
    return callback


def _check(callback: object) -> None:
    kind = type(callback).__name__
    if not isinstance(callback, Callback):
        raise ExperimentError(f"callbacks: expected a keras.callbacks.Callback, got {kind}")
    if _acts_on_batches(callback):
        raise ExperimentError(
            f"callbacks: {kind} acts on batches, but a whole epoch is one program here; "
            "expected one that acts on epochs (such as save_freq='epoch', update_freq='epoch', profile_batch=0)"
        )


def _acts_on_batches(callback: Callback) -> bool:
    if isinstance(callback, keras.callbacks.ModelCheckpoint):
        return bool(callback.save_freq != "epoch")
    if isinstance(callback, keras.callbacks.TensorBoard):
        return bool(callback.update_freq != "epoch" or callback._should_trace)
    hooks = ((hook, getattr(callback, hook)) for hook in BATCH_HOOKS)
    return any(getattr(method, "__func__", method) is not getattr(Callback, hook) for hook, method in hooks)
