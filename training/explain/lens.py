"""A copy of a predictor's network that can be asked for gradients and feature maps.

The programs are traced once for a predictor. The copy's weights can be replaced by
random ones without touching the predictor.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

import zoo
from training.errors import ExperimentError, nearest
from training.explain.places import Part, Place, places
from training.fitting.network import PLAIN, Network
from training.fitting.predictor import Predictor
from training.planning import architecture_of
from training.records import Settings

Array = NDArray[np.float32]
LOGITS = "logits"
MOST_AT_ONCE = 64
CELLS_AT_ONCE = 2**21  # numbers in the inputs of one call; what layers make of them is many times as much


class Lens:
    """A network seen from where its input is first a tensor of numbers.

    That is the grid itself; or, for ids, their vectors.

    Parameters
    ----------
    architecture : dict
        Its settings.
    grid : zoo.Grid
    outputs : int
        Number of classes.

    Attributes
    ----------
    shape : tuple of int
        Of one input: ``(*spatial, depth)``.
    stages : tuple of Place
        Where the network's stages keep cells.
    pooled : Place or None
        Where cells are given up: for networks whose stages keep none.
    """

    def __init__(self, architecture: Settings, grid: zoo.Grid, outputs: int) -> None:
        self._architecture, self._grid, self._outputs = architecture_of(architecture), grid, outputs
        self.model = zoo.build(self._architecture, grid, outputs)
        cut = narrowest(self.model)
        self.shape = tuple(int(size) for size in cut.shape[1:])
        self.stages, self.pooled = places(self._architecture, grid, self.model)
        self._layers = [part.layer for part in self.parts]
        self._vectors = keras.Model(self.model.input, cut)
        taps = {name: self.model.get_layer(name).output for name in self._layers}
        self._network = keras.Model(cut, {LOGITS: self.model.output, **taps})
        x, number = tf.TensorSpec([None, *self.shape], tf.float32), tf.TensorSpec([], tf.int32)
        self._logits = tf.function(self._draw_logits, input_signature=[x], **PLAIN)
        self._slopes = tf.function(self._draw_slopes, input_signature=[x, number], **PLAIN)
        self._tapped = tf.function(self._draw_tapped, input_signature=[x, number], **PLAIN)
        self._random: dict[int, list[NDArray[Any]]] = {}

    @property
    def _places(self) -> list[Place]:
        return [*self.stages, *([self.pooled] if self.pooled else [])]

    @property
    def parts(self) -> list[Part]:
        """All layers whose feature maps are read."""
        return [part for place in self._places for part in place.parts]

    @property
    def flattens(self) -> bool:
        """Whether the head weighs each cell on its own."""
        return any(type(layer).__name__ == "Flatten" for layer in self.model.layers)

    @property
    def spatial(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return self.shape[:-1]

    def place(self, name: str) -> Place:
        """Find a place by its name.

        Raises
        ------
        ExperimentError
            If the network has no such place.
        """
        known = {place.name: place for place in self._places}
        if name not in known:
            raise ExperimentError(f"tap: got {name!r}; {nearest(name, known)}")
        return known[name]

    def vectors(self, grids: NDArray[Any]) -> Array:
        """Turn grids, scaled as the network expects them, into its inputs."""
        return np.concatenate([np.asarray(self._vectors(part)) for part in self._batches(grids)]).astype(np.float32)

    def logits(self, x: Array) -> Array:
        """Give the outputs before the softmax, shape ``(n, outputs)``."""
        return np.concatenate([self._logits(part).numpy() for part in self._batches(x)])

    def gradients(self, x: Array, target: int) -> Array:
        """Give the gradients of the log-odds of a class at each input."""
        return np.concatenate([self._slopes(part, target).numpy() for part in self._batches(x)])

    def tapped(self, x: Array, target: int) -> dict[str, tuple[Array, Array]]:
        """Give the outputs of the places' layers for one input, and the gradients of the log-odds there."""
        values, gradients = self._tapped(x[None], target)
        return {name: (values[name].numpy()[0], gradients[name].numpy()[0]) for name in self._layers}

    def maps(self, x: Array) -> dict[str, Array]:
        """Give the outputs of the places' layers."""
        outputs = [self._network(part, training=False) for part in self._batches(x)]
        return {name: np.concatenate([np.asarray(one[name]) for one in outputs]) for name in self._layers}

    def field(self, x: Array, layer: str, cell: tuple[int, ...]) -> Array:
        """Give the gradients of one cell of a layer, all its channels summed, at each input."""
        source = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(source)
            output = self._network(source, training=False)[layer]
            total = tf.reduce_sum(output[(slice(None), *cell)])
        gradient = tape.gradient(total, source)
        return np.zeros(x.shape, np.float32) if gradient is None else np.asarray(gradient)

    def copy(self, network: Network) -> None:
        """Take over the weights of a network of the same architecture."""
        self.model.set_weights(network.model.get_weights())

    @contextmanager
    def randomised(self, seed: int) -> Iterator[None]:
        """Look through freshly drawn weights for a while."""
        if seed not in self._random:
            fresh = zoo.build(self._architecture, self._grid, self._outputs, seed=seed)
            self._random[seed] = fresh.get_weights()
        own = self.model.get_weights()
        self.model.set_weights(self._random[seed])
        try:
            yield
        finally:
            self.model.set_weights(own)

    def _batches(self, x: NDArray[Any]) -> Iterator[NDArray[Any]]:
        size = max(1, min(MOST_AT_ONCE, CELLS_AT_ONCE // math.prod(self.shape)))
        return (x[start : start + size] for start in range(0, len(x), size))

    def _draw_logits(self, x: Any) -> Any:
        return self._network(x, training=False)[LOGITS]

    def _draw_slopes(self, x: Any, target: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            odds = _log_odds(self._network(x, training=False)[LOGITS], target)
        return tape.gradient(odds, x)

    def _draw_tapped(self, x: Any, target: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = self._network(x, training=False)
            odds = _log_odds(outputs[LOGITS], target)
        taps = {name: outputs[name] for name in self._layers}
        return taps, tape.gradient(odds, taps, unconnected_gradients="zero")


_kept: WeakKeyDictionary[Network, Lens] = WeakKeyDictionary()


def lens_for(predictor: Predictor) -> Lens:
    """Give the lens on a predictor, tracing its programs at first use only."""
    if predictor.network not in _kept:
        spec = predictor.adapter.grid_
        grid = zoo.Grid(spec.shape, spec.vocabulary_size)
        _kept[predictor.network] = Lens(predictor.architecture, grid, len(predictor.classes))
    lens = _kept[predictor.network]
    lens.copy(predictor.network)
    return lens


def narrowest(model: Any) -> Any:
    """Find the first tensor of numbers that every path from the grid to the output goes through."""
    waiting = Counter(id(tensor) for operation in model.operations for tensor in _inputs(operation))
    open_ends: set[int] = set()
    for operation in model.operations:
        for tensor in _inputs(operation):
            waiting[id(tensor)] -= 1
            if waiting[id(tensor)] == 0:
                open_ends.discard(id(tensor))
        open_ends.add(id(operation.output))
        if len(open_ends) == 1 and operation.output.dtype != "int32":
            return operation.output
    raise ValueError(f"{model.name}: expected a tensor that all paths go through, found none")


def _inputs(operation: Any) -> Sequence[Any]:
    if type(operation).__name__ == "InputLayer":
        return ()
    tensors = operation.input
    return tensors if isinstance(tensors, list | tuple) else (tensors,)


def _log_odds(logits: Any, target: Any) -> Any:
    """How much a class outweighs all others: log p − log(1 − p)."""
    chosen = tf.one_hot(target, tf.shape(logits)[1], on_value=True, off_value=False, dtype=tf.bool)
    others = tf.where(chosen, -1e9, logits)
    return tf.gather(logits, target, axis=1) - tf.reduce_logsumexp(others, axis=1)
