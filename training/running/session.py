"""Do the runs of a folder that are missing, and tell a watcher how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.cache import Cache
from training.errors import StoppedError
from training.folder import RunFolder
from training.lock import locked
from training.records import Record, Run
from training.running.attempts import here
from training.running.crew import Crew
from training.running.driver import resume, run_all
from training.running.estimate import Estimate, Memory
from training.running.guess import guesses
from training.running.lanes import Lanes
from training.running.pool import Pool
from training.running.sizes import NetworkSize, Spec, sizes_of
from training.running.task import Task
from training.running.worker import local_executor


@dataclass(frozen=True)
class Watch:
    """What a run of experiments tells of itself as it goes on.

    Parameters
    ----------
    planned : callable
        Called once with all runs, before the first one starts.
    finished : callable
        Called with each record and whether it was there already.
    estimated : callable
        Called with what is left when the first run starts, and after each record.
    interrupted : callable
        Called at Ctrl-C, which lets runs under way finish.
    looking : callable
        Called with the number of networks that are looked into when all runs are done.
    """

    planned: Callable[[Sequence[Run]], None] = lambda runs: None
    finished: Callable[[Record, bool], None] = lambda record, resumed: None
    estimated: Callable[[Estimate], None] = lambda estimate: None
    interrupted: Callable[[], None] = lambda: None
    looking: Callable[[int], None] = lambda networks: None


@contextmanager
def opened(
    out: Path, cache: Cache, executor: Executor | Callable[[], Executor] | None, workers: int
) -> Iterator[tuple[RunFolder, Path, Crew]]:
    """Open a run folder for one driver, with a scratch folder and a crew of workers.

    Raises
    ------
    StoppedError
        If another driver works in the folder.
    OSError
        If it cannot be written.
    """
    folder = RunFolder(out)
    with ExitStack() as stack:
        stack.enter_context(folder.telling_when_full())
        folder.create()
        stack.enter_context(locked(out))
        folder.sweep()
        scratch = stack.enter_context(cache.scratch())
        crew: Crew = Pool(executor, workers) if executor else Lanes(local_executor, workers)
        yield folder, scratch, stack.enter_context(crew)


def do_missing(
    tasks: dict[str, Task], folder: RunFolder, crew: Crew, workers: int, watch: Watch, memory: Memory
) -> None:
    """Do what is not done yet, and tell of it.

    Parameters
    ----------
    tasks : dict of str to Task
        By the keys of their runs, in the order in which they are to be done.
    folder : RunFolder
    crew : Crew
    workers : int
        Runs under way at once.
    watch : Watch
    memory : Memory
        What earlier comparisons took; gets what this one takes.

    Raises
    ------
    StoppedError, OSError, KeyboardInterrupt
        As `run_all`.
    """
    watch.planned([task.run for task in tasks.values()])
    done, missing = resume(list(tasks.values()), folder)
    crew.open(min(len(missing), workers))
    # TensorFlow takes its threads once: a worker is replaced where their number changes.
    missing.sort(key=lambda task: task.threads)
    sizes = _sizes(networks_of(missing), crew, missing[0].threads) if missing else {}
    estimate = Estimate(guesses(missing, sizes), min(crew.size, workers), memory.read())

    def finished(record: Record) -> None:
        estimate.finished(record)
        watch.finished(record, False)
        watch.estimated(estimate)

    for record in done:
        watch.finished(record, True)
    watch.estimated(estimate)
    try:
        run_all(missing, folder, crew, finished, watch.interrupted)
    finally:
        memory.keep(estimate.learned)


def _sizes(networks: dict[str, Spec], crew: Crew, threads: int) -> dict[str, NetworkSize]:
    """Let a worker measure the networks: it has Keras anyway, and nothing can start before it is there."""
    if not networks:
        return {}
    try:
        return dict(zip(networks, crew.ask(sizes_of, list(networks.values()), here(), threads).result(), strict=True))
    except BrokenExecutor:
        return {}  # the worker died: the runs find out whether the next one lives
    except Exception as error:
        raise StoppedError(
            f"a worker could not measure the networks ({type(error).__name__}: {error}); "
            "expected workers that can import this version of gridzoo"
        ) from error


def networks_of(tasks: Sequence[Task]) -> dict[str, Spec]:
    """Give the different networks of tasks."""
    return {task.network: Spec.of_task(task) for task in tasks if task.run.kind == "cnn"}
