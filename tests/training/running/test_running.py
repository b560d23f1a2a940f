"""Runs are resumed, a run that kills its worker is tried once more, the others do not notice."""

import os
import signal
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import pytest

from training.errors import StoppedError
from training.records import Cost, Record
from training.running import lanes as lanes_module
from training.running import worker
from training.running.attempts import Attempt
from training.running.driver import resume, run_all
from training.running.lanes import Lane, Lanes
from training.running.pool import Pool
from training.running.worker import stop


class Frail(Executor):
    """Dies in the runs of some folds: always, or the first time only."""

    def __init__(self, deaths):
        self.deaths = deaths

    def submit(self, function, attempt):
        future = Future()
        fold = attempt.task.run.fold
        if self.deaths.get(fold, 0) > 0:
            self.deaths[fold] -= 1
            attempt.mark.touch()
            future.set_exception(BrokenProcessPool("killed"))
        else:
            future.set_result(function(attempt))
        return future


def collect(tasks, folder, make_executor, workers=1):
    """Do what is missing; gives how many runs were there already, and the new records."""
    new = []
    done, missing = resume(tasks, folder)
    with Lanes(make_executor, workers) as lanes:
        run_all(missing, folder, lanes, new.append)
    return len(done), new


def threads():
    return ThreadPoolExecutor(1)


def test_nothing_finished_is_run_twice(tasks, folder):
    assert collect(tasks[:3], folder, threads)[0] == 0
    resumed, new = collect(tasks, folder, threads)
    assert (resumed, len(new)) == (3, 2)
    assert collect(tasks, folder, threads) == (5, [])


def test_a_run_that_kills_its_worker_once_is_done_in_the_end(tasks, folder):
    deaths = {2: 1}
    _, new = collect(tasks, folder, lambda: Frail(deaths), workers=2)
    assert [record.status for record in new] == ["ok"] * 5
    assert new[-1].run.fold == 2  # alone, after all others
    assert sorted(record.run.fold for record in new) == [0, 1, 2, 3, 4]


def test_a_run_that_always_kills_its_worker_fails_alone(tasks, folder):
    deaths = {2: 99}
    _, new = collect(tasks, folder, lambda: Frail(deaths), workers=2)
    assert deaths[2] == 97  # tried twice, no more
    (failed,) = [record for record in new if record.status == "failed"]
    assert failed.run.fold == 2
    assert failed.reason == "the worker process died, twice"
    assert folder.record(failed.run).status == "failed"


def test_only_the_run_that_killed_its_worker_is_blamed(tasks, folder):
    """The next run lies ready at the worker and falls with it, but is none the worse for it."""

    class Mortal(Executor):
        """Like a process: what is given to it after a death falls too."""

        dead = False

        def submit(self, function, attempt):
            future = Future()
            if not self.dead and attempt.task.run.fold == 2:
                self.dead = True
                attempt.mark.touch()
            if self.dead:
                future.set_exception(BrokenProcessPool("killed"))
            else:
                future.set_result(function(attempt))
            return future

    _, new = collect(tasks, folder, Mortal)
    assert {r.run.fold: r.status for r in new} == {0: "ok", 1: "ok", 2: "failed", 3: "ok", 4: "ok"}


def test_workers_that_never_begin_a_run_stop_it_all(tasks, folder):
    """For example, since they cannot import the package. Trying on would take for ever."""

    class Stillborn(Executor):
        def submit(self, function, attempt):
            future = Future()
            future.set_exception(BrokenProcessPool("no module named gridzoo"))
            return future

    with pytest.raises(StoppedError, match="no module named gridzoo"):
        collect(tasks, folder, Stillborn)


def test_a_failed_run_is_tried_again_by_the_next_command(tasks, folder):
    collect(tasks, folder, lambda: Frail({2: 99}))
    resumed, new = collect(tasks, folder, threads)
    assert (resumed, [record.run.fold for record in new], new[0].status) == (4, [2], "ok")


def test_an_error_inside_a_run_is_recorded(tasks, folder):
    os.remove(tasks[0].grids)
    _, new = collect(tasks, folder, threads)
    failed = [record for record in new if record.status == "failed"]
    assert failed
    assert all("FileNotFoundError" in record.reason for record in failed)


def test_a_worker_process_that_is_killed_costs_nothing(tasks, folder):
    """A real process, killed by a real signal, between two runs."""
    from loky import ProcessPoolExecutor

    made, new = [], []

    def make():
        made.append(ProcessPoolExecutor(1))
        return made[-1]

    def kill_after_first(record):
        new.append(record)
        if len(made) == 1:
            (pid,) = made[0]._processes
            os.kill(pid, signal.SIGKILL)

    with Lanes(make, 1) as lanes:
        run_all(tasks, folder, lanes, kill_after_first)
    assert [record.status for record in new] == ["ok"] * 5
    assert len({record.run.key for record in new}) == 5
    assert len(made) == 2


