"""A worker process: its memory, its threads, its imports, its end."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from concurrent.futures import Executor
from functools import cache

from threadpoolctl import threadpool_limits

from training.fitting.threads import take_threads
from training.running.forked import Forked
from training.running.imports import import_all
from training.running.limits import die_first, follow
from training.running.nursery import Nursery

THREADS = 1  # of NumPy: what it does in a run is small

ALWAYS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(THREADS))
UNLESS_SET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # loky would replace a worker that has grown by 300 MB. Kept networks may take as
    # much, and a new worker has to import and trace them again; runs have a limit of ours.
    "LOKY_MAX_MEMORY_LEAK_SIZE": str(2**60),
}


_nurseries: list[Nursery] = []  # the last one is in use


def local_executor() -> Executor:
    """Make the default lane: one worker process, on its way up already."""
    if sys.platform != "linux":  # elsewhere libraries of the system begin threads of their own
        return _loky()
    try:
        return Forked(_nursery())
    except OSError:  # it has ended since it was looked at
        return Forked(_nursery())


def stop(executor: Executor) -> None:
    """Shut an executor down whose results are in, or are not wanted any more.

    A worker of ours is ended at once, even if it is still importing: it holds nothing that
    could be lost, and taking TensorFlow down in order takes time.
    """
    if isinstance(executor, Forked):
        executor.kill()
        return
    from loky import ProcessPoolExecutor

    if isinstance(executor, ProcessPoolExecutor):
        executor.shutdown(kill_workers=True)
    else:
        executor.shutdown(wait=False, cancel_futures=True)


def environment() -> dict[str, str]:
    """Give the environment of workers."""
    return {**UNLESS_SET, **os.environ, **ALWAYS}


def start_worker(driver: int) -> None:
    """Prepare a worker process, so that no run's time contains it."""
    # Ctrl-C is the driver's to answer: it waits for the runs under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow(driver)
    die_first()
    import_all()


def _nursery() -> Nursery:
    """Give this process' nursery; a new one if it has none, or if it has died."""
    if not _nurseries or not _nurseries[-1].alive:
        _nurseries.append(Nursery(environment()))
        atexit.register(_nurseries[-1].end)
    return _nurseries[-1]


def _loky() -> Executor:
    from loky import ProcessPoolExecutor

    executor: Executor = ProcessPoolExecutor(1, initializer=start_worker, initargs=(os.getpid(),), env=environment())
    # loky starts a process with its first piece of work: here, while the driver still reads.
    executor.submit(os.getpid)
    return executor


def settle(kind: str, threads: int = 1) -> None:
    """Give this process the threads and settings that a run has, wherever it is done.

    Raises
    ------
    ThreadsError
        If TensorFlow has been at work here with another number of threads.
    """
    _limit_libraries()
    if kind == "cnn":
        take_threads(threads)
        _leave_graphs()


@cache
def _limit_libraries() -> None:
    threadpool_limits(THREADS)


@cache
def _leave_graphs() -> None:
    """Do not rewrite graphs: of a small network it takes as long as tracing it, and its steps are no faster."""
    import tensorflow as tf

    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
