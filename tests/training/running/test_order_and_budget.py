"""The order is drawn from the seed and fair to arms; budgets are equal shares."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training.budget import Share
from training.errors import ExperimentError
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.planning import prepare, tasks_of
from training.running.order import shuffled
from training.running.sizes import Spec, size_of
from training.tuning.flops import training_flops
from training.tuning.settings import Tuning

SPEC = Spec('{"name":"lenet5"}', (8, 8, 1), 0, 2)


def plan(tmp_path, **settings):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    data = from_arrays(x, np.where(x[:, 0] > 0, "yes", "no"))
    cache = Cache(tmp_path / "cache")
    experiment = Experiment("data", architectures=(Model("fcn"), Model("lenet5")), folds=3, repeats=2, **settings)
    (tmp_path / "scratch").mkdir(exist_ok=True)
    return list(tasks_of(prepare(experiment, data, cache), cache, tmp_path / "scratch", 2))


def keys(tasks):
    return [task.run.key for task in tasks]


def test_the_order_is_drawn_from_the_seed_and_loses_no_run(tmp_path):
    tasks = plan(tmp_path)
    assert keys(shuffled(tasks, 0)) == keys(shuffled(tasks, 0))
    assert keys(shuffled(tasks, 0)) != keys(shuffled(tasks, 1))
    assert sorted(keys(shuffled(tasks, 7))) == sorted(keys(tasks))


def test_networks_stay_together_and_the_arms_of_a_fold_follow_each_other(tmp_path):
    first, tasks = Counter(), plan(tmp_path)
    for seed in range(20):
        order = [task for task in shuffled(tasks, seed) if task.run.kind == "cnn"]
        networks = [task.network for task in order]
        assert sum(a != b for a, b in pairwise(networks)) == 1
        for one, other in zip(order[::2], order[1::2], strict=True):
            assert (one.run.repeat, one.run.fold) == (other.run.repeat, other.run.fold)
            assert {one.run.arm, other.run.arm} == {"original", "permuted"}
            first[one.run.arm] += 1
    assert min(first.values()) > 60  # of 120: neither arm always meets the machine first


@given(st.floats(1, 1e6), st.integers(0, 50), st.integers(1, 20))
def test_seconds_of_trials_and_training_add_up_to_the_share(amount, trials, epochs):
    recipe, tuning = Recipe(epochs=40), Tuning(trials=max(1, trials), epochs=epochs)
    seconds = Share(amount, "seconds").recipe(recipe, tuning, SPEC, 100).seconds
    assert seconds * (1 + tuning.expected_epochs / 40) == pytest.approx(amount, rel=0.01, abs=0.1)


def test_operations_are_turned_into_epochs():
    epoch = training_flops(size_of(SPEC).macs, 100)
    assert Share(7.5 * epoch, "flops").recipe(Recipe(), None, SPEC, 100).epochs == 7
    assert Share(7.5 * epoch, "flops").recipe(Recipe(), Tuning(trials=2, epochs=2), SPEC, 100).epochs == 3
    assert Share(1e9 * epoch, "flops").recipe(Recipe(epochs=9), None, SPEC, 100).epochs == 9
    assert Share(7.5 * epoch, "flops").recipe(Recipe(), None, SPEC, 100).seconds is None
    with pytest.raises(ExperimentError, match="larger budget"):
        Share(0.5 * epoch, "flops").recipe(Recipe(), None, SPEC, 100)


def test_a_cheaper_network_gets_more_epochs_for_the_same_operations(tmp_path):
    tasks = [task for task in plan(tmp_path, budget=48e9, budget_unit="flops") if task.run.kind == "cnn"]
    used = {}
    for task in tasks:
        macs = size_of(Spec.of_task(task)).macs
        share = 48e9 / 24  # 2 networks × 2 arms × 3 folds × 2 repeats
        assert task.run.recipe["epochs"] == min(40, int(share // training_flops(macs, len(task.train))))
        used.setdefault(task.run.model["name"], set()).add(task.run.recipe["epochs"])
    assert min(used["lenet5"]) > max(used["fcn"])


def test_seconds_are_shared_by_all_entrants_folds_and_workers(tmp_path):
    tasks = [task for task in plan(tmp_path, budget=120.0) if task.run.kind == "cnn"]
    assert {task.run.recipe["seconds"] for task in tasks} == {10.0}  # 120 s × 2 workers / 24
