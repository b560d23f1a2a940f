"""Settings and spaces: joined, conditional, and refused where they make no sense."""

import pytest

import zoo
from training.errors import ExperimentError
from training.fitting.recipe import Recipe
from training.tuning.settings import ADAPTER, Tuning
from training.tuning.space import apply, joined_space


def test_a_point_reaches_the_architecture_and_the_recipe():
    model, recipe = apply(
        {"architecture.dropout": 0.3, "recipe.learning_rate": 0.5, ADAPTER: "one"},
        {"name": "lenet5", "dropout": 0.0},
        Recipe(),
    )
    assert model == {"name": "lenet5", "dropout": 0.3}
    assert recipe == Recipe(learning_rate=0.5)


def test_spaces_are_joined_as_asked():
    lenet = zoo.space(zoo.architecture("lenet5"))
    assert all(name.startswith("recipe.") for name in joined_space(lenet, Recipe(), ["recipe"]))
    all_three = joined_space(lenet, Recipe(), ["architecture", "recipe", "adapter"], ["mel 40", "mel 64"])
    assert {name.partition(".")[0] for name in all_three} == {"architecture", "recipe", "adapter"}
    assert all_three[ADAPTER].values == ("mel 40", "mel 64")


def test_one_adapter_is_no_choice():
    assert ADAPTER not in joined_space({}, Recipe(), ["recipe", "adapter"], ["mel 40"])


def test_a_condition_follows_its_field_into_the_joined_space():
    own = {"deep": zoo.Choice((False, True), default=False), "depth": zoo.IntRange(2, 4, when=("deep", (True,)))}
    assert joined_space(own, Recipe(), ["architecture"])["architecture.depth"].when == ("architecture.deep", (True,))


def test_a_search_starts_at_the_recipe_that_was_given():
    space = joined_space({}, Recipe(learning_rate=0.05, batch_size=50), ["recipe"])
    assert space["recipe.learning_rate"].default == 0.05 <= space["recipe.learning_rate"].high
    assert 50 in space["recipe.batch_size"].values


@pytest.mark.parametrize(
    ("tuning", "rungs"),
    [
        (Tuning(trials=18, epochs=15), (2, 5, 15)),
        (Tuning(trials=17, epochs=15), (5, 15)),
        (Tuning(trials=5, epochs=15), (15,)),
        (Tuning(trials=100, epochs=15, factor=1), (15,)),
        (Tuning(trials=100, epochs=1), (1,)),
        (Tuning(trials=100, epochs=81), (3, 9, 27, 81)),
    ],
)
def test_rungs(tuning, rungs):
    assert tuning.rungs == rungs


def test_epochs_are_foretold():
    assert Tuning(trials=18, epochs=15).expected_epochs == 18 * 2 + 6 * 3 + 2 * 10
    assert Tuning(trials=4, epochs=15).expected_epochs == 60


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"oracle": "bayes"}, "did you mean 'bayesian'"),
        ({"over": ("recipes",)}, "did you mean 'recipe'"),
        ({"over": ()}, "over"),
        ({"trials": 0}, "at least 1"),
        ({"factor": 0}, "at least 1"),
        ({"oracle": "hyperband", "factor": 1}, "at least 2"),
        ({"seconds": 0.0}, "more than 0"),
        ({"flops": -1.0}, "more than 0"),
    ],
)
def test_settings_that_make_no_sense(settings, said):
    with pytest.raises(ExperimentError, match=said):
        Tuning(**settings)