def test_a_worker_that_was_never_needed_is_not_waited_for():
    """A mistake in the data is told at once, though workers are still importing."""
    from loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(1, initializer=time.sleep, initargs=(300,))
    executor.submit(os.getpid)
    started = time.monotonic()
    stop(executor)
    assert time.monotonic() - started < 100


def test_no_more_workers_come_up_than_there_are_runs():
    made = []

    def make():
        made.append(ThreadPoolExecutor(1))
        return made[-1]

    with Lanes(make, 64) as lanes:
        lanes.open(5)
    assert len(made) == 5


def test_workers_have_an_environment_of_their_own(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    made = worker.environment()
    names = ("OMP_NUM_THREADS", "TF_CPP_MIN_LOG_LEVEL", "LOKY_MAX_MEMORY_LEAK_SIZE")
    assert [made[name] for name in names] == ["1", "0", str(2**60)]


@pytest.fixture
def sigint():
    """Sets what SIGINT does: what runs the tests may have been started in the background, where it does nothing."""
    before = signal.getsignal(signal.SIGINT)
    yield lambda handler: signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGINT, before)


def test_a_process_that_ignores_sigint_goes_on_ignoring_it(tasks, folder, sigint):
    sigint(signal.SIG_IGN)
    told = []
    with Lanes(threads, 1) as crew:
        run_all(tasks, folder, crew, lambda record: os.kill(os.getpid(), signal.SIGINT), lambda: told.append("heard"))
    assert told == []
    assert len(list((folder.path / "records").glob("*.json"))) == len(tasks)


@pytest.mark.parametrize("make_crew", [lambda: Lanes(threads, 1), lambda: Pool(threads, 1)])
def test_interrupting_finishes_what_is_under_way_and_begins_nothing(tasks, folder, make_crew, sigint):
    sigint(signal.default_int_handler)
    new, told = [], []

    def interrupt(record):
        new.append(record)
        if len(new) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), make_crew() as crew:
        run_all(tasks, folder, crew, interrupt, lambda: told.append("heard"))
    assert told == ["heard"]
    assert len(new) < 5
    kept = len(list((folder.path / "records").glob("*.json")))
    assert kept == len(new) >= 2
    resumed, rest = collect(tasks, folder, threads)
    assert (resumed, len(rest)) == (kept, 5 - kept)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_lane_prefers_the_network_it_has_traced(tasks):
    def of(kind):
        return Attempt(replace(tasks[0], run=replace(tasks[0].run, kind="cnn", model={"name": kind})))

    busy, idle = Lane(threads(), of("a").task), Lane(threads())
    assert lanes_module._next([of("a"), of("b")], idle, [busy, idle]) == 1
    assert lanes_module._next([of("b"), of("a")], busy, [busy, idle]) == 1
    assert lanes_module._next([of("a")], idle, [busy, idle]) == 0


class Slow(Executor):
    """Does the runs that it is told to, in their order, as a worker process would."""

    def __init__(self):
        self.futures = []

    def submit(self, function, attempt):
        self.futures.append((attempt, Future()))
        return self.futures[-1][1]

    def finish(self):
        """Begin the first run that was not taken back, and end it after a second."""
        attempt, future = self.futures.pop(0)
        while not future.set_running_or_notify_cancel():
            attempt, future = self.futures.pop(0)
        future.set_result(Record(attempt.task.run, "ok", cost=Cost(seconds=1.0)))


@pytest.mark.parametrize("order", ["AAAAAAABB", "ABABABABAB", "BBBBBBAAAA", "BAABBAABBA"])
def test_no_lane_is_idle_while_a_run_lies_ready_at_another(tasks, order):
    executors, done = [], []

    def make():
        executors.append(Slow())
        return executors[-1]

    waiting = [Attempt(replace(tasks[0], run=replace(tasks[0].run, fold=fold))) for fold in range(10)]
    with Lanes(make, 2) as lanes:
        lanes.open(len(waiting))
        lanes.hand_out(waiting)
        for letter in order:
            lane = lanes.all["AB".index(letter)]
            if lane.runs:
                executors["AB".index(letter)].finish()
                done += [todo.task.run.fold for todo, _ in lanes.ended()]
                lanes.hand_out(waiting)
            left = 10 - len(done)
            assert sum(bool(one.runs) for one in lanes.all) == min(2, left)
        while lanes.busy:
            for executor, lane in zip(executors, lanes.all, strict=True):
                if lane.runs:
                    executor.finish()
            done += [todo.task.run.fold for todo, _ in lanes.ended()]
            lanes.hand_out(waiting)
    assert sorted(done) == list(range(10))
