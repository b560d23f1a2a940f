"""What a second worker gains, when a worker is ready, and whether its memory stays.

    python benchmarks/workers.py speed [n]    # 12 trainings of n (120) epochs: one worker, two; asked: 1.7 times
    python benchmarks/workers.py ready        # seconds until a worker is ready; asked: at most 5
    python benchmarks/workers.py memory [n]   # n (200) trials in a row; asked: grows by at most 5 %
    python benchmarks/workers.py networks [n] # the same with n (40) networks, each traced anew
    python benchmarks/workers.py all          # one after the other, in processes of their own

``speed`` starts each comparison in a process of its own, start included, until the last training is on record, and until
the end, which holds a look inside one network by one worker. It also prints where the seconds went and how far the opening
estimate was off. ``ready`` compares forks of the
nursery, which are the default on Linux (the first waits for its imports), with loky's and the
standard library's spawned processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import psutil

from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.running.attempts import Attempt, attempt
from training.running.estimate import Estimate, spoken
from training.running.task import Task
from training.running.worker import environment, local_executor, start_worker, stop

SMALL = Experiment("digits", architectures=(Model("lenet5"),), baselines=(), folds=6, limit=1000, recipe=Recipe())
SHORT = replace(SMALL, folds=10, repeats=10, limit=200, recipe=Recipe(epochs=2))
WARM = 20  # trials before the memory is looked at first


def compare(workers: int, epochs: int) -> None:
    """Do the twelve trainings in this process' workers, and print seconds."""
    from adapters.sources import registry as sources
    from training import comparison

    started, opening = time.perf_counter(), []

    def note(estimate: Estimate) -> None:
        opening.append((time.perf_counter() - started, estimate.seconds))

    with tempfile.TemporaryDirectory() as out:
        recipe = replace(SMALL.recipe, epochs=epochs, patience=epochs)
        data = [(replace(SMALL, recipe=recipe), sources.load("digits"))]
        finished = comparison.compare(data, Path(out), workers=workers, watch=comparison.Watch(estimated=note))
    seconds = time.perf_counter() - started
    assert len(finished.chapters[0].records) == 12
    assert not finished.failed
    ready, guessed = opening[0]
    took = opening[-1][0] - ready
    print(f"{ready + took:.2f} {seconds:.2f}", flush=True)
    print(
        f"  {ready:.1f} s until the first run, {took:.1f} s of runs, {seconds - ready - took:.1f} s after; "
        f"estimate {spoken(guessed)} ({guessed:.1f} s): {guessed / took:.2f} of it",
        file=sys.stderr,
    )


def speed(epochs: int) -> None:
    """Compare one worker with two; the first pair fills the cache and is not counted."""
    with tempfile.TemporaryDirectory() as cache:
        for turn in ("without earlier runs", "with what earlier runs taught"):
            one, two = (_in_process(["compare", str(epochs), str(workers)], cache) for workers in (1, 2))
            for what, first, second in zip(("the last record", "the end"), one, two, strict=True):
                print(f"{turn}, until {what}: one worker {first:.1f} s, two {second:.1f} s: {first / second:.2f} times")
    print("asked: 1.7 times")


def _in_process(words: list[str], cache: str) -> list[float]:
    environment = {**os.environ, "GRIDZOO_CACHE": cache}
    told = subprocess.run([sys.executable, __file__, *words], env=environment, stdout=subprocess.PIPE, check=True)
    return [float(seconds) for seconds in told.stdout.split()]


def _spawned() -> Executor:
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=start_worker, initargs=(os.getpid(),))


def _loky() -> Executor:
    import loky

    made: Executor = loky.ProcessPoolExecutor(1, initializer=start_worker, initargs=(os.getpid(),), env=environment())
    return made


def ready() -> None:
    """Time three workers of each kind, one after the other, and look at their memory."""
    for name, make in (("forked", local_executor), ("loky", _loky), ("spawned", _spawned)):
        for _ in range(3):
            started = time.perf_counter()
            executor = make()
            pid = executor.submit(os.getpid).result()
            seconds = time.perf_counter() - started
            memory = psutil.Process(pid).memory_full_info()
            print(
                f"{name}: ready in {seconds:.2f} s; {memory.rss / 2**20:.0f} MB resident, {memory.uss / 2**20:.0f} MB its own"
            )
            stop(executor)
    print("asked: 5 s")


def trials(experiment: Experiment, folder: Path) -> list[Task]:
    """Lay out the runs of an experiment."""
    from adapters.cache import Cache
    from adapters.sources import registry as sources
    from training.planning import prepare, tasks_of

    cache = Cache(folder / "cache")
    (folder / "scratch").mkdir()
    return list(tasks_of(prepare(experiment, sources.load("digits"), cache), cache, folder / "scratch", 1))


def memory(count: int, vary: Callable[[Task, int], Task]) -> None:
    """Do so many trials in one worker, and print its resident memory as it goes on."""
    with tempfile.TemporaryDirectory() as folder:
        tasks = trials(SHORT, Path(folder))
        executor = local_executor()
        process = psutil.Process(executor.submit(os.getpid).result())
        first = 0.0
        for number in range(count):
            task = vary(tasks[number % len(tasks)], number)
            record = executor.submit(attempt, Attempt(task)).result()
            assert record.status == "ok", record.reason
            resident = process.memory_info().rss / 2**20
            if number + 1 == min(WARM, count // 2):
                first = resident
            if (number + 1) % max(1, count // 10) == 0:
                print(f"after {number + 1} trials {resident:.0f} MB", flush=True)
        stop(executor)
    print(f"grew by {100 * (resident / first - 1):.1f} % since trial {min(WARM, count // 2)}; asked: 5 %")


def _same(task: Task, number: int) -> Task:
    return task


def _another(task: Task, number: int) -> Task:
    return replace(task, run=replace(task.run, model={**task.run.model, "dropout": 0.001 * (number + 1)}))


def main() -> None:
    """Do what the first word says."""
    what, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if what == "compare":
        compare(int(sys.argv[3]), count)
    elif what == "speed":
        speed(count or 120)
    elif what == "ready":
        ready()
    elif what == "memory":
        memory(count or 200, _same)
    elif what == "networks":
        memory(count or 40, _another)
    else:
        for word in ("ready", "speed", "memory", "networks"):
            subprocess.run([sys.executable, __file__, word], check=True)


if __name__ == "__main__":
    main()
