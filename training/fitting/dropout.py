"""Dropout whose rates a program is given, so that networks which differ in them alone share one program.

Tracing a small network costs more than training it for some epochs, and a search over rates would
trace every point anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


class Dropout(keras.layers.Dropout):
    """Keras' dropout, which takes its rate from a tensor while one is fed: it drops the same.

    Attributes
    ----------
    fed : Tensor or None
        None: the rate is the layer's own.
    """

    fed: Any = None

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Drop a share of the inputs in training."""
        if self.fed is None or not training:
            return super().call(inputs, training=training)
        rate = keras.ops.cast(self.fed, inputs.dtype)
        drawn = keras.random.uniform(keras.ops.shape(inputs), dtype=inputs.dtype, seed=self.seed_generator)
        return keras.ops.where(drawn >= rate, inputs / (1 - rate), 0)


class Dropouts:
    """The dropout layers of a model whose rates can be fed.

    Parameters
    ----------
    model : keras.Model
        Its plain dropout layers become such that can be fed: the same layers, of another class.
    """

    def __init__(self, model: keras.Model) -> None:
        self._layers = [
            layer for layer in model.layers if type(layer) is keras.layers.Dropout and not layer.noise_shape
        ]
        for layer in self._layers:
            layer.__class__ = Dropout
        self.structure = _structure(model.get_config(), {layer.name for layer in self._layers})

    @property
    def rates(self) -> NDArray[np.float32]:
        """The layers' own rates."""
        return np.asarray([layer.rate for layer in self._layers], np.float32)

    @contextmanager
    def fed(self, rates: Sequence[Any]) -> Iterator[None]:
        """Feed the layers while a program is traced."""
        try:
            for layer, rate in zip(self._layers, rates, strict=True):
                object.__setattr__(layer, "fed", rate)  # Keras would keep it as a part of the layer
            yield
        finally:
            for layer in self._layers:
                object.__setattr__(layer, "fed", None)


def _structure(config: dict[str, Any], fed: set[str]) -> str:
    """Write down what a model is but for the rates of some dropout layers."""
    layers = [
        {**layer, "config": {**layer["config"], "rate": None}} if layer["name"] in fed else layer
        for layer in config["layers"]
    ]
    return json.dumps({**config, "layers": layers, "name": None}, sort_keys=True, default=str)
