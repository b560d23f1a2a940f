"""Workers that are forked from a process which has imported TensorFlow: quick, alone, and never left behind."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures.process import BrokenProcessPool

import psutil
import pytest

from training.errors import StoppedError
from training.running import nursery as nursery_module
from training.running import worker
from training.running.forked import Forked
from training.running.nursery import Nursery

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
PATIENCE = 60.0  # seconds that a busy machine may take over what takes a moment


def until(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module")
def nursery():
    made = Nursery(worker.environment())
    yield made
    made.end()


@pytest.fixture
def forked(nursery):
    made = Forked(nursery)
    yield made
    made.kill()


def test_the_nursery_has_one_thread_when_all_is_imported(forked, nursery):
    """What makes a fork of it safe; a new TensorFlow that begins threads at its import is seen here."""
    pid = forked.submit(os.getpid).result()
    assert psutil.Process(nursery.process).num_threads() == 1
    assert psutil.Process(pid).ppid() == nursery.process
    assert psutil.Process(pid).cmdline() == psutil.Process(nursery.process).cmdline()  # a fork, no program of its own


def test_calls_are_answered_in_their_order_and_errors_come_back(forked):
    futures = [forked.submit(int, str(i)) for i in range(20)]
    assert [future.result() for future in futures] == list(range(20))
    assert isinstance(forked.submit(int, "x").exception(), ValueError)
    asked = forked.submit(exec, "from training.errors import StoppedError; raise StoppedError('why')")
    with pytest.raises(StoppedError, match="why"):
        asked.result()
    assert forked.submit(sorted, [1, 2], reverse=True).result() == [2, 1]
    for unfit in (lambda: 1, open):  # cannot be sent; its answer cannot be sent back
        arguments = () if unfit is not open else (os.devnull,)
        assert isinstance(forked.submit(unfit, *arguments).exception(), Exception)
    assert forked.submit(int, "7").result() == 7  # and it goes on


def test_a_worker_has_the_environment_and_leaves_ctrl_c_to_the_driver(forked):
    names = ("OMP_NUM_THREADS", "LOKY_MAX_MEMORY_LEAK_SIZE")
    assert [forked.submit(os.getenv, name).result() for name in names] == ["1", str(2**60)]
    assert forked.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN
    assert forked.submit(subprocess.call, [sys.executable, "-c", "exit(3)"]).result() == 3  # it can wait for children
    assert forked.submit(pathlib.Path("/proc/self/oom_score_adj").read_text).result().strip() == "800"


def test_a_worker_that_dies_fails_its_calls_alone(forked, nursery):
    other = Forked(nursery)
    pid, under_way, waiting = forked.submit(os.getpid).result(), forked.submit(time.sleep, 600), forked.submit(int)
    until(under_way.running)
    os.kill(pid, signal.SIGKILL)
    for future in (under_way, waiting):
        assert isinstance(future.exception(), BrokenProcessPool)
    with pytest.raises(BrokenProcessPool):
        forked.submit(int)
    assert other.submit(int, "3").result() == 3
    other.kill()


def test_stopping_ends_it_at_once_and_shutting_down_waits(nursery):
    hurried, orderly = Forked(nursery), Forked(nursery)
    pids = [one.submit(os.getpid).result() for one in (hurried, orderly)]
    under_way = hurried.submit(time.sleep, 600)
    until(under_way.running)
    worker.stop(hurried)
    assert isinstance(under_way.exception(), BrokenProcessPool)
    last = orderly.submit(int, "5")
    orderly.shutdown()
    assert last.result() == 5
    for pid in pids:
        until(lambda pid=pid: gone(pid))


def test_killed_before_it_was_there():
    early = Nursery(worker.environment())
    one = Forked(early)
    asked = one.submit(os.getpid)
    one.kill()
    assert isinstance(asked.exception(), BrokenProcessPool)
    early.end()


def test_a_nursery_with_other_threads_makes_programs_of_their_own(monkeypatch):
    begun = "import threading, time; threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start(); "
    monkeypatch.setattr(nursery_module, "PROGRAM", begun + nursery_module.PROGRAM)
    threaded = Nursery(worker.environment())
    one = Forked(threaded)
    assert "serve" in psutil.Process(one.submit(os.getpid).result()).cmdline()
    assert one.submit(int, "4").result() == 4
    one.kill()
    threaded.end()


def test_a_dead_nursery_is_replaced_and_its_workers_follow(monkeypatch):
    monkeypatch.setattr(worker, "_nurseries", [])
    before = worker.local_executor()
    pid = before.submit(os.getpid).result()
    os.kill(worker._nurseries[-1].process, signal.SIGKILL)
    until(lambda: gone(pid))
    after = worker.local_executor()
    assert after.submit(int, "6").result() == 6
    for one in (before, after):
        one.kill()
    worker._nurseries[-1].end()


def test_nothing_outlives_a_driver_that_is_killed():
    program = textwrap.dedent(
        """
        import os, time
        from training.running.worker import _nurseries, local_executor
        busy, idle = local_executor(), local_executor()
        print(busy.submit(os.getpid).result(), idle.submit(os.getpid).result(), _nurseries[0].process, flush=True)
        busy.submit(time.sleep, 600)
        time.sleep(600)
        """
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as driver:
        pids = [int(word) for word in driver.stdout.readline().split()]
        os.kill(driver.pid, signal.SIGKILL)
    assert len(pids) == 3
    for pid in pids:
        until(lambda pid=pid: gone(pid))
