"""The search loop: budgets with the final training inside, failures, ties, and what is kept."""

from dataclasses import replace

import numpy as np
import pytest

import zoo
from training.errors import ExperimentError
from training.fitting.parts import Part
from training.fitting.recipe import Recipe
from training.tuning.bench import Bench
from training.tuning.budget import Budget
from training.tuning.flops import training_flops
from training.tuning.proposals import proposer_for
from training.tuning.search import search
from training.tuning.settings import Tuning
from training.tuning.space import joined_space
from training.tuning.states import States
from training.tuning.trainer import Lap, Trainer

RECIPE = Recipe(epochs=20)
GRID = zoo.Grid((8, 8, 1))
LENET = zoo.architecture("lenet5").config()


@pytest.fixture
def hunt(tmp_path):
    """Search with made-up laps; gives what was found and the legs that were trained."""

    def run(tuning, lap, seed=0):
        part = Part(np.zeros((100, *GRID.shape), np.float32), np.zeros(100, np.int32))
        trainer = Trainer({"": Bench(part, part, GRID, 10, [], 0)}, LENET, RECIPE, States(tmp_path), tuning.epochs)
        space = joined_space(zoo.space(zoo.from_config(LENET)), RECIPE, tuning.over)
        trained = []

        def train(legs):
            trained.extend(legs)
            return [lap(leg) for leg in legs]

        found = search(tuning, proposer_for(tuning, space, seed), train, trainer.states, Budget(tuning, trainer))
        return found, trained

    return run


def good(leg, score=None):
    value = score if score is not None else leg.values["recipe.learning_rate"] + leg.rungs[-1]
    curve = [value] * leg.epochs
    return Lap((value, 0.0), {"loss": curve, "validation_accuracy": curve}, 0.5, 0.1, 1e6 * leg.epochs, 7)


def test_the_best_of_those_that_were_trained_longest_is_chosen(hunt):
    found, trained = hunt(Tuning(trials=18, epochs=15), good)
    top = [leg for leg in trained if leg.rungs[-1] == 15]
    assert found.values == max(top, key=lambda leg: leg.values["recipe.learning_rate"]).values
    assert len(found.trials) == 18
    assert {trial.status for trial in found.trials} == {"completed", "stopped"}
    for trial in found.trials:
        legs = [leg for leg in trained if leg.values == trial.values]
        assert trial.epochs == len(trial.curves["loss"]) == legs[-1].rungs[-1]
        assert (trial.rung, trial.seconds) == (len(legs) - 1, 0.5 * len(legs))
        assert trial.flops == 1e6 * trial.epochs
        assert (trial.status == "completed") == (trial.epochs == 15)


def test_of_equal_scores_the_lower_loss_wins_then_the_earlier(hunt):
    equal, _ = hunt(Tuning(trials=4), lambda leg: good(leg, 0.9))
    assert equal.values == equal.trials[0].values
    lower, _ = hunt(Tuning(trials=4), lambda leg: replace(good(leg, 0.9), score=(0.9, float(leg.trial == 2))))
    assert lower.values == lower.trials[2].values


def test_the_given_setting_stays_unless_another_is_better_by_a_standard_error(hunt):
    def searched(lead, items, **settings):
        tuning = Tuning(trials=4, rule="one-standard-error", **settings)
        found, _ = hunt(tuning, lambda leg: replace(good(leg, 0.8 + lead * (leg.trial == 2)), items=items))
        return found.trials.index(next(trial for trial in found.trials if trial.values == found.values))

    # The standard error of 84 % of 25 items is 7.3 points, of 1,000 items 1.2.
    assert searched(0.04, items=25) == 0
    assert searched(0.08, items=25) == 2
    assert searched(0.04, items=1000) == 2
    assert searched(0.0, items=25) == 0


def test_a_given_setting_that_was_left_behind_is_compared_as_far_as_it_went(hunt):
    def lap(leg):
        # The others go on and become much better, of which their first rung tells nothing.
        return replace(good(leg, 0.6 + 0.01 * (leg.trial > 0) + 0.3 * (leg.rungs[-1] == 15)), items=100)

    best, trained = hunt(Tuning(trials=18, epochs=15), lap)
    assert not any(leg.trial == 0 and leg.rungs[-1] > 2 for leg in trained)
    assert best.values != best.trials[0].values
    careful, _ = hunt(Tuning(trials=18, epochs=15, rule="one-standard-error"), lap)
    assert careful.values == careful.trials[0].values


