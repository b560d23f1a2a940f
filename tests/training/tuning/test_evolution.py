"""Regularised evolution: what a child may be, who may be a parent, and stock keras-tuner around it."""

import json
from itertools import pairwise

import keras
import keras_tuner
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras_tuner.engine import hyperparameters as kinds

from training.errors import ExperimentError
from training.tuning.evolution import EvolutionOracle, moved
from training.tuning.settings import Tuning

DIMENSIONS = [
    kinds.Float("linear", -1.0, 2.0),
    kinds.Float("log", 1e-5, 1e-1, sampling="log"),
    kinds.Float("reversed", 0.1, 0.9, sampling="reverse_log"),
    kinds.Float("stepped", 0.0, 1.0, step=0.1),
    kinds.Int("whole", 1, 9),
    kinds.Int("by three", 2, 15, step=3),
    kinds.Int("doubling", 2, 64, step=2, sampling="log"),
    kinds.Int("log whole", 1, 1000, sampling="log"),
    kinds.Choice("ordered", [1, 2, 4, 8, 16]),
    kinds.Choice("words", ["a", "b", "c"]),
    kinds.Boolean("flag"),
]


def space():
    hp = keras_tuner.HyperParameters()
    hp.Float("rate", 1e-4, 1e-1, sampling="log")
    hp.Choice("width", [8, 16, 32, 64])
    hp.Boolean("deep")
    with hp.conditional_scope("deep", [True]):
        hp.Int("depth", 2, 6)
        hp.Choice("joint", ["add", "concat"])
        with hp.conditional_scope("joint", ["concat"]):
            hp.Int("groups", 1, 3)
    return hp


def worth(values):
    return -abs(np.log10(values["rate"]) + 3) + values["width"] / 64 - (0.5 if values.get("deep") else 0)


def oracle_of(hp=None, direction="max", **more):
    made = EvolutionOracle(keras_tuner.Objective("score", direction), hyperparameters=hp or space(), **more)
    made.verbose, made.save, made._save_trial = 0, lambda: None, lambda trial: None
    return made


def lived(oracle, times, score=worth, together=1):
    """Run trials, some open at once; gives them in the order of proposal."""
    for _ in range(times // together):
        asked = [oracle.create_trial(f"worker {number}") for number in range(together)]
        for trial in asked:
            if trial.status != "RUNNING":
                return list(oracle.trials.values())
            value = score(trial.hyperparameters.values)
            trial.status = "COMPLETED" if value is not None else "FAILED"
            if value is not None:
                oracle.update_trial(trial.trial_id, {"score": value})
            oracle.end_trial(trial)
    return list(oracle.trials.values())


def points(trials):
    return [trial.hyperparameters.values for trial in trials]


@settings(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), seed=st.integers(0, 2**32), hp=st.sampled_from(DIMENSIONS))
def test_a_change_stays_in_its_dimension(place, seed, hp):
    value = hp.prob_to_value(place)
    new = moved(hp, value, np.random.default_rng(seed))
    assert type(new) is type(value)
    if hp.name in ("linear", "log", "reversed", "log whole"):
        assert hp.min_value <= new <= hp.max_value
    else:
        assert new in list(hp.values)
        assert new != value


def test_numbers_move_a_little_and_on_their_own_scale():
    rng = np.random.default_rng(0)
    log = [np.log10(moved(DIMENSIONS[1], 1e-3, rng)) for _ in range(500)]
    assert np.mean(log) == pytest.approx(-3, abs=0.1)
    assert np.std(log) == pytest.approx(4 * 0.15, rel=0.15)
    near = [moved(kinds.Int("n", 0, 99), 50, rng) for _ in range(500)]
    assert np.std(near) == pytest.approx(15, rel=0.15)


def test_every_other_value_of_a_choice_can_come():
    rng = np.random.default_rng(0)
    assert {moved(DIMENSIONS[9], "b", rng) for _ in range(50)} == {"a", "c"}
    assert {moved(kinds.Choice("n", [1, 2, 3]), 1, rng) for _ in range(99)} == {2, 3}
    assert moved(kinds.Choice("one", ["only"]), "only", rng) == "only"


