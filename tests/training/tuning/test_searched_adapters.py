"""In a comparison, too, a search may choose the adapter."""

from dataclasses import replace

import numpy as np
import pytest

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training.comparison import compare
from training.errors import ExperimentError
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.planning import prepare, tasks_of
from training.tuning.settings import Tuning

RNG = np.random.default_rng(0)
# A class is where single pixels of a fine texture lie: nothing of it is left in pictures of 2 × 2.
LABELS = ["even", "odd"] * 30
PICTURES = [
    np.where(np.indices((8, 8)).sum(0) % 2 == (label == "odd"), 200, 50).astype(np.uint8) + RNG.integers(0, 40, (8, 8))
    for label in LABELS
]
DATA = from_arrays([picture.astype(np.uint8) for picture in PICTURES], LABELS, modality="image")
ADAPTERS = tuple({"name": "image", "height": size, "width": size} for size in (2, 8))
SEARCH = Tuning(oracle="grid", trials=4, epochs=6, factor=1, over=("adapter",))
EXPERIMENT = Experiment(
    "data", adapters=ADAPTERS, architectures=(Model("lenet5", {"maps": [4, 8], "units": [8]}, tuned=True), Model("mlp")),
    baselines=("nearest",), folds=2, recipe=Recipe(epochs=8, learning_rate=1e-2, augment=False), tuning=SEARCH,
)  # fmt: skip
FINE = "image height=8, width=8"


def tasks(tmp_path, experiment):
    cache = Cache(tmp_path / "cache")
    (tmp_path / "grids").mkdir(exist_ok=True)
    prepared = prepare(experiment, DATA, cache)
    found = list(tasks_of(prepared, cache, tmp_path / "grids", workers=1))
    assert len(found) == prepared.runs
    assert sum(task.run.kind == "cnn" for task in found) == prepared.trainings
    return found


def test_a_network_that_searches_has_one_cell_for_all_adapters(tmp_path):
    found = tasks(tmp_path, EXPERIMENT)
    both = [task for task in found if task.choices]
    assert {task.run.cell[2] for task in both} == {"searched among image height=2, width=2, image height=8, width=8"}
    assert len(both) == 2 * 2  # folds × arms
    assert all(list(task.choices) == ["image height=2, width=2", FINE] for task in both)
    # The other network has a cell an adapter; the baseline is done once.
    others = [task.run.cell[2] for task in found if not task.choices and task.run.kind == "cnn"]
    assert sorted(set(others)) == ["image height=2, width=2", FINE]
    assert len(others) == 2 * 2 * 2
    assert sum(task.run.kind == "baseline" for task in found) == 2
    one = both[0].on(both[0].choices[FINE])
    assert (one.grids, one.choices) == (both[0].choices[FINE].grids, {})


def test_what_cannot_be_searched_is_said(tmp_path):
    with pytest.raises(ExperimentError, match="expected several adapters where 'adapter' is searched, got 1"):
        tasks(tmp_path, replace(EXPERIMENT, adapters=ADAPTERS[:1]))
    with pytest.raises(ExperimentError, match=r"'original' and 'permuted' alone .* got \['mlp'\]"):
        tasks(tmp_path, replace(EXPERIMENT, arms=("original", "permuted", "permuted 1", "mlp")))
    plain = replace(EXPERIMENT, architectures=(Model("mlp"),), adapters=ADAPTERS[:1])
    assert not any(task.choices for task in tasks(tmp_path, plain))  # nobody searches


def test_the_adapter_that_shows_the_classes_is_chosen(tmp_path):
    alone = replace(EXPERIMENT, architectures=EXPERIMENT.architectures[:1], baselines=())
    comparison = compare([(alone, DATA)], tmp_path / "out", workers=2)
    assert not comparison.failed
    records = comparison.results[0].records
    originals = [record for record in records if record.run.arm == "original"]
    assert [record.chosen["adapter.setting"] for record in originals] == [FINE] * 2
    for record in originals:
        assert {trial.values["adapter.setting"] for trial in record.trials} == {"image height=2, width=2", FINE}
        assert record.scores["accuracy"] > 0.9
    assert len(records) == 4
    assert comparison.best().adapter.startswith("searched among")
