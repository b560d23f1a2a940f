"""Networks with drawn weights on drawn items: every sort of way that a walk can take."""

from __future__ import annotations

from typing import Any

import numpy as np

import zoo
from adapters import registry
from training.fitting.fit import History
from training.fitting.network import Network
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler

RNG = np.random.default_rng(7)
PICTURES = list(RNG.integers(0, 255, (4, 20, 20)).astype(np.uint8))
COLOURED = list(RNG.integers(0, 255, (4, 12, 12, 3)).astype(np.uint8))
SOUNDS = [(RNG.normal(0, 0.1, 8000).astype(np.float32), 8000) for _ in range(3)]
SERIES = [RNG.normal(size=(40, 2)) for _ in range(4)]
ROWS = [{"age": float(i * 7 % 5), "sex": "fm"[i % 2], "size": float(i * i), "weight": 60.0 - i} for i in range(8)]
TEXTS = ["the cat <b>sat</b> & slept", "a dog ran", "the bird sang a song", "one dog and one cat"]
CLASSES = ("calm", "<i>loud</i>", "“odd” & new")

# Name: architecture, adapter, items; the first item walks.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], list[Any]]] = {
    "picture, tanh, average pooling, hidden layers": ({"name": "lenet5"}, {"name": "image"}, PICTURES),
    "colours, normalised, shortcuts, pooled at the end": (
        {"name": "resnet8", "width": 8},
        {"name": "image", "channels": "rgb"},
        COLOURED,
    ),
    "sound, pooled before it is bent": ({"name": "sb-cnn", "width": 6}, {"name": "mel-spectrogram"}, SOUNDS),
    "words with vectors, three windows": (
        {"name": "textcnn", "filters": 5, "embedding": 12},
        {"name": "words"},
        TEXTS,
    ),
    "bytes, read twice": ({"name": "dpcnn", "filters": 6, "blocks": 2, "embedding": 6}, {"name": "bytes"}, TEXTS),
    "two series, normalised": ({"name": "fcn", "width": 10}, {"name": "series"}, SERIES),
    "row, no convolution": ({"name": "mlp", "units": 12}, {"name": "table-row"}, ROWS),
    "row, convolved": ({"name": "lenet5"}, {"name": "table-row"}, ROWS),
    "picture, a map for each class": ({"name": "allcnn", "width": 6}, {"name": "image"}, PICTURES),
    "patches, GELU, then normalised": (
        {"name": "convmixer-256-8", "width": 6, "depth": 1},
        {"name": "image"},
        PICTURES,
    ),
    "each channel filtered alone": ({"name": "matchboxnet-3x1x64", "width": 6}, {"name": "series"}, SERIES),
    "pooled before it is convolved": ({"name": "inceptiontime", "depth": 1, "filters": 4}, {"name": "series"}, SERIES),
}


def drawn(name: str) -> tuple[Predictor, Any]:
    """Make the predictor of a case, and the item that walks."""
    architecture, settings, items = CASES[name]
    return predictor(architecture, settings, items), items[0]


def predictor(architecture: dict[str, Any], settings: dict[str, Any], items: list[Any]) -> Predictor:
    """Fit an adapter, and draw weights: none of them 0 or 1, as a fresh normalisation's are."""
    adapter = registry.from_settings(settings).fit(items)
    spec = adapter.grid_
    scaler = Scaler.identity() if spec.vocabulary else Scaler.fitted([adapter.transform(items)])
    overrides = {key: value for key, value in architecture.items() if key != "name"}
    made = zoo.architecture(architecture["name"], overrides)
    network = Network(made, zoo.Grid(spec.shape, spec.vocabulary_size), len(CLASSES), "adam", False)
    rng = np.random.default_rng(3)
    for weight in network.model.weights:
        if "kernel" in weight.path or "embeddings" in weight.path:
            continue
        low, high = (0.5, 1.5) if weight.path.endswith(("gamma", "variance")) else (-0.4, 0.4)
        weight.assign(rng.uniform(low, high, weight.shape))
    return Predictor(adapter, made.config(), CLASSES, scaler, Recipe(), network, History())
