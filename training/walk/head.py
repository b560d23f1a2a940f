"""The end of a network: stages, fully connected layers, votes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from adapters.grid import FloatArray
from training.explain.rounding import rounded
from training.walk.changes import name_of
from training.walk.maps_record import Hidden, Level, Named, Plane
from training.walk.matching import strongest
from training.walk.planes import SMALL_CELLS, whole
from training.walk.record import Voter, Votes
from training.walk.route import Route, kind, source

MOST_MAPS = 8  # of a stage
MOST_VOTERS = 10  # of a class
MOST_CLASSES = 4
MOST_LEVELS = 12
VALUES = {1: 256, 2: 40}


def stage_layers(model: Any) -> list[Any]:
    """List the taps that end a network's stages, evenly chosen if they are many."""
    found = [layer for layer in model.layers if re.fullmatch(r"stage\d+", layer.name)]
    chosen = np.unique(np.linspace(0, len(found) - 1, min(len(found), MOST_LEVELS)).round().astype(int))
    return [found[index] for index in chosen]


def level(name: str, values: FloatArray) -> Level:
    """Show the strongest maps of a stage."""
    if values.ndim == 1:
        return Level(name, len(values), [], [Named("", whole(values, VALUES))])
    kept = strongest(values, MOST_MAPS)
    maps = [Named(f"map {one + 1}", whole(values[..., one], SMALL_CELLS)) for one in kept]
    return Level(name, values.shape[-1], list(values.shape[:-1]), maps)


def hidden(layer: Any, values: FloatArray) -> Hidden:
    """Show the units of a fully connected layer."""
    shown: Plane = whole(values, VALUES)
    return Hidden(layer.name, len(values), name_of(layer), shown)


def shown_classes(outputs: FloatArray, label: int) -> list[int]:
    """Choose the classes with the largest outputs, and the label's."""
    ranked = [int(index) for index in outputs.argsort(kind="stable")[::-1][:MOST_CLASSES]]
    return ranked if label in ranked else [*ranked[: MOST_CLASSES - 1], label]


def feature_votes(route: Route, inputs: FloatArray, classes: Sequence[int]) -> Votes:
    """Weigh the last layer's inputs: value times weight is a vote."""
    last = route.dense[-1]
    weights = np.asarray(last.kernel, dtype=float)[:, list(classes)]
    votes = inputs[:, None] * weights
    kept = np.unique(np.abs(votes).argsort(axis=0, kind="stable")[::-1][:MOST_VOTERS])
    reader = route.dense[-2] if len(route.dense) > 1 else route.features
    bias = np.asarray(last.bias, dtype=float)[list(classes)] if last.use_bias else np.zeros(len(classes))
    return Votes(
        layer=last.name,
        kind="features",
        count=len(inputs),
        classes=list(classes),
        voters=[Voter(feature_name(reader, int(i)), float(inputs[i]), rounded(weights[i])) for i in kept],
        rest=(votes.sum(axis=0) - votes[kept].sum(axis=0)).tolist(),
        bias=bias.tolist(),
        maps=[],
    )


def cell_votes(last: Any, maps: FloatArray, classes: Sequence[int], names: Sequence[str]) -> Votes:
    """Average the cells of a map for each class."""
    shown = [Named(names[one], whole(maps[..., one], SMALL_CELLS)) for one in classes]
    nothing = [0.0] * len(classes)
    return Votes(last.name, "cells", int(np.prod(maps.shape[:-1])), list(classes), [], nothing, nothing, shown)


def averages(last: Any) -> bool:
    """Whether a layer averages all cells."""
    return kind(last).startswith("GlobalAverage")


def feature_name(layer: Any, index: int) -> str:
    """Name one of the numbers that a layer gives, by where it comes from."""
    name = kind(layer)
    if name == "Flatten" and len(layer.input.shape) > 2:
        *cells, channel = np.unravel_index(index, tuple(layer.input.shape[1:]))
        words = ["cell"] if len(cells) == 1 else ["row", "column"]
        places = ", ".join(f"{word} {cell + 1}" for word, cell in zip(words, cells, strict=True))
        if kind(source(layer.input)) == "InputLayer":  # cells of the grid itself
            return places if layer.input.shape[-1] == 1 else f"{places}, channel {channel + 1}"
        return f"map {channel + 1}, {places}"
    if name.startswith("Global"):
        return f"map {index + 1}"
    if name == "Concatenate" and all(len(tensor.shape) == 2 for tensor in layer.input):
        return _joined_name(layer, index)
    return f"unit {index + 1}" if name in ("Dense", "Activation") else f"feature {index + 1}"


def _joined_name(layer: Any, index: int) -> str:
    for tensor in layer.input:
        if index < tensor.shape[-1]:
            return f"map {index + 1} of {tensor._keras_history.operation.name}"
        index -= int(tensor.shape[-1])
    raise IndexError(f"{layer.name} has no feature {index}")
