"""Weights without gradients: a population is many networks, evaluations are counted, and methods do find minima."""

import builtins

import keras
import numpy as np
import pytest
import tensorflow as tf

import zoo
from training.errors import ExperimentError
from training.genes.evolve import evolve_weights
from training.genes.landscape import Landscape, losses_of

METHODS = ["genetic", "cma", "gradient"]
XOR = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.float32)[:, :, None]
ODD = np.array([0, 1, 1, 0], np.int32)


def mlp(seed=0):
    return zoo.build(zoo.architecture("mlp", {"units": 6, "layers": 1}), zoo.Grid((2, 1)), 2, seed=seed)


def needs(method):
    if method == "cma":
        pytest.importorskip("cma", reason="cma is an extra")


@pytest.mark.parametrize(
    ("name", "fields", "shape"),
    [
        ("lenet5", {"maps": (3, 4), "units": (5,), "kernel": 3}, (8, 7, 1)),
        ("xo2", {}, (9, 9, 1)),
        ("textcnn", {"filters": 3, "kernels": (2, 3)}, (7, 4)),
        ("timecnn", {"activation": "relu"}, (20, 2)),
        ("mlp", {"units": 4, "layers": 2}, (5, 1)),
        ("lenet5", {"maps": (2,), "units": (3,), "kernel": 3}, (5, 4, 6, 1)),
        ("resnet8", {"width": 4}, (8, 8, 1)),
    ],
)
def test_a_population_answers_as_its_members_do(name, fields, shape):
    members = [zoo.build(zoo.architecture(name, fields), zoo.Grid(shape), 3, seed=seed) for seed in range(3)]
    x = np.random.default_rng(0).normal(size=(4, *shape)).astype(np.float32)
    y = np.array([0, 1, 2, 1], np.int32)
    landscapes = [Landscape(member, x, y, losses_of("cross-entropy"), losses_of("error")) for member in members]
    found = landscapes[0].losses(np.stack([one.start for one in landscapes]))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    expected = [float(loss(y, member(x, training=False))) for member in members]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert (landscapes[0].spent, landscapes[1].spent) == (3, 0)
    landscapes[0].put()
    assert float(loss(y, members[0](x, training=False))) == pytest.approx(min(expected), rel=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_solves_what_no_line_can(method):
    needs(method)
    model = mlp()
    found = evolve_weights(model, XOR, ODD, method=method, evaluations=3000, seed=0, step=0.3)
    outputs = np.asarray(model(XOR))
    assert (outputs.argmax(1) == ODD).all()
    truth = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(ODD, outputs)
    assert found.loss == pytest.approx(float(truth), rel=1e-3, abs=1e-6)  # the model has the weights of the loss told
    spent, losses = zip(*found.curve, strict=True)
    assert list(losses) == sorted(losses, reverse=True)
    assert list(spent) == sorted(spent)
    assert spent[-1] <= found.evaluations <= 3000


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_seed_decides_everything(method, seed):
    needs(method)
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    first, second = (evolve_weights(mlp(), XOR, ODD, method=method, evaluations=300, seed=seed) for _ in range(2))
    assert first.curve == second.curve
    assert (np.random.get_state()[1] == before).all()  # the world's own generator is left alone
    if method != "gradient":
        assert evolve_weights(mlp(), XOR, ODD, method=method, evaluations=300, seed=seed + 2).curve != first.curve


def test_a_gradient_costs_three_and_is_right():
    landscape = Landscape(mlp(), XOR, ODD, losses_of("cross-entropy"), losses_of("cross-entropy"))
    slope = landscape.slope(landscape.start)
    assert landscape.spent == 3
    for place in (0, 7, len(slope) - 1):
        aside = np.tile(landscape.start, (2, 1))
        aside[:, place] += [1e-2, -1e-2]
        up, down = landscape.losses(aside)
        assert slope[place] == pytest.approx((up - down) / 2e-2, abs=2e-3)
    assert landscape.spent == 9


def test_what_has_no_gradient_can_still_be_low():
    model = mlp()
    found = evolve_weights(model, XOR, ODD, method="genetic", loss="error", evaluations=3000, step=0.5)
    assert found.loss == 0.0
    with pytest.raises(ExperimentError, match="stand_in: expected a loss with a gradient"):
        evolve_weights(mlp(), XOR, ODD, method="gradient", loss="error", stand_in="error", evaluations=600)
    stood_in = evolve_weights(mlp(), XOR, ODD, method="gradient", loss="error", evaluations=3000, step=0.1)
    assert stood_in.loss == 0.0


def test_a_loss_of_ones_own_and_losses_that_are_no_numbers():
    def far(truth, outputs):
        distance = tf.abs(outputs[:, 0] - 3.0)
        return tf.where(outputs[:, 1] > 0, distance, float("nan"))

    found = evolve_weights(mlp(), XOR, ODD, method="genetic", loss=far, evaluations=4000, step=0.3)
    assert 0 <= found.loss < 0.5


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"method": "genes"}, "Known: genetic, cma, gradient"),
        ({"loss": "accuracy"}, "Known: cross-entropy, error"),
        ({"population": 1}, "at least 2"),
        ({"evaluations": 10, "method": "genetic"}, "at least one turn, 40"),
        ({"step": 0.0}, "more than 0"),
        ({"seed": -1}, "0 or more"),
    ],
)
def test_settings_that_make_no_sense(settings, said):
    with pytest.raises(ExperimentError, match=said):
        evolve_weights(mlp(), XOR, ODD, **settings)


def test_targets_that_do_not_fit_and_networks_that_are_too_large():
    with pytest.raises(ExperimentError, match="as many grids as targets"):
        evolve_weights(mlp(), XOR, ODD[:3])
    with pytest.raises(ExperimentError, match="20,000 trainable weights, got 61"):
        evolve_weights(zoo.build("lenet5", zoo.Grid((32, 32, 1)), 10), XOR, ODD)


def test_a_missing_package_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "cma":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExperimentError, match=r"pip install 'gridzoo\[genes\]'"):
        evolve_weights(mlp(), XOR, ODD, method="cma", evaluations=100)
