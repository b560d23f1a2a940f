"""A run that hangs, or eats all memory, costs itself alone."""

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import psutil
import pytest

from training.errors import StoppedError
from training.records import Record
from training.running import limits as limits_module
from training.running.driver import run_all
from training.running.lanes import Lanes
from training.running.limits import Limits
from training.running.pool import Pool

MEGABYTE = 2**20


def misbehaving(fault):
    """Make one-worker executors in whose processes the run of fold 2 does what it must not, the others nothing."""
    from loky import ProcessPoolExecutor as Loky

    def misbehave(task):
        return fault() if task.run.fold == 2 else Record(task.run, "ok")

    def prepare():
        from training.running import attempts

        attempts.work = misbehave

    return lambda: Loky(1, initializer=prepare)


def done(tasks, folder, limits, make, workers=2):
    new = []
    with Lanes(make, workers) as lanes:
        run_all([replace(task, limits=limits) for task in tasks], folder, lanes, new.append)
    assert sorted(record.run.fold for record in new) == [0, 1, 2, 3, 4]
    assert [record.status for record in new[:4]] == ["ok"] * 4
    return new[-1]


def test_a_run_that_hangs(tasks, folder):
    def hang():
        import time

        time.sleep(10_000)

    record = done(tasks, folder, Limits(seconds=3), misbehaving(hang))
    assert (record.status, record.reason) == ("failed", "timed out after 3 s, twice")


def test_a_run_that_hangs_in_c_and_holds_pythons_lock(tasks, folder):
    def hang():
        import ctypes

        ctypes.PyDLL(None).sleep(10_000)  # PyDLL keeps the lock, so no thread of Python runs

    record = done(tasks, folder, Limits(seconds=3), misbehaving(hang))
    assert record.reason == "timed out after 3 s, twice"


def test_a_run_that_eats_memory(tasks, folder):
    def eat():
        import numpy as np

        kept = []
        while True:
            kept.append(np.ones(2**22))  # 32 MB each time

    record = done(tasks, folder, Limits(megabytes=700), misbehaving(eat))
    assert (record.status, record.reason) == ("failed", "exceeded 700 MB of memory, twice")


def test_memory_that_the_system_refuses(tasks, folder):
    def refuse():
        raise MemoryError

    record = done(tasks, folder, Limits(megabytes=2048), misbehaving(refuse))
    assert record.reason == "exceeded 2 GB of memory, twice"


def test_a_worker_that_is_killed_in_a_run(tasks, folder):
    def die():
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)

    record = done(tasks, folder, Limits(), misbehaving(die))
    assert record.reason == "the worker process died, twice"


def test_a_pool_of_processes_that_breaks_is_made_anew(tasks, folder):
    """All runs under way fall with it; only the one to blame fails."""
    record = done_by_pool(tasks, folder, lambda: forked(_die))
    assert record.reason == "the worker process died, twice"


def test_an_executor_that_breaks_for_good_says_how_to_go_on(tasks, folder):
    with pytest.raises(StoppedError, match="Give a function that makes the executor") as stopped:
        done_by_pool(tasks, folder, forked(_die))
    assert "logistic" in str(stopped.value).lower() or "regression" in str(stopped.value)


def done_by_pool(tasks, folder, executor):
    new = []
    with Pool(executor, 2) as pool:
        run_all(tasks, folder, pool, new.append)
    assert sorted(record.run.fold for record in new) == [0, 1, 2, 3, 4]
    return next(record for record in new if record.status == "failed")


def _die(task):
    if task.run.fold == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return Record(task.run, "ok")


def _use(replacement):
    from training.running import attempts

    attempts.work = replacement


def forked(replacement):
    return ProcessPoolExecutor(2, get_context("fork"), initializer=_use, initargs=(replacement,))


def test_threads_refuse_limits_that_they_cannot_hold(tasks, folder):
    limited = [replace(task, limits=Limits(seconds=3)) for task in tasks]
    with pytest.raises(StoppedError, match="processes"), Pool(ThreadPoolExecutor(1), 1) as pool:
        run_all(limited, folder, pool, lambda record: None)


def test_limits_do_not_enter_the_key_of_a_run(tasks):
    assert replace(tasks[0], limits=Limits(1, 1)).run.key == tasks[0].run.key


def test_the_default_memory_is_a_share_of_the_machines_or_the_containers(tmp_path, monkeypatch):
    machine = psutil.virtual_memory().total / MEGABYTE
    monkeypatch.setattr(limits_module, "CGROUP", tmp_path / "memory.max")
    assert limits_module._machine() == pytest.approx(0.9 * machine)
    (tmp_path / "memory.max").write_text("max\n")
    assert limits_module._machine() == pytest.approx(0.9 * machine)
    (tmp_path / "memory.max").write_text(f"{100 * MEGABYTE}\n")
    assert limits_module._machine() == pytest.approx(90)


def test_a_worker_ends_when_its_driver_does():
    """Even one that is killed, which cannot tell anybody."""
    told, tell = os.pipe()
    driver = os.fork()
    if driver == 0:
        worker = os.fork()
        if worker == 0:
            limits_module.FOLLOW = 0.05
            limits_module.follow(os.getppid())
            os.write(tell, str(os.getpid()).encode())
            time.sleep(600)
            os._exit(0)
        time.sleep(600)
        os._exit(0)
    worker = int(os.read(told, 20))
    os.kill(driver, signal.SIGKILL)
    os.waitpid(driver, 0)
    for _ in range(200):
        if not psutil.pid_exists(worker) or psutil.Process(worker).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker lived on")
