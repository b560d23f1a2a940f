"""Weights that a training starts from: another run's, or those of ImageNet."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import zoo
from adapters.grid import GridSpec
from training.errors import ExperimentError
from training.fitting.scaling import Scaler
from training.records import Settings
from zoo import imagenet

if TYPE_CHECKING:
    from training.fitting.predictor import Predictor

HEAD = "logits"  # the zoo's name of every network's last layer
EMBEDDING = "/embeddings"  # Keras' name of an embedding's table


@dataclass(frozen=True)
class Start:
    """What a training starts from.

    Parameters
    ----------
    weights : list of ndarray, optional
        In the order of ``model.weights``; freshly drawn ones by default.
    scaler : Scaler, optional
        What the weights were trained with, for more of the same data; fitted anew by default.
    pixels : tuple of ndarray, optional
        Factor and offset that the weights expect for each channel of pixels from 0 to 1.
    """

    weights: list[NDArray[Any]] | None = None
    scaler: Scaler | None = None
    pixels: tuple[NDArray[Any], NDArray[Any]] | None = None


def from_imagenet(architecture: Settings, grid: GridSpec, outputs: int, seed: int) -> Start:
    """Start from the weights of ``keras.applications``; a warning says what the grid changes about them.

    Raises
    ------
    zoo.ZooError
        If there are none for this architecture and grid, or they cannot be downloaded.
    """
    shape = zoo.Grid(grid.shape, grid.vocabulary_size)
    model = zoo.build(zoo.from_config(architecture), shape, outputs, seed, weights="imagenet")
    pixels = model.get_layer("pixels")
    return Start(model.get_weights(), pixels=(np.asarray(pixels.scale), np.asarray(pixels.offset)))


def from_run(
    donor: Predictor, architecture: Settings, grid: GridSpec, classes: tuple[str, ...], outputs: int, seed: int
) -> Start:
    """Start from another run's weights; a warning says what does not carry over.

    Layers are matched by name. The first one takes other channels, kernels are cropped
    to shorter axes, tokens keep their vectors, and the head is kept if the classes are
    the same.

    Raises
    ------
    ExperimentError
        If the other run trained another architecture.
    """
    if donor.architecture["name"] != architecture["name"]:
        raise ExperimentError(
            f"weights: expected a run of {architecture['name']}, got one of {donor.architecture['name']}; "
            "train that architecture, or start from another run"
        )
    model = zoo.build(zoo.from_config(architecture), zoo.Grid(grid.shape, grid.vocabulary_size), outputs, seed)
    values: dict[str, Any] = {weight.path: weight for weight in donor.network.model.weights}
    if donor.classes != classes or not classes:
        values = {path: value for path, value in values.items() if path.split("/")[0] != HEAD}
    first = imagenet.weights_along(model)[0].path
    changes = _carry_words(values, donor.adapter.grid_.vocabulary, model, grid.vocabulary)
    if donor.adapter.grid_.vocabulary != grid.vocabulary and not first.endswith(EMBEDDING):
        values.pop(first, None)  # it reads ids one by one, which now mean something else
    changes += imagenet.carry_over(values, model, first)
    if changes:
        message = f"{architecture['name']}, weights of another run: {'; '.join(changes)}"
        warnings.warn(message, stacklevel=4)
    return Start(model.get_weights())


def _carry_words(values: dict[str, Any], given: tuple[str, ...], model: Any, wanted: tuple[str, ...]) -> list[str]:
    """Put the rows of embeddings into the order of another vocabulary; new tokens keep their drawn vectors."""
    places = {token: row for row, token in enumerate(given)}
    shared = [row for row, token in enumerate(wanted) if token in places]
    embeddings = [weight for weight in model.weights if weight.path.endswith(EMBEDDING) and weight.path in values]
    if given == wanted or not embeddings:
        return []
    for weight in embeddings:
        theirs, ours = np.asarray(values.pop(weight.path)), weight.numpy()
        if theirs.shape[1] == ours.shape[1]:
            ours[shared] = theirs[[places[wanted[row]] for row in shared]]
            values[weight.path] = ours
    return [f"{len(shared):,} of {len(wanted):,} tokens have a vector"]
