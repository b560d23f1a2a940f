"""One attempt at a run inside a worker, with a mark on the disk that outlives the worker.

Executors differ in what they tell of a worker that died: some break as a whole and name
no run, some do the run again by themselves. The mark says the same under all of them:
whether a run was begun, and what its process wrote before it ended.
"""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

from training.errors import StoppedError
from training.records import Record
from training.running.limits import MEMORY, Limits
from training.running.task import Task
from training.running.work import work
from training.running.worker import settle

# A process has one TensorFlow, whose kept networks serve one run at a time.
_turn = threading.Lock()


class DiedError(Exception):
    """The attempt was begun before, by a process that did not end it."""


def here() -> str:
    """Name this process: its host and number."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Attempt:
    """A task as it is handed to a worker.

    Parameters
    ----------
    task : Task
    number : int
        2 for a run that is tried again, alone.
    driver : str
        The process that hands it out.
    """

    task: Task
    number: int = 1
    driver: str = field(default_factory=here)

    @property
    def mark(self) -> Path:
        """The file that is there from the attempt's begin to its end."""
        return self.task.grids.parent / f"{self.task.run.key}.{self.number}"

    @property
    def begun(self) -> bool:
        """Whether a worker has begun it and not ended it."""
        return self.mark.exists()

    def reason(self) -> str:
        """Say why the worker that began it died."""
        return self.task.limits.reason(self.mark.read_text(encoding="utf-8", errors="replace"))


def attempt(todo: Attempt) -> Record:
    """Do a run. What every worker of every executor calls.

    Raises
    ------
    StoppedError
        If no run can be done here: the folder of the grids is not there, or the run has
        limits but would share the driver's process.
    DiedError
        If another process has begun this attempt and did not end it.
    ThreadsError
        If this process has another number of threads: then it is for another to begin.
    MemoryError
        If the system gives no more memory.
    """
    limits = todo.task.limits
    if todo.driver == here():
        _refuse(limits)
    else:
        settle(todo.task.run.kind, todo.task.threads)
    with _turn:
        _begin(todo)
        with todo.mark.open("w", encoding="utf-8") as last_words:
            try:
                if todo.driver == here():
                    record = work(todo.task)
                else:
                    with limits.held(last_words):
                        record = work(todo.task)
            except MemoryError:
                last_words.write(MEMORY)
                raise
        todo.mark.unlink()
    return record


def _begin(todo: Attempt) -> None:
    try:
        todo.mark.touch(exist_ok=False)
    except FileExistsError:
        raise DiedError(todo.reason()) from None
    except FileNotFoundError:
        raise StoppedError(
            f"worker {here()} cannot read {todo.mark.parent}: expected a disk that it shares with {todo.driver}; "
            "let GRIDZOO_CACHE name a folder on one, or run without the cluster"
        ) from None


def _refuse(limits: Limits) -> None:
    if limits != Limits():
        raise StoppedError(
            "time_limit, memory_limit: expected workers that are processes, since a thread cannot be ended; "
            "leave the limits out, or use another executor"
        )
