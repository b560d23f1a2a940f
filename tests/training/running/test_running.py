"""Runs are resumed, a run that kills its worker is tried once more, the others do not notice."""

import os
import signal
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training.experiment import Experiment
from training.folder import RunFolder
from training.planning import prepare, tasks_of
from training.running import driver as running
from training.running import worker
from training.running.driver import run_all
from training.running.lanes import Lane, Lanes
from training.running.worker import stop


class Frail(Executor):
    """Dies at the runs of some folds: always, or the first time only."""

    deaths: dict[int, int]

    def __init__(self, deaths):
        self.deaths = deaths

    def submit(self, function, task):
        future = Future()
        if self.deaths.get(task.run.fold, 0) > 0:
            self.deaths[task.run.fold] -= 1
            future.set_exception(BrokenProcessPool("killed"))
        else:
            future.set_result(function(task))
        return future


@pytest.fixture
def tasks(tmp_path):
    """Five folds of a baseline on a small table: runs that need no TensorFlow."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    data = from_arrays(x, np.where(x[:, 0] > 0, "yes", "no"))
    cache = Cache(tmp_path / "cache")
    prepared = prepare(Experiment("data", baselines=("logistic",)), data, cache)
    return [task for task in tasks_of(prepared, cache, tmp_path, 1) if task.run.kind == "baseline"]


def collect(tasks, folder, make_executor, workers=1):
    seen = []
    with Lanes(make_executor, workers) as lanes:
        progress = run_all(tasks, folder, lanes, lambda record, resumed: seen.append((record, resumed)))
    return seen, progress


@pytest.fixture
def folder(tmp_path):
    made = RunFolder(tmp_path / "runs")
    made.create()
    return made


def test_nothing_finished_is_run_twice(tasks, folder):
    first, _ = collect(tasks[:3], folder, lambda: ThreadPoolExecutor(1))
    assert [resumed for _, resumed in first] == [False] * 3
    second, progress = collect(tasks, folder, lambda: ThreadPoolExecutor(1))
    assert sorted(resumed for _, resumed in second) == [False, False, True, True, True]
    assert (progress.done, progress.resumed, progress.total) == (5, 3, 5)


def test_a_run_that_kills_its_worker_once_is_done_in_the_end(tasks, folder):
    deaths = {2: 1}
    seen, progress = collect(tasks, folder, lambda: Frail(deaths), workers=2)
    assert progress.failed == 0
    assert sorted(record.run.fold for record, _ in seen) == [0, 1, 2, 3, 4]


def test_a_run_that_always_kills_its_worker_fails_alone(tasks, folder):
    deaths = {2: 99}
    seen, progress = collect(tasks, folder, lambda: Frail(deaths), workers=2)
    assert progress.failed == 1
    assert deaths[2] == 97  # tried twice, no more
    (failed,) = [record for record, _ in seen if record.status == "failed"]
    assert failed.run.fold == 2
    assert "died twice" in failed.reason
    assert folder.record(failed.run.key).status == "failed"


def test_only_the_run_that_killed_its_worker_is_blamed(tasks, folder):
    """The next run lies ready at the worker and falls with it, but is none the worse for it."""

    class Mortal(Executor):
        """Like a process: what is given to it after a death falls too."""

        dead = False

        def submit(self, function, task):
            self.dead = self.dead or task.run.fold == 2
            future = Future()
            if self.dead:
                future.set_exception(BrokenProcessPool("killed"))
            else:
                future.set_result(function(task))
            return future

    seen, progress = collect(tasks, folder, Mortal)
    assert progress.failed == 1
    assert {record.run.fold: record.status for record, _ in seen} == {0: "ok", 1: "ok", 2: "failed", 3: "ok", 4: "ok"}


def test_a_failed_run_is_tried_again_by_the_next_command(tasks, folder):
    collect(tasks, folder, lambda: Frail({2: 99}))
    seen, progress = collect(tasks, folder, lambda: ThreadPoolExecutor(1))
    assert [record.run.fold for record, resumed in seen if not resumed] == [2]
    assert progress.failed == 0


def test_an_error_inside_a_run_is_recorded(tasks, folder):
    os.remove(tasks[0].grids)
    seen, progress = collect(tasks, folder, lambda: ThreadPoolExecutor(1))
    assert progress.failed >= 1
    assert all("FileNotFoundError" in record.reason for record, _ in seen if record.status == "failed")


def test_a_worker_process_that_is_killed_costs_nothing(tasks, folder):
    """A real process, killed by a real signal, between two runs."""
    from loky import ProcessPoolExecutor

    lanes = []

    def make():
        lanes.append(ProcessPoolExecutor(1))
        return lanes[-1]

    def kill_after_first(record, resumed):
        if len(lanes) == 1:
            (pid,) = lanes[0]._processes
            os.kill(pid, signal.SIGKILL)

    with Lanes(make, 1) as running_lanes:
        progress = run_all(tasks, folder, running_lanes, kill_after_first)
    assert progress.failed == 0
    assert progress.done == 5
    assert len(lanes) == 2


def test_a_worker_that_was_never_needed_is_not_waited_for():
    """A mistake in the data is told at once, though workers are still importing."""
    from loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(1, initializer=time.sleep, initargs=(300,))
    executor.submit(os.getpid)
    started = time.monotonic()
    stop(executor, idle=True)
    assert time.monotonic() - started < 100


def test_no_more_workers_come_up_than_there_are_runs(tasks, folder):
    made = []

    def make():
        made.append(ThreadPoolExecutor(1))
        return made[-1]

    with Lanes(make, 64) as lanes:
        run_all(tasks, folder, lanes, lambda record, resumed: None)
    assert len(made) == len(tasks) == 5


def test_a_worker_has_its_environment(monkeypatch):
    monkeypatch.setattr(worker, "start_worker", time.time)  # no TensorFlow is needed here
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    executor = worker.local_executor()
    names = ("OMP_NUM_THREADS", "TF_CPP_MIN_LOG_LEVEL", "PYTHONMALLOC")
    assert [executor.submit(os.getenv, name).result() for name in names] == ["1", "0", "malloc"]
    stop(executor, idle=False)


def test_interrupting_keeps_what_is_under_way(tasks, folder):

    count = 0

    def interrupt(record, resumed):
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Lanes(lambda: ThreadPoolExecutor(1), 1) as lanes:
        run_all(tasks, folder, lanes, interrupt)
    kept = len(list(Path(folder.path / "records").glob("*.json")))
    seen, _ = collect(tasks, folder, lambda: ThreadPoolExecutor(1))
    assert sum(resumed for _, resumed in seen) == kept >= 2


def test_a_lane_prefers_the_network_it_has_traced(tasks):
    from dataclasses import replace

    def of(kind):
        return replace(tasks[0], run=replace(tasks[0].run, kind="cnn", model={"name": kind}))

    busy, idle = Lane(ThreadPoolExecutor(1), of("a")), Lane(ThreadPoolExecutor(1))
    assert running._next([of("a"), of("b")], idle, [busy, idle]) == 1
    assert running._next([of("b"), of("a")], busy, [busy, idle]) == 1
    assert running._next([of("a")], idle, [busy, idle]) == 0