def test_a_setting_off_the_steps_can_still_move():
    assert moved(kinds.Int("n", 2, 14, step=4), 7, np.random.default_rng(0)) in (2, 10, 14)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_seed_decides_everything(seed):
    first, second = (lived(oracle_of(seed=seed, population=5), 25, together=3) for _ in range(2))
    assert points(first) == points(second)
    assert points(first) != points(lived(oracle_of(seed=seed + 1, population=5), 25, together=3))


def test_a_child_differs_from_its_parent_in_one_value():
    hp = keras_tuner.HyperParameters()
    for name in "abcd":
        hp.Float(name, 0.0, 1.0)
    oracle = oracle_of(hp, seed=0, population=6)
    trials = lived(oracle, 40, lambda values: sum(values.values()))
    assert [oracle.lineage[trial.trial_id] for trial in trials[:6]] == [[]] * 6
    for trial in trials[6:]:
        (parent,) = oracle.lineage[trial.trial_id]
        before = oracle.trials[parent].hyperparameters.values
        assert sum(before[name] != value for name, value in trial.hyperparameters.values.items()) == 1


def test_who_is_old_is_no_parent():
    oracle = oracle_of(seed=0, population=5, sample=50)
    scores = iter([100.0] + [float(n) for n in range(40)])
    lived(oracle, 41, lambda values: next(scores))
    for trial_id, parents in oracle.lineage.items():
        assert all(int(trial_id) - 5 <= int(parent) < int(trial_id) for parent in parents)
    # With a tournament of all, the parent is the best of the living.
    assert [oracle.lineage[f"{n:03}"] for n in (5, 6, 40)] == [["000"], ["005"], ["039"]]


@pytest.mark.parametrize("direction", ["min", "max"])
def test_evolution_goes_where_the_objective_says(direction):
    def late(oracle):
        trials = lived(oracle, 60, lambda values: np.log10(values["rate"]))
        return np.mean([np.log10(point["rate"]) for point in points(trials)[40:]])

    end = late(oracle_of(direction=direction, seed=0, population=8))
    assert end < -3.5 if direction == "min" else end > -1.5


def test_evolution_beats_chance_on_a_slope():
    def best(oracle):
        return np.mean(sorted(worth(point) for point in points(lived(oracle, 60)))[-10:])

    chance = [
        best(keras_oracle)
        for seed in (1, 2, 3)
        if (keras_oracle := oracle_of(seed=seed, population=60))  # never old enough to breed
    ]
    assert min(best(oracle_of(seed=seed, population=10)) for seed in (1, 2, 3)) > np.mean(chance)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), crossover=st.sampled_from([0.0, 1.0]), together=st.integers(1, 7))
def test_what_does_not_matter_has_no_value(seed, crossover, together):
    oracle = oracle_of(seed=seed, population=6, crossover=crossover)
    trials = lived(oracle, 42, together=together)
    seen = [json.dumps(point, sort_keys=True) for point in points(trials)]
    assert len(set(seen)) == len(seen) >= 42 - together
    for point in points(trials):
        assert ("depth" in point) == ("joint" in point) == point["deep"]
        assert ("groups" in point) == (point.get("joint") == "concat")


def test_of_two_parents_each_value_comes_from_either():
    hp = keras_tuner.HyperParameters()
    for name in "abcdef":
        hp.Float(name, 0.0, 1.0)
    oracle = oracle_of(hp, seed=0, population=6, crossover=1.0)
    trials = lived(oracle, 40, lambda values: sum(values.values()))
    mixed = 0
    for trial in trials[6:]:
        parents = [oracle.trials[parent].hyperparameters.values for parent in oracle.lineage[trial.trial_id]]
        own = trial.hyperparameters.values
        assert len(parents) == 2
        assert sum(all(parent[name] != value for parent in parents) for name, value in own.items()) <= 1
        mixed += all(any(parent[name] == value for name, value in own.items()) for parent in parents)
    assert mixed > 10


