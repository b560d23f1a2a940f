"""keras-tuner's oracles by ask and tell: seeded, conditional, honest about their order."""

import pytest

import zoo
from training.fitting.recipe import Recipe
from training.records import Trial
from training.tuning.search import apply, joined_space, search
from training.tuning.settings import Tuning

SPACE = {
    "architecture.width": zoo.Choice((8, 16, 32), default=16),
    "architecture.deep": zoo.Choice((False, True), default=False),
    "architecture.depth": zoo.IntRange(2, 6, default=3, when=("architecture.deep", (True,))),
    "recipe.learning_rate": zoo.FloatRange(1e-4, 1e-1, default=1e-2, log=True),
}


def score(values):
    return Trial(values, -abs(values["recipe.learning_rate"] - 0.01) + values["architecture.width"] / 1000, 1, 0.0)


@pytest.mark.parametrize("oracle", ["random", "bayesian"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_seed_decides_the_trials(oracle, seed):
    runs = [search(Tuning(oracle, trials=5), SPACE, seed, score) for _ in range(2)]
    assert runs[0] == runs[1]
    best, trials = runs[0]
    assert len(trials) == 5
    assert best == max(trials, key=lambda trial: trial.score).values


def test_seeds_differ():
    assert search(Tuning("random", trials=3), SPACE, 0, score) != search(Tuning("random", trials=3), SPACE, 1, score)


def test_a_dimension_that_does_not_matter_is_left_out():
    _, trials = search(Tuning("random", trials=12), SPACE, 0, score)
    assert {trial.values["architecture.deep"] for trial in trials} == {True, False}
    for trial in trials:
        assert ("architecture.depth" in trial.values) == trial.values["architecture.deep"]


def test_a_grid_ends_when_all_points_are_tried():
    space = {"architecture.width": SPACE["architecture.width"]}
    _, trials = search(
        Tuning("grid", trials=50), space, 0, lambda values: Trial(values, float(values["architecture.width"]), 1, 0.0)
    )
    assert sorted(trial.values["architecture.width"] for trial in trials) == [8, 16, 32]


def test_a_point_reaches_the_architecture_and_the_recipe():
    model, recipe = apply(
        {"architecture.dropout": 0.3, "recipe.learning_rate": 0.5}, {"name": "lenet5", "dropout": 0.0}, Recipe()
    )
    assert model == {"name": "lenet5", "dropout": 0.3}
    assert recipe == Recipe(learning_rate=0.5)


def test_spaces_are_joined_as_asked():
    lenet = zoo.space(zoo.architecture("lenet5"))
    assert all(name.startswith("recipe.") for name in joined_space(lenet, ["recipe"]))
    both = joined_space(lenet, ["architecture", "recipe"])
    assert {name.partition(".")[0] for name in both} == {"architecture", "recipe"}
