"""A worker process: its memory, its threads, its imports, its end."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import cache

from threadpoolctl import threadpool_limits

from training.fitting.threads import take_threads
from training.running.limits import die_first, follow

# What Keras and its company import if it is there, for plots and tables: a fifth of a worker's
# start, and no run uses it.
IDLE = ("matplotlib", "cv2", "pandas", "pyarrow")
THREADS = 1  # of NumPy: what it does in a run is small

ALWAYS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(THREADS))
UNLESS_SET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Tracing walks through millions of small objects. In pages of 2 MB the processor
    # finds them again without looking each of their 4 KB pages up; a virtual machine
    # gains most. Read by glibc on Linux alone, and only for what malloc gives out.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "PYTHONMALLOC": "malloc",
    # loky would replace a worker that has grown by 300 MB. Kept networks may take as
    # much, and a new worker has to import and trace them again; runs have a limit of ours.
    "LOKY_MAX_MEMORY_LEAK_SIZE": str(2**60),
}


def local_executor() -> Executor:
    """Make the default lane: one loky process, on its way up already."""
    from loky import ProcessPoolExecutor

    environment = {**UNLESS_SET, **os.environ, **ALWAYS}
    executor: Executor = ProcessPoolExecutor(1, initializer=start_worker, initargs=(os.getpid(),), env=environment)
    # loky starts a process with its first piece of work: here, while the driver still reads.
    executor.submit(os.getpid)
    return executor


def stop(executor: Executor) -> None:
    """Shut an executor down whose results are in, or are not wanted any more.

    A loky worker is ended at once, even if it is still importing: it holds nothing that
    could be lost, and taking TensorFlow down in order takes time.
    """
    from loky import ProcessPoolExecutor

    if isinstance(executor, ProcessPoolExecutor):
        executor.shutdown(kill_workers=True)
    else:
        executor.shutdown(wait=False, cancel_futures=True)


def start_worker(driver: int) -> None:
    """Prepare a worker process, so that no run's time contains it."""
    # Ctrl-C is the driver's to answer: it waits for the runs under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow(driver)
    die_first()
    with hushed(), without(IDLE):
        from training.running import cnn_run  # noqa: F401


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


@contextlib.contextmanager
def without(packages: Sequence[str]) -> Iterator[None]:
    """Let packages that are not imported yet appear as not installed for a while."""
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: Python's mark of what may not be found
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Drop what TensorFlow's C++ says of itself while it loads; it heeds no log level then."""
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
