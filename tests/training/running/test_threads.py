"""Threads of a training: declared, recorded, and the same for the same run whoever does it."""

from dataclasses import replace

import numpy as np
import pytest

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training.comparison import compare, workers_for
from training.errors import ExperimentError
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.fitting.threads import ThreadsError
from training.planning import prepare, tasks_of
from training.records import Cost
from training.running import lanes as lanes_module
from training.running.attempts import Attempt, attempt
from training.running.lanes import Lane
from training.running.worker import local_executor, stop

RNG = np.random.default_rng(0)
PICTURES = list(RNG.integers(0, 255, (24, 8, 8)).astype(np.uint8))
TWO = {"architectures": (Model("lenet5"),), "baselines": (), "folds": 2, "arms": ("original",)}  # trainings


def data(name="data"):
    return replace(from_arrays(PICTURES, ["a", "b"] * 12, modality="image"), name=name)


def planned(tmp_path, shared, **recipe):
    cache = Cache(tmp_path / "cache")
    (tmp_path / "grids").mkdir(exist_ok=True)
    experiment = Experiment("data", recipe=Recipe(**recipe), **TWO)
    return list(tasks_of(prepare(experiment, data(), cache), cache, tmp_path / "grids", 1, shared))


@pytest.mark.parametrize(("shared", "threads"), [(1, 1), (2, 1), (3, 1), (4, 2), (64, 32)])
def test_fewer_trainings_than_cores_share_them(tmp_path, shared, threads):
    tasks = planned(tmp_path, shared)
    assert [task.run.recipe["threads"] for task in tasks] == [task.threads for task in tasks] == [threads] * 2


def test_declared_threads_are_kept_and_decide_the_key(tmp_path):
    one, three = (planned(tmp_path, 64, threads=threads)[0] for threads in (1, 3))
    assert (one.threads, three.threads) == (1, 3)
    assert one.run.key != three.run.key
    assert one.network != three.network
    with pytest.raises(ExperimentError, match="threads: expected at least 1, got 0"):
        Recipe(threads=0)


def test_as_many_runs_at_once_as_the_cores_allow(tmp_path, monkeypatch):
    monkeypatch.setattr("training.comparison.cores", lambda: 8)
    tasks = planned(tmp_path, 1, threads=3)
    assert (workers_for(tasks), workers_for([])) == (2, 8)


def test_a_lane_is_given_runs_of_as_many_threads_as_the_first_that_waits(tmp_path):
    (few, _), (many, _) = planned(tmp_path, 1), planned(tmp_path, 1, threads=2)
    lane = Lane(None, last=many)
    assert lanes_module._next([Attempt(few), Attempt(many)], lane, [lane]) == 0
    assert lanes_module._next([Attempt(many), Attempt(few)], lane, [lane]) == 0


def test_a_process_takes_its_threads_once(tmp_path):
    (two, again), (three, _) = (planned(tmp_path, 1, threads=n, epochs=1) for n in (2, 3))
    executor = local_executor()
    try:
        for task in (two, again):
            assert executor.submit(attempt, Attempt(task, driver="another:1")).result().status == "ok"
        asked = Attempt(three, driver="another:1")
        with pytest.raises(ThreadsError, match=r"whose TensorFlow has 3 threads .* got one with 2"):
            executor.submit(attempt, asked).result()
        assert not asked.begun  # another worker may take it
    finally:
        stop(executor)


def test_experiments_of_different_threads_share_workers_and_give_the_same_records(tmp_path):
    def run(out, workers):
        experiments = [(Experiment("data", recipe=Recipe(epochs=2, threads=n), **TWO), data(f"d{n}")) for n in (2, 1)]
        comparison = compare(experiments, tmp_path / out, workers=workers)
        assert not comparison.failed
        records = [record for chapter in comparison.chapters for record in chapter.records]
        return [replace(record, cost=Cost()) for record in records]

    one = run("one", 1)
    assert sorted(record.run.recipe["threads"] for record in one) == [1, 1, 2, 2]
    assert run("two", 2) == one
