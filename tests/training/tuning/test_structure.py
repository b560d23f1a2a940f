"""Structure as genes: what is bred can be drawn, keeps to its family's fields, and is counted before it is trained."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zoo
from training.errors import ExperimentError
from training.fitting.parts import Part
from training.fitting.recipe import Recipe
from training.tuning.bench import Bench
from training.tuning.budget import Budget
from training.tuning.proposals import proposer_for
from training.tuning.search import search
from training.tuning.settings import Tuning
from training.tuning.space import apply, joined_space
from training.tuning.states import States
from training.tuning.structure import STRUCTURES, structure_space, structured
from training.tuning.trainer import Lap, Trainer

STARTS = {
    "ResNet": "resnet18", "ResNet v2": "resnet50-v2", "ConvNeXt": "convnext-tiny", "ResNet (CIFAR)": "resnet20",
    "VGG": "vgg11-cifar", "LeNet-5": "lenet5", "DenseNet": "densenet121", "TC-ResNet": "tc-resnet8",
    "TextCNN": "textcnn", "InceptionTime": "inceptiontime", "ResNet (series)": "ts-resnet", "Time-CNN": "timecnn",
}  # fmt: skip
RECIPE = Recipe(epochs=3)


def space_of(name, **fields):
    arch = zoo.architecture(name, fields)
    return joined_space(zoo.space(arch), RECIPE, ("structure",), structure=structure_space(arch))


def bred(name, trials, seed=0, **fields):
    """Settings of networks that evolution breeds, with scores that mean nothing."""
    proposer = proposer_for(Tuning("evolution", trials=trials, over=("structure",)), space_of(name, **fields), seed)
    config, rng = zoo.architecture(name, fields).config(), np.random.default_rng(seed)
    while asked := proposer.ask(8):
        for leg in asked:
            if len(leg.rungs) == 1:
                yield leg, apply(leg.values, config, RECIPE)[0]
            proposer.tell(leg, (float(rng.random()), 0.0))


def test_every_family_has_a_case():
    assert set(STARTS) == set(STRUCTURES)
    assert all(zoo.architecture(name).title == title for title, name in STARTS.items())


@pytest.mark.parametrize("name", list(STARTS.values()))
def test_the_given_network_comes_first_and_every_child_can_be_made(name):
    grown = list(bred(name, 60))
    assert zoo.from_config(grown[0][1]) == zoo.architecture(name)
    made = {zoo.from_config(config) for _, config in grown}
    assert len(made) > 40


@pytest.mark.parametrize("shape", [(8, 8, 1), (1, 1, 1), (40, 7, 2), (64, 3)])
@pytest.mark.parametrize("name", ["lenet5", "resnet18", "ts-resnet"])
def test_children_build_on_any_grid(name, shape):
    for _, config in list(bred(name, 6, seed=1, **({"width": 8} if name != "lenet5" else {})))[2:]:
        size = zoo.measure(zoo.from_config(config), zoo.Grid(shape), 3)
        assert size.parameters > 0


def test_stages_are_added_and_removed_and_kinds_change():
    lengths, kinds = set(), set()
    for leg, config in bred("resnet18", 60):
        lengths.add(len(config["blocks"]))
        kinds.add(config["name"])
        reached = [name for name in leg.values if name.startswith("structure.blocks.") and not name.endswith("count")]
        assert len(reached) == len(config["blocks"]) == leg.values["structure.blocks.count"]
        assert ("structure.bottleneck" in leg.values) == (config["name"] == "resnet18")
        assert ("structure.kernel" in leg.values) == (config["name"] == "convnext-tiny")
    assert lengths == {1, 2, 3, 4}
    assert kinds == {"resnet18", "resnet50-v2", "convnext-tiny"}


@settings(max_examples=30, deadline=None)
@given(row=st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_rows_survive_their_way_through_genes(row):
    genes = {f"maps.{number}": value for number, value in enumerate(row, start=1)} | {"maps.count": len(row)}
    shuffled = dict(sorted(genes.items(), key=lambda item: hash(item[0])))
    assert structured({"name": "lenet5", "kernel": 5}, shuffled) == {"name": "lenet5", "kernel": 5, "maps": tuple(row)}


def test_a_choice_that_does_not_matter_has_no_value():
    """`hidden_dropout` of an MLP matters from two layers on."""
    own = zoo.space(zoo.architecture("mlp", {"layers": 1}))
    space = joined_space(own, RECIPE, ("architecture",))
    proposer = proposer_for(Tuning("random", trials=12, over=("architecture",), factor=1), space, 0)
    points = [leg.values for leg in proposer.ask(12)]
    assert {point["architecture.layers"] for point in points} == {1, 2, 3}
    for point in points:
        assert ("architecture.hidden_dropout" in point) == (point["architecture.layers"] > 1)


def test_a_long_network_is_not_cut():
    (_, first), *_ = bred("textcnn", 1, kernels=(2, 3, 4, 5, 6, 7, 8, 9, 10))
    assert first["kernels"] == (2, 3, 4, 5, 6, 7, 8, 9, 10)


def test_a_family_without_structure_says_so():
    arch = zoo.architecture("googlenet")
    with pytest.raises(ExperimentError, match="search 'architecture' instead"):
        joined_space(zoo.space(arch), RECIPE, ("structure",), structure=structure_space(arch))


def test_structure_holds_the_architectures_own_space():
    assert set(zoo.space(zoo.architecture("lenet5"))) <= set(structure_space(zoo.architecture("lenet5")))
    with pytest.raises(ExperimentError, match="which holds it"):
        Tuning(over=("architecture", "structure"))
    with pytest.raises(ExperimentError, match="brackets need not fill"):
        Tuning("hyperband", max_params=1000)
    for name in ("max_params", "max_macs"):
        with pytest.raises(ExperimentError, match=name):
            Tuning(**{name: 0})


def hunt(tuning, folder, name="lenet5"):
    """Search with laps that cost nothing; gives what was found and the networks that were trained."""
    arch, grid = zoo.architecture(name), zoo.Grid((8, 8, 1))
    part = Part(np.zeros((20, *grid.shape), np.float32), np.zeros(20, np.int32))
    trainer = Trainer({"": Bench(part, part, grid, 10, [], 0)}, arch.config(), RECIPE, States(folder), tuning.epochs)
    space = joined_space(zoo.space(arch), RECIPE, tuning.over, structure=structure_space(arch))
    trained = []

    def train(legs):
        trained.extend(zoo.from_config(apply(leg.values, arch.config(), RECIPE)[0]) for leg in legs)
        curve = [0.5]
        return [Lap((float(leg.trial), 0.0), {"loss": curve * leg.epochs}, 0.1, 0.1, 1.0, 7) for leg in legs]

    found = search(tuning, proposer_for(tuning, space, 0), train, trainer.states, Budget(tuning, trainer))
    return found, trained


@pytest.mark.parametrize("oracle", ["evolution", "random"])
def test_networks_are_counted_before_they_are_trained(tmp_path, oracle):
    grid = zoo.Grid((8, 8, 1))
    tuning = Tuning(oracle, trials=24, factor=2, epochs=2, over=("structure",), max_params=10_000, max_macs=60_000)
    found, trained = hunt(tuning, tmp_path)
    sizes = [zoo.measure(arch, grid, 10) for arch in trained]
    assert trained
    assert all(size.parameters <= 10_000 and size.macs <= 60_000 for size in sizes)
    refused = [trial for trial in found.trials if trial.status == "failed"]
    assert refused
    assert len(trained) == 24  # what was refused was not one of the trials
    assert len(found.trials) == 24 + len(refused)
    for trial in refused:
        assert (trial.epochs, trial.flops) == (0, 0.0)
        assert "more than" in trial.reason


def test_limits_that_no_network_keeps_are_named(tmp_path):
    with pytest.raises(ExperimentError, match=r"all 55 failed, the first with: [\d,]+ parameters, more than 10$"):
        hunt(Tuning("evolution", trials=5, over=("structure",), max_params=10), tmp_path)
    hunt(Tuning("random", trials=5, over=("recipe",), max_params=10**6), tmp_path)  # limits hold for any search


def test_a_network_that_cannot_be_drawn_is_a_failed_trial(tmp_path):
    with pytest.raises(ExperimentError, match="the network cannot be drawn"):
        hunt(Tuning("evolution", trials=3, over=("structure",)), tmp_path, "tc-resnet8")