def test_failed_trials_are_no_parents():
    oracle = oracle_of(seed=0, population=6, max_consecutive_failed_trials=1000)
    trials = lived(oracle, 50, lambda values: None if values["width"] > 16 else 1.0)
    failed = {trial.trial_id for trial in trials if trial.status == "FAILED"}
    assert failed
    assert not failed & {parent for parents in oracle.lineage.values() for parent in parents}
    alone = oracle_of(seed=0, population=4, max_consecutive_failed_trials=1000)
    assert len(lived(alone, 20, lambda values: None)) == 20


def test_an_exhausted_space_ends_the_search():
    hp = keras_tuner.HyperParameters()
    hp.Choice("width", [1, 2, 3])
    hp.Boolean("deep")
    hp.Fixed("kind", "plain")
    trials = lived(oracle_of(hp, seed=0, population=2, max_trials=50), 50, lambda values: values["width"])
    assert len(trials) == 6
    assert len(lived(oracle_of(keras_tuner.HyperParameters(), seed=0), 5, lambda values: 1.0)) == 1


def test_settings_outside_their_range():
    for wrong in ({"population": 0}, {"sample": 0}, {"crossover": 1.5}, {"seed": -1}):
        with pytest.raises(ExperimentError, match=f"evolution: {next(iter(wrong))}"):
            EvolutionOracle("val_loss", **wrong)


def build(hp):
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(hp.Int("units", 1, 8))])
    if hp.Boolean("two"):
        with hp.conditional_scope("two", [True]):
            model.add(keras.layers.Dense(hp.Choice("second", [2, 4])))
    model.compile(keras.optimizers.SGD(hp.Float("rate", 1e-4, 1e-1, sampling="log")), "mse")
    return model


class Stock(keras_tuner.Tuner):
    """A tuner as its users write one; training would add nothing here."""

    def run_trial(self, trial, *args, **kwargs):
        model = self.hypermodel.build(trial.hyperparameters)
        return float(model.count_params()) + trial.hyperparameters["rate"]


def stock(folder, trials, seed=0):
    oracle = EvolutionOracle(max_trials=trials, population=4, sample=2, seed=seed)
    return Stock(oracle, build, directory=folder, project_name="it")


def test_a_stock_tuner_searches_and_goes_on_where_it_was_stopped(tmp_path, capsys):
    whole = stock(tmp_path / "whole", 12)
    whole.search(verbose=0)
    stock(tmp_path / "parts", 7).search(verbose=0)
    rest = stock(tmp_path / "parts", 12)
    assert len(rest.oracle.trials) == 7
    rest.search(verbose=0)
    assert points(whole.oracle.trials.values()) == points(
        trial for _, trial in sorted(rest.oracle.trials.items(), key=lambda item: int(item[0]))
    )
    assert list(map(int, rest.oracle.lineage)) == list(range(12))
    best = whole.get_best_hyperparameters()[0].values
    assert best["units"] == min(point["units"] for point in points(whole.oracle.trials.values()))


def test_a_stock_tuner_trains(tmp_path):
    tuner = keras_tuner.Tuner(
        EvolutionOracle("val_loss", 3, population=2, sample=1, seed=0), build, directory=tmp_path, project_name="it"
    )
    x = np.random.default_rng(0).normal(size=(8, 2))
    tuner.search(x, x[:, :1], validation_data=(x, x[:, :1]), epochs=1, verbose=0)
    assert [trial.status for trial in tuner.oracle.trials.values()] == ["COMPLETED"] * 3


def test_descent_is_told_in_the_numbers_of_trials(explore):
    legs = explore(Tuning("evolution", trials=30))
    bred = {leg.trial: leg.parents for leg in legs}
    assert any(bred.values())
    assert all(parent < trial for trial, parents in bred.items() for parent in parents)
    first, later = [leg for leg in legs if len(leg.rungs) == 1], [leg for leg in legs if len(leg.rungs) > 1]
    assert all(leg.parents == first[leg.trial].parents for leg in later)
    assert all(a.trial < b.trial for a, b in pairwise(first))


def test_the_given_setting_is_not_proposed_again(explore, space):
    small = {name: space[name] for name in ("architecture.width", "architecture.deep")}
    legs = explore(Tuning("evolution", trials=30, factor=1), small, score=lambda v: float(v["architecture.width"]))
    assert len(legs) == len({str(leg.values) for leg in legs}) == 6