def test_one_standard_error_needs_a_given_setting():
    with pytest.raises(ExperimentError, match="rule beside first='proposed'"):
        Tuning(rule="one-standard-error", first="proposed")
    with pytest.raises(ExperimentError, match="one-standard-error"):
        Tuning(rule="one-standart-error")


def test_a_failed_trial_is_kept_with_its_reason(hunt):
    found, _ = hunt(Tuning(trials=4), lambda leg: Lap(None, reason="no memory") if leg.trial == 1 else good(leg))
    assert [trial.status for trial in found.trials] == ["completed", "failed", "completed", "completed"]
    assert (found.trials[1].score, found.trials[1].reason) == (0.0, "no memory")


def test_a_search_in_which_all_fail_says_why(hunt):
    with pytest.raises(ExperimentError, match="all 12 failed, the first with: no memory"):
        hunt(Tuning(trials=12), lambda leg: Lap(None, reason="no memory"))


@pytest.mark.parametrize("oracle", ["random", "bayesian", "hyperband", "evolution"])
@pytest.mark.parametrize("times", [1.5, 4.0, 30.0])
def test_flops_hold_search_and_final_training(hunt, oracle, times):
    def epoch(values):
        fields = {name.partition(".")[2]: value for name, value in values.items() if name.startswith("arch")}
        return training_flops(zoo.measure(zoo.architecture("lenet5", fields), GRID, 10).macs, 100)

    limit = epoch({}) * 20 * times
    found, trained = hunt(Tuning(oracle, trials=18, flops=limit), good)
    spent = sum(epoch(leg.values) * leg.epochs for leg in trained)
    assert spent + epoch(found.values) * RECIPE.epochs <= limit
    assert trained


def test_too_few_flops_are_refused_with_what_is_needed(hunt):
    with pytest.raises(ExperimentError, match=r"at least, got 1e\+03"):
        hunt(Tuning(flops=1e3), good)


def test_seconds_are_kept(hunt, monkeypatch):
    """A clock that goes on by what a leg says it took."""
    now = 0.0
    monkeypatch.setattr("training.tuning.budget.time.monotonic", lambda: now)

    def slow(leg):
        nonlocal now
        now += 1.0 + leg.epochs
        return replace(good(leg), seconds=1.0 + leg.epochs, pace=1.0)

    for seconds in (60.0, 120.0, 400.0):
        now = 0.0
        _, trained = hunt(Tuning(trials=200, seconds=seconds), slow)
        assert now + 1.0 + RECIPE.epochs <= seconds + 8 * (1 + trained[0].epochs)  # the first legs are not foretold
        assert now > seconds / 4


def test_what_is_left_limits_the_final_training(tmp_path):
    trainer = Trainer({}, LENET, RECIPE, States(tmp_path), 15)
    assert Budget(Tuning(), trainer).final(RECIPE) == RECIPE
    assert 99 < Budget(Tuning(seconds=100), trainer).final(RECIPE).seconds <= 100
    assert Budget(Tuning(seconds=100), trainer).final(replace(RECIPE, seconds=3.0)).seconds == 3.0
    assert Budget(Tuning(seconds=1e-9), trainer).final(RECIPE).seconds > 0


def test_states_are_bounded_and_the_best_survive(tmp_path, monkeypatch):
    states = States(tmp_path)
    for trial in range(5):
        states.save(trial, 1, [np.full(100, trial, np.float32), np.float32(3)])
    size = (tmp_path / "trial-0.npz").stat().st_size
    monkeypatch.setattr("training.tuning.states.MOST", 2.5 * size)
    states.trim([3, 1, 4, 0])  # nobody asks for 2 any more
    assert sorted(path.name for path in tmp_path.iterdir()) == ["trial-1.npz", "trial-3.npz"]
    rung, (weights, step) = states.load(3)
    assert (rung, weights[0], step) == (1, 3, 3)
    assert states.load(2) == (-1, [])


def test_a_damaged_state_is_no_state(tmp_path):
    states = States(tmp_path)
    states.save(0, 0, [np.zeros(1000, np.float32)])
    whole = (tmp_path / "trial-0.npz").read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 10):
        (tmp_path / "trial-0.npz").write_bytes(whole[:cut])
        assert states.load(0) == (-1, [])
