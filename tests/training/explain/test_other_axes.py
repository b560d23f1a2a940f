"""Adapters whose grid and item do not share their axes: totals hold, and a page can be made."""

import json

import numpy as np
import pytest

import zoo
from adapters import registry
from reports.inside import page as pages
from training.explain.explain import explain
from training.fitting.fit import History
from training.fitting.network import Network
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler

RNG = np.random.default_rng(0)
SOUNDS = [(RNG.normal(0, 0.1, n).astype(np.float32), 8000) for n in (3000, 4000, 1500)]
SERIES = [RNG.normal(size=(n, 2)) for n in (20, 33, 5)]
ROWS = [{"age": float(i), "sex": "fm"[i % 2], "size": float(i * i)} for i in range(6)]
# The last item is the one that is explained: it is shorter or longer than the grid.
CASES = {
    "waveform": ({"sample_rate": 8000, "duration": 0.3, "policy": "loop"}, SOUNDS),
    "constant-q": ({"sample_rate": 8000, "duration": 0.5, "fmin": 110.0, "n_bins": 40}, SOUNDS),
    "mfcc": ({"sample_rate": 8000, "duration": 0.3, "n_fft": 512, "policy": "crop"}, SOUNDS),
    "gramian-field": ({}, SERIES),
    "scalogram": ({}, SERIES),
    "table-grid": ({}, ROWS),
    "page": ({}, ["x = 1\n\nprint(x)", "y = 2\nz", "if x:\n\ty\n" * 4]),
    "fields": ({}, ['{"name": "Ada", "city": "Bonn"}', "name=Bo city=", "name=" + "Cy" * 30]),
    "k-mers": ({"k": 2}, ["ACGTAC", "GATTACA", "ACGTACGTACGTNN"]),
    "bytes": ({}, ["Zoë", "a", "👍 long enough to lose its end"]),
    "image": ({"height": 6, "width": 9, "channels": "rgb", "policy": "pad"}, list(RNG.integers(0, 255, (3, 40, 30, 3)).astype(np.uint8))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_item_gets_an_explanation_and_a_page(name):
    settings, items = CASES[name]
    adapter = registry.from_settings({"name": name, **settings})
    grids = adapter.fit_transform(items[:2])
    ids = adapter.grid_.vocabulary_size
    architecture = zoo.architecture("lenet5", {"maps": [2, 3], "units": [4]})
    network = Network(architecture, zoo.Grid(adapter.grid_.shape, ids), 2, "adam", decays=False)
    scaler = Scaler.identity() if ids else Scaler.fitted([grids])
    predictor = Predictor(adapter, architecture.config(), ("a", "b"), scaler, Recipe(), network, History())
    found = explain(predictor, items[-1], items=items, labels=["a"] * len(items))
    json.dumps(found.to_json(), allow_nan=False)
    for relevance in found.relevances:
        size = np.abs(relevance.values).sum()
        assert np.sum(relevance.values) == pytest.approx(relevance.total, abs=1e-4 * max(1e-2, size))
    for stage in found.stages:
        for (low, high), axis in zip(stage.theoretical, found.relevances[0].axes, strict=True):
            assert min(axis["edges"]) <= low < high <= max(axis["edges"])
    page = pages.render(found)
    assert all(relevance.name in page for relevance in found.relevances)
