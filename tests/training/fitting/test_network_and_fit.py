"""Trained for real: a seed decides everything, a kept network equals a new one, best epoch kept."""

from dataclasses import replace
from itertools import accumulate, count
from types import SimpleNamespace

import numpy as np
import pytest

import zoo
from training.fitting.fit import Training, class_weights, fit, mean_log_loss
from training.fitting.network import Network
from training.fitting.parts import Part
from training.fitting.recipe import Recipe

GRID = zoo.Grid((12, 2))
RECIPE = Recipe(epochs=15, batch_size=16, learning_rate=5e-3, patience=15)


def parts(n=100, seed=0):
    """Two classes told by where a bump lies: a task for neighbourhoods, not a trivial one."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n).astype(np.int32)
    x = rng.normal(0, 0.3, (n, *GRID.shape)).astype(np.float32)
    x[np.arange(n), 2 + 7 * y] += 2
    return Part(x[:70], y[:70]), Part(x[70:], y[70:])


@pytest.fixture(scope="module")
def network():
    return Network(zoo.architecture("lenet5"), GRID, 2, "adam", decays=True)


def test_it_learns_and_a_seed_decides_everything(network):
    train, validation = parts()
    first = fit(network, train, validation, RECIPE, seed=0)
    logits = network.predict(validation.x)
    assert (logits.argmax(1) == validation.y).mean() >= 0.9
    fit(network, train, validation, RECIPE, seed=1)
    assert not np.array_equal(network.predict(validation.x), logits)
    again = fit(network, train, validation, RECIPE, seed=0)
    np.testing.assert_array_equal(network.predict(validation.x), logits)
    assert first.curves == again.curves


def test_weights_drawn_anew_are_those_of_a_new_network(network):
    network.draw(7)
    fresh = zoo.build(zoo.architecture("lenet5"), GRID, 2, seed=7)
    for kept, new in zip(network.model.get_weights(), fresh.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, new)


def test_many_small_networks_are_no_mistake_to_tensorflow(caplog):
    """It warns of functions that are traced anew in most of their calls."""
    x = parts()[1].x
    with caplog.at_level("WARNING", logger="tensorflow"):
        for width in range(8, 20):
            Network(zoo.architecture("mlp", {"units": width}), GRID, 2, "adam", decays=False).predict(x)
    assert not [one for one in caplog.messages if "retracing" in one]


def test_the_best_epoch_is_kept(network):
    train, validation = parts()
    history = fit(network, train, validation, Recipe(epochs=6, batch_size=16, learning_rate=0.5), seed=0)
    losses = history.curves["validation_loss"]
    assert history.best_epoch == int(np.argmin(losses))
    assert mean_log_loss(network.predict(validation.x), validation.y) == pytest.approx(min(losses), abs=1e-4)


@pytest.mark.parametrize(("seconds", "epochs"), [(0.5, 1), (1.0, 1), (4.5, 4), (40.0, 15)])
def test_a_schedule_ends_when_its_time_does(network, monkeypatch, seconds, epochs):
    """By a clock that ticks once an epoch; a schedule that were cut off would end at a high rate."""
    rates, ticks = [], count()
    monkeypatch.setattr("training.fitting.fit.time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    state = [variable.numpy() for variable in network.model.variables]
    monkeypatch.setattr("training.fitting.fit.one_epoch", lambda *given: (rates.append(given[3]), (0.0, 0.0, state))[1])
    train, validation = parts()
    nothing = Part(validation.x[:0], validation.y[:0])
    history = fit(network, train, nothing, replace(RECIPE, seconds=seconds), seed=0)
    assert history.epochs == len(rates) == epochs
    if epochs > 1:
        assert rates[-1] == pytest.approx(RECIPE.rates(5 * epochs)[-5:])
        assert rates[-1].max() < 0.2 * max(map(np.max, rates))


def test_a_training_whose_time_was_short_can_be_repeated(network, monkeypatch):
    """Its clock runs unevenly; the repetition knows its plan, not its clock."""
    train, validation = parts()
    ticks = accumulate([0.0, 0.0, 1.0, 0.4, 0.4, 2.0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 9.0])
    monkeypatch.setattr("training.fitting.fit.time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    first = fit(network, train, validation, replace(RECIPE, seconds=4.5), seed=0)
    logits = network.predict(validation.x)
    planned = first.curves.pop("planned_epochs")
    assert len(set(planned)) > 2
    monkeypatch.undo()
    again = Training(network, train, validation, RECIPE, 0, planned=planned)
    again.run(first.epochs)
    assert again.keep_best().curves == first.curves
    np.testing.assert_array_equal(network.predict(validation.x), logits)


def test_without_validation_items_the_last_epoch_is_kept(network):
    train, validation = parts()
    nothing = Part(validation.x[:0], validation.y[:0])
    history = fit(network, train, nothing, Recipe(epochs=4, batch_size=16, patience=1), seed=0)
    assert (history.epochs, history.best_epoch) == (4, 3)
    assert set(history.curves) == {"loss", "accuracy"}


def test_a_training_that_pauses_ends_like_one_that_does_not(network):
    train, validation = parts()
    undisturbed = fit(network, train, validation, RECIPE, seed=0)
    expected = network.predict(validation.x)
    paused = Training(network, train, validation, RECIPE, seed=0)
    for until in (1, 5, RECIPE.epochs):
        paused.run(until)
        state = paused.state()
        fit(network, train, validation, Recipe(epochs=2, batch_size=16), seed=3)  # another one in between
        paused.resume(state)
    assert paused.finished
    assert paused.keep_best().curves == undisturbed.curves
    np.testing.assert_array_equal(network.predict(validation.x), expected)


def test_patience_ends_a_hopeless_training(network):
    train, validation = parts()
    noise = Part(validation.x, 1 - validation.y)  # what is learned makes these worse
    history = fit(network, train, noise, Recipe(epochs=50, patience=3), seed=0)
    assert history.epochs <= history.best_epoch + 4 < 50


def test_the_last_incomplete_batch_is_trained_on(network):
    train, _ = parts()
    weights = class_weights(train.y, 2, balance=False)
    _, hits, _ = network.epoch(train.x, train.y, weights, np.zeros(5, np.float32), 16, 0.0, 0.0, network.dropout)
    assert 0 <= float(hits) <= 70
    losses, _, _ = network.epoch(
        train.x[:1], train.y[:1], weights[:1], np.zeros(1, np.float32), 16, 0.0, 0.0, network.dropout
    )
    assert float(losses) > 0


def test_class_weights_give_every_class_the_same_say():
    y = np.array([0, 0, 0, 1], np.int32)
    weights = class_weights(y, 2, balance=True)
    assert weights[:3].sum() == pytest.approx(weights[3])
    assert weights.sum() == pytest.approx(4)


def test_the_schedule_warms_up_and_cools_down():
    rates = Recipe(learning_rate=1.0).rates(100)
    assert rates[0] == pytest.approx(0.2)
    assert rates[4] == pytest.approx(1.0)
    assert rates[-1] < 0.01
    assert (np.diff(rates[5:]) <= 0).all()
