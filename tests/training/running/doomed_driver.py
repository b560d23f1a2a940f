"""A program that runs comparisons in processes of their own, kills them, and lets others go on.

    python doomed_driver.py <folder> moments <n>   # at n moments drawn at random
    python doomed_driver.py <folder> writes        # at every step of every write

Folder, lock, driver and crew are the real ones; only the training is a short sleep with an
outcome that the run's key decides. Prints one line of JSON for each kill.
"""

import functools
import json
import os
import random
import signal
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from adapters.sources.memory import from_arrays
from training import comparison
from training.experiment import Experiment, Model
from training.records import Cost, Record
from training.running import attempts, limits, session
from training.running.sizes import NetworkSize
from training.running.work import confusion

BASE = Path(sys.argv[1])
LOG = BASE / "log"


def work(task):
    """Pretend to train, and say so in the log."""
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"{os.getpid()} {task.run.key}\n")
    time.sleep(0.005 + int(task.run.key[:2], 16) / 20_000)
    truth = task.labels[task.test]
    predicted = np.random.default_rng(int(task.run.key, 16)).integers(0, 2, len(truth))
    accuracy = float(np.mean(truth == predicted))
    return Record(
        task.run, "ok", classes=list(task.classes), scores={"accuracy": accuracy, "validation_accuracy": accuracy},
        confusion=confusion(truth, predicted, 2), test=task.test.tolist(), truth=truth.tolist(),
        predicted=predicted.tolist(), cost=Cost(seconds=time.time()),
    )  # fmt: skip


def sizes_of(specs, driver, threads):
    return [NetworkSize(1, 1)] * len(specs)


attempts.work = work
attempts.settle = lambda kind, threads: None  # no TensorFlow is needed here
session.sizes_of = sizes_of
limits.FOLLOW = 0.1  # seconds


def processes():
    return ProcessPoolExecutor(2, get_context("fork"), initializer=limits.follow, initargs=(os.getpid(),))


def compare(out, folds, executor):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    data = from_arrays(x, np.where(x[:, 0] > 0, "yes", "no"))
    experiment = Experiment(
        "data", architectures=(Model("fcn"),), arms=("original",), baselines=("logistic",), folds=folds
    )
    comparison.compare([(experiment, data)], out, workers=2, executor=executor)


def in_child(work_of_child):
    """Fork a process that does something and ends; gives its number."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work_of_child()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return pid


def ended(pid):
    return os.waitpid(pid, 0)[1] == 0


def records(out):
    """What the records say, without what they cost."""
    found = {}
    for path in (out / "records").glob("*.json"):
        record = Record.from_json(json.loads(path.read_text(encoding="utf-8")))
        found[record.run.key] = replace(record, cost=Cost()).to_json()
    return found


def done_since(before):
    return [line.split()[1] for line in LOG.read_text(encoding="utf-8").splitlines()[before:]]


def lines():
    return len(LOG.read_text(encoding="utf-8").splitlines()) if LOG.exists() else 0


def alive(pids):
    """Give which processes still are, after the time that they have to notice."""
    for _ in range(60):
        pids = [
            pid
            for pid in pids
            if Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text()
        ]
        if not pids:
            break
        time.sleep(0.1)
    return pids


def threads():
    return ThreadPoolExecutor(1)


def kill_and_go_on(out, executor, folds, reference, kill, prepare=lambda: None):
    """Let a driver be killed, another one go on, and tell what came of it."""

    def doomed():
        prepare()
        compare(out, folds, executor)

    start = lines()
    pid = in_child(doomed)
    kill(pid)
    finished = ended(pid)
    workers = {int(line.split()[0]) for line in LOG.read_text().splitlines()[start:]} if LOG.exists() else set()
    orphans = alive(workers)
    kept, first = records(out), done_since(start)
    middle = lines()
    assert ended(in_child(lambda: compare(out, folds, executor))), "the second driver failed"
    again = done_since(middle)
    print(
        json.dumps(
            {
                "finished": finished,
                "kept": len(kept),
                "same": records(out) == reference,
                "repeated": sorted(set(again) & set(kept)),
                "twice": len(first) + len(again) - len({*first, *again}),
                "orphans": orphans,
                "leftovers": [str(path) for path in out.rglob("*.tmp")],
            }
        ),
        flush=True,
    )
    return finished


def undisturbed(folds):
    out = BASE / "reference"
    assert ended(in_child(lambda: compare(out, folds, processes)))
    return records(out)


def at_moments(count):
    """Kill at some moment after some run has begun, whatever the machine's speed."""
    folds = 10
    reference = undisturbed(folds)
    rng = random.Random(0)
    for number in range(count):
        begun, delay = lines() + rng.randint(0, len(reference)), rng.uniform(0, 0.03)

        def kill(pid, begun=begun, delay=delay):
            while lines() < begun and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                time.sleep(0.001)
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)

        kill_and_go_on(BASE / f"moment{number}", processes, folds, reference, kill)


def at_every_write():
    folds = 2
    reference = undisturbed(folds)
    for step in range(1, 10_000):
        out = BASE / f"write{step}"
        if kill_and_go_on(out, threads, folds, reference, lambda pid: None, functools.partial(count_down, step)):
            return


def count_down(steps):
    """Make this process kill itself before or after one of the calls that bring a file about."""
    left = steps

    def counted(call):
        @functools.wraps(call)
        def wrapper(*arguments, **options):
            tick()
            result = call(*arguments, **options)
            tick()
            return result

        return wrapper

    def tick():
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = counted(os.fsync)
    Path.replace = counted(Path.replace)


if __name__ == "__main__":
    at_moments(int(sys.argv[3])) if sys.argv[2] == "moments" else at_every_write()
