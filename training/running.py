"""Do runs on an executor and lose none: resume, retry, one writer."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from training.folder import RunFolder
from training.records import Record
from training.task import Task
from training.work import work

OnRecord = Callable[[Record, bool], None]
MakeExecutor = Callable[[], Executor]


def start_worker(threads: int) -> None:
    """Prepare a worker process: so many TensorFlow threads, and its imports done."""
    # Ctrl-C is the driver's to answer: it waits for the runs under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    with _hushed():
        import tensorflow as tf

        from training import cnn_run  # noqa: F401  here, so that no run's time contains it

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Drop what TensorFlow's C++ says of itself while it loads; it heeds no log level then."""
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)


def local_executor(workers: int) -> Executor:
    """Make the default executor: loky processes, one TensorFlow thread each.

    Small networks gain nothing from a second thread, so a core goes to a run.
    """
    from loky import ProcessPoolExecutor

    executor: Executor = ProcessPoolExecutor(workers, initializer=start_worker, initargs=(1,))
    return executor


@dataclass(frozen=True)
class Progress:
    """How far a set of runs is."""

    done: int
    resumed: int
    failed: int
    total: int


def run_all(
    tasks: Sequence[Task], folder: RunFolder, make_executor: MakeExecutor, workers: int, on_record: OnRecord
) -> Progress:
    """Do every task whose record is not there yet, and write the records.

    Parameters
    ----------
    tasks : sequence of Task
    folder : RunFolder
        Where finished records lie and new ones go. A failed run is tried again.
    make_executor : callable
        Gives a new executor: any `concurrent.futures.Executor`.
    workers : int
        Runs under way at once.
    on_record : callable
        Called with each record and whether it was there already.

    Returns
    -------
    Progress
    """
    todo, resumed, failed = [], 0, 0
    for task in tasks:
        record = folder.record(task.run.key)
        if record is not None and record.status == "ok":
            resumed += 1
            on_record(record, True)
        else:
            todo.append(task)
    for record in _results(todo, make_executor, workers):
        folder.write_record(record)
        failed += record.status != "ok"
        on_record(record, False)
    return Progress(len(tasks) - failed, resumed, failed, len(tasks))


def _results(tasks: Sequence[Task], make_executor: MakeExecutor, workers: int) -> Iterable[Record]:
    """Give records as they come; a run that takes its worker down is tried once more, alone."""
    waiting = list(tasks)
    while waiting:
        suspects: list[Task] = []
        with make_executor() as executor:
            yield from _until_broken(waiting, suspects, executor, workers)
        for suspect in suspects:
            with make_executor() as alone:
                try:
                    yield alone.submit(work, suspect).result()
                except BrokenProcessPool as error:
                    reason = f"the worker process died twice ({type(error).__name__}); it may have run out of memory"
                    yield Record(suspect.run, "failed", reason=reason, classes=list(suspect.classes))


def _until_broken(waiting: list[Task], suspects: list[Task], executor: Executor, workers: int) -> Iterable[Record]:
    """Work ``waiting`` off; if a worker dies, leave those under way in ``suspects`` and stop.

    Only as many runs as workers are handed out, so that few can be suspected.
    """
    under_way: dict[Future[Any], Task] = {}
    try:
        while (waiting or under_way) and not suspects:
            while waiting and len(under_way) < workers:
                task = waiting.pop(0)
                under_way[executor.submit(work, task)] = task
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                task = under_way.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    suspects.append(task)
    except BrokenProcessPool:  # submitting found the pool broken
        suspects.append(task)
    except KeyboardInterrupt:
        for future in under_way:
            yield future.result()
        raise
    if suspects:
        suspects += under_way.values()
