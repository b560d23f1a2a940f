"""One schema, read strictly, from TOML and from Python."""

import pytest

from training.errors import ExperimentError
from training.experiment import Experiment, Model, from_mapping, read
from training.fitting.recipe import Recipe


def test_toml_and_python_say_the_same(tmp_path):
    path = tmp_path / "experiment.toml"
    path.write_text(
        'source = "digits"\nadapters = ["image"]\narchitectures = ["lenet5+", {name = "fcn"}]\nfolds = 3\n'
        "[recipe]\nepochs = 4\nlearning_rate = 1\n"
    )
    assert read(path) == Experiment(
        source="digits",
        adapters=({"name": "image"},),
        architectures=(Model("lenet5", tuned=True), Model("fcn")),
        folds=3,
        recipe=Recipe(epochs=4, learning_rate=1.0),
    )


def test_round_trip():
    experiment = Experiment("digits", architectures=(Model("lenet5", {"dropout": 0.5}, True),), seed=0)
    assert from_mapping(experiment.to_json(), "json") == experiment


def test_a_relative_source_is_meant_beside_the_file(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "e.toml").write_text('source = "pictures"')
    assert read(tmp_path / "e.toml").source == str(tmp_path / "pictures")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('source = "digits"\nfoldz = 3', "unknown key 'foldz'; did you mean 'folds'"),
        ('sorce = "digits"', "expected 'source'.*did you mean 'source'"),
        ('source = "digits"\n[recipe]\nepoch = 3', "recipe: unknown key 'epoch'; did you mean 'epochs'"),
        ('source = "digits"\nfolds = "three"', "folds: expected int, got 'three'"),
        ('source = "digits"\nfolds = true', "folds: expected int, got True"),
        ('source = "digits"\nsplits = ["stratifed"]', "did you mean 'stratified'"),
        ('source = "digits"\narms = ["shuffled"]', "arm: got 'shuffled'"),
        ('source = "digits"\n[recipe]\nlearning_rate = -1', "learning_rate: expected more than 0"),
        ('source = "digits"\n[tuning]\noracle = "bayes"', "did you mean 'bayesian'"),
        ('source = "digits"\nseed = -1', "seed: expected 0 or more"),
        ("source = ", "expected TOML"),
    ],
)
def test_mistakes_are_named(tmp_path, text, message):
    path = tmp_path / "e.toml"
    path.write_text(text)
    with pytest.raises(ExperimentError, match=message) as error:
        read(path)
    assert str(path) in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ExperimentError, match=r"none\.toml: cannot be read"):
        read(tmp_path / "none.toml")
