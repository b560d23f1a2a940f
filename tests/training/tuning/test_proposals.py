"""keras-tuner's oracles by ask and tell: seeded, conditional, honest about who goes on."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zoo
from training.tuning.proposals import Leg, proposer_for
from training.tuning.settings import Tuning

ORACLES = ["random", "bayesian", "hyperband", "evolution"]


def told(legs):
    return [(leg.trial, leg.rungs, leg.values) for leg in legs]


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_seed_decides_everything(explore, oracle, seed):
    first, second = (explore(Tuning(oracle, trials=7), seed=seed) for _ in range(2))
    assert told(first) == told(second)
    assert {leg.trial for leg in first} == set(range(7))


@pytest.mark.parametrize("oracle", ORACLES)
def test_seeds_differ(explore, oracle):
    assert told(explore(Tuning(oracle, trials=4), seed=0)) != told(explore(Tuning(oracle, trials=4), seed=1))


@pytest.mark.parametrize("oracle", ORACLES)
def test_no_point_is_tried_twice(explore, oracle):
    values = {leg.trial: str(sorted(leg.values.items())) for leg in explore(Tuning(oracle, trials=20))}
    assert len(set(values.values())) == 20


@pytest.mark.parametrize("oracle", ["random", "bayesian", "grid", "hyperband", "evolution"])
def test_a_dimension_that_does_not_matter_is_left_out(explore, space, oracle):
    legs = explore(Tuning(oracle, trials=25))
    assert {leg.values["architecture.deep"] for leg in legs} == {True, False}
    for leg in legs:
        assert ("architecture.depth" in leg.values) == leg.values["architecture.deep"]
        assert set(leg.values) <= set(space)


@pytest.mark.parametrize("oracle", ["random", "bayesian", "grid", "hyperband", "evolution"])
def test_the_first_point_is_the_given_setting(explore, oracle):
    given_first = {"architecture.width": 16, "architecture.deep": False, "recipe.learning_rate": 5e-2}
    assert explore(Tuning(oracle, trials=3))[0].values == given_first
    if oracle != "grid":
        assert explore(Tuning(oracle, trials=3, first="proposed"))[0].values != given_first


def test_a_grid_ends_when_all_points_are_tried(explore, space):
    width = {"architecture.width": space["architecture.width"]}
    legs = explore(Tuning("grid", trials=50, factor=1), width, score=lambda values: float(values["architecture.width"]))
    assert sorted(leg.values["architecture.width"] for leg in legs) == [8, 16, 32]


def test_a_model_of_the_scores_proposes_better_points_than_chance(explore, space):
    """The oracle must really hear the scores, with their sign."""

    def late(oracle):
        own = {name: space[name] for name in ("architecture.width", "recipe.learning_rate")}
        legs = explore(
            Tuning(oracle, trials=30, factor=1), own, most=1,
            score=lambda values: -abs(np.log10(values["recipe.learning_rate"]) + 3),
        )  # fmt: skip
        return np.mean([abs(np.log10(leg.values["recipe.learning_rate"]) + 3) for leg in legs[15:]])

    assert late("bayesian") < late("random") / 2


@pytest.mark.parametrize("oracle", ORACLES)
def test_a_trial_goes_on_from_where_it_was(explore, oracle):
    legs = explore(Tuning(oracle, trials=18, epochs=15))
    seen = {}
    for leg in legs:
        assert leg.rungs[:-1] == seen.get(leg.trial, ())
        assert all(low < high for low, high in pairwise(leg.rungs))
        assert leg.epochs == leg.rungs[-1] - (seen.get(leg.trial) or (0,))[-1]
        seen[leg.trial] = leg.rungs
    assert max(rungs[-1] for rungs in seen.values()) == 15
    assert sum(leg.epochs for leg in legs) < 18 * 15 / 2


def test_hyperband_promotes_the_best_of_a_bracket(explore):
    legs = explore(Tuning("hyperband", trials=12, epochs=15))
    first = [leg for leg in legs if leg.rungs == (2,)]
    second = [leg for leg in legs if leg.rungs == (2, 5)]
    assert (len(first), len(second)) == (12, 4)
    worth = {leg.trial: -abs(leg.values["recipe.learning_rate"] - 0.01) + leg.values["architecture.width"] / 1000 for leg in first}  # fmt: skip
    assert {leg.trial for leg in second} == set(sorted(worth, key=worth.get)[-4:])


def test_a_failed_trial_costs_no_other(explore):
    legs = explore(Tuning("random", trials=18), score=lambda values: None if values["architecture.width"] > 8 else 1.0)
    assert len({leg.trial for leg in legs}) == 18
    assert all(leg.values["architecture.width"] == 8 for leg in legs if len(leg.rungs) > 1)


@settings(max_examples=40, deadline=None)
@given(scores=st.lists(st.floats(0, 1), min_size=30, max_size=30), most=st.integers(1, 12), factor=st.integers(2, 4))
def test_halving_keeps_its_promise(scores, most, factor):
    """Whoever goes on is among the best one in ``factor`` of its rung; no such point is left behind in the end."""
    rate = {"recipe.learning_rate": zoo.FloatRange(1e-4, 1e-1, default=5e-2, log=True)}
    tuning = Tuning("random", trials=30, factor=factor, epochs=27)
    proposer = proposer_for(tuning, rate, 0)
    ended: list[dict[int, float]] = [{} for _ in tuning.rungs]

    def better(rung, trial):
        return sum(score > ended[rung][trial] for score in ended[rung].values())

    while asked := proposer.ask(most):
        for leg in asked:
            rung = len(leg.rungs) - 1
            assert rung == 0 or better(rung - 1, leg.trial) < len(ended[rung - 1]) // factor
        for leg in asked:
            ended[len(leg.rungs) - 1][leg.trial] = scores[leg.trial]
            proposer.tell(leg, (scores[leg.trial], 0.0))
    assert len(ended[0]) == 30
    for rung, reached in enumerate(ended[:-1]):
        worthy = sorted(reached, key=reached.__getitem__, reverse=True)[: len(reached) // factor]
        assert set(worthy) <= set(ended[rung + 1])


def test_legs_are_told_apart_by_trial_and_rung():
    assert Leg(1, {"a": 1}, (2,)) == Leg(1, {"a": 2}, (2,))
    assert Leg(1, {}, (2,)) != Leg(1, {}, (2, 5))
