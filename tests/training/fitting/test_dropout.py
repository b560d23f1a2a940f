"""Rates of dropout are given to a program: networks that differ in them alone share one, and learn as if each had its own."""

import keras
import numpy as np
import pytest

import zoo
from training.fitting import network as networks
from training.fitting.dropout import Dropout, Dropouts
from training.fitting.network import Network, network_for

GRID = zoo.Grid((12, 1))
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(48, 12, 1)).astype(np.float32), np.arange(48, dtype=np.int32) % 3
ONES, RATES = np.ones(48, np.float32), np.full(3, 1e-2, np.float32)


@pytest.fixture(autouse=True)
def none_kept(monkeypatch):
    monkeypatch.setattr(networks, "_kept", networks._Kept())


def settings(name="fcn", **fields):
    return zoo.architecture(name, fields).config()


def of(model, seed=0):
    return network_for(model, GRID, 3, "adam", False, seed=seed)


def learned(network, seed=0):
    """Train for two epochs from freshly drawn weights."""
    network.draw(seed)
    for _ in range(2):
        network.epoch(X, Y, ONES, RATES, 16, 0.0, 0.0, network.dropout)
    return network.weights()


@pytest.mark.parametrize(("dtype", "rounding"), [("float32", 2e-7), ("mixed_bfloat16", 2**-7)])
def test_a_fed_layer_drops_what_keras_drops(dtype, rounding):
    x = keras.ops.cast(RNG.normal(size=(40, 7)), "bfloat16" if "16" in dtype else "float32")
    own = keras.layers.Dropout(0.3, seed=5, dtype=dtype)
    fed = Dropout(0.9, seed=5, dtype=dtype)
    object.__setattr__(fed, "fed", keras.ops.convert_to_tensor(0.3))
    for _ in range(3):
        expected = keras.ops.convert_to_numpy(keras.ops.cast(own(x, training=True), "float32"))
        found = keras.ops.convert_to_numpy(keras.ops.cast(fed(x, training=True), "float32"))
        np.testing.assert_array_equal(found == 0, expected == 0)
        np.testing.assert_allclose(found, expected, rtol=rounding)
        assert (expected == 0).any()
    np.testing.assert_array_equal(keras.ops.cast(fed(x), "float32"), keras.ops.cast(x, "float32"))


def test_networks_that_differ_in_rates_alone_share_a_program_and_learn_as_if_each_had_its_own():
    rates = (0.1, 0.5, 0.3)
    shared = [of(settings("mlp", dropout=rate, input_dropout=0.6 - rate)) for rate in rates]
    assert len({id(network.epoch) for network in shared}) == len({id(network.model) for network in shared}) == 1
    assert [network.dropout.tolist() for network in shared] == [pytest.approx([0.6 - r, 0.2, r]) for r in rates]
    together = [learned(network) for network in shared]
    assert any((a != b).any() for a, b in zip(*together[:2], strict=True))
    for rate, found in zip(rates, together, strict=True):
        own = Network(zoo.architecture("mlp", {"dropout": rate, "input_dropout": 0.6 - rate}), GRID, 3, "adam", False)
        for a, b in zip(learned(own), found, strict=True):
            np.testing.assert_array_equal(a, b)


def test_what_else_differs_is_a_network_of_its_own():
    first = of(settings(dropout=0.3))
    for other in (settings(), settings(dropout=0.3, width=64)):
        assert of(other).epoch is not first.epoch
    grid = zoo.Grid((32, 32, 1))
    structures = [
        Dropouts(zoo.build(zoo.architecture("bc-resnet-1", {"block_dropout": rate}), grid, 3)).structure
        for rate in (0.1, 0.2)
    ]
    assert structures[0] != structures[1]  # whole channels are dropped by the layer's own rate


def test_a_network_that_is_gone_is_drawn_again(monkeypatch):
    monkeypatch.setattr(networks, "KEPT", 2)
    first = learned(of(settings(dropout=0.3, width=16)))
    for width in (32, 48, 64):
        of(settings(dropout=0.3, width=width))
    assert len(networks._kept.networks) == len(networks._kept.known) == 2
    for a, b in zip(first, learned(of(settings(dropout=0.3, width=16))), strict=True):
        np.testing.assert_array_equal(a, b)
