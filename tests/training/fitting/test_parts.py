"""What is learned from a file is what is learned from memory; statistics come in parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zoo
from training.fitting import fit as fitting
from training.fitting import parts
from training.fitting.fit import fit
from training.fitting.network import Network
from training.fitting.parts import Part, Stored
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler

SHAPE = (12, 2)


def _double(x):
    return (x * 2).astype(np.float32)


@pytest.fixture
def stored(tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "grids.npy", rng.normal(0, 1, (90, *SHAPE)).astype(np.float32))
    return Stored(tmp_path / "grids.npy", rng.permutation(90)[:70])


def test_grids_from_a_file_teach_what_grids_in_memory_do(stored, monkeypatch):
    y = np.arange(70, dtype=np.int32) % 2
    for module in (parts, fitting):
        monkeypatch.setattr(module, "SEGMENT", 4 * 24 * 20)  # twenty grids: several segments an epoch
    in_memory = Part.of(stored, y, _double)
    monkeypatch.setattr(parts, "IN_MEMORY", 0)
    streamed = Part.of(stored, y, _double)
    assert isinstance(in_memory.x, np.ndarray)
    assert isinstance(streamed.x, Stored)
    network = Network(zoo.architecture("lenet5"), zoo.Grid(SHAPE), 2, "adam", decays=True)
    noise = [lambda x, rng: x + rng.normal(0, 0.1, x.shape).astype(np.float32)]
    recipe = Recipe(epochs=3, batch_size=8)
    curves, logits = [], []
    for part in (in_memory, streamed):
        curves.append(fit(network, part, part, recipe, 0, noise).curves)
        logits.append(np.concatenate([network.predict(x) for x in part.segments()]))
    assert curves[0] == curves[1]
    np.testing.assert_array_equal(*logits)


def test_an_epoch_in_segments_is_an_epoch_in_one(stored, monkeypatch):
    y = np.arange(70, dtype=np.int32) % 2
    part = Part.of(stored, y, _double)
    network = Network(zoo.architecture("lenet5"), zoo.Grid(SHAPE), 2, "adam", decays=True)
    whole = fit(network, part, part, Recipe(epochs=2, batch_size=8), 0).curves
    for module in (parts, fitting):
        monkeypatch.setattr(module, "SEGMENT", 4 * 24 * 20)
    cut = fit(network, part, part, Recipe(epochs=2, batch_size=8), 0).curves
    assert whole.keys() == cut.keys()
    for name, values in whole.items():
        np.testing.assert_allclose(values, cut[name], atol=1e-5)


def test_segments_hold_every_row_in_order(stored, monkeypatch):
    monkeypatch.setattr(parts, "SEGMENT", 4 * 24 * 20)
    segments = list(stored.segments())
    assert [len(x) for x in segments] == [20, 20, 20, 10]
    np.testing.assert_array_equal(np.concatenate(segments), np.load(stored.path)[stored.rows])


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    level=st.sampled_from([0.0, 1.0, -1e4]),
    seed=st.integers(0, 99),
)
def test_moments_of_segments_are_those_of_the_whole(sizes, level, seed):
    rng = np.random.default_rng(seed)
    segments = [rng.normal(level, 1, (size, 5, 2)).astype(np.float32) for size in sizes]
    whole = np.concatenate(segments).astype(np.float64)
    scaler = Scaler.fitted(segments)
    np.testing.assert_allclose(scaler.mean, whole.mean((0, 1)), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(scaler.deviation, whole.std((0, 1)), rtol=1e-5)


def test_a_constant_channel_stays_at_zero():
    x = np.full((7, 5, 1), 0.1, np.float32)
    scaled = Scaler.fitted([x[:3], x[3:]])(x)
    assert np.abs(scaled).max() < 1e-5
