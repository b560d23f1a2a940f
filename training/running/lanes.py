"""Workers, each with a lane of its own, so that it is known which run took one down."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from training.records import Record
from training.running.task import Task
from training.running.work import work
from training.running.worker import stop

MakeExecutor = Callable[[], Executor]
AT_ONCE = 4  # lanes before the number of runs is known: few comparisons have less
SHORT = 20.0  # seconds; the next run after one that was this short lies ready at the worker


@dataclass
class Lane:
    """One worker and the runs that it was given, in their order.

    A worker does one run at a time. The next one waits beside it while runs are short, for
    handing it out would leave the worker idle; while they are long, Ctrl-C should not
    have to wait for two.
    """

    executor: Executor
    last: Task | None = None
    runs: deque[tuple[Task, Future[Record]]] = field(default_factory=deque)
    _short: bool = False

    @property
    def current(self) -> Future[Record]:
        """The oldest run."""
        return self.runs[0][1]

    @property
    def has_room(self) -> bool:
        """Whether a run may be handed out."""
        return len(self.runs) < 1 + self._short

    def start(self, task: Task) -> None:
        """Hand a run out."""
        self.last = task
        try:
            future = self.executor.submit(work, task)
        except BrokenProcessPool as error:  # it died since its last run
            future = Future()
            future.set_exception(error)
        self.runs.append((task, future))

    def finish(self) -> tuple[Task, Record | None]:
        """Wait for the oldest run; no record means that the worker died in it."""
        task, future = self.runs.popleft()
        try:
            record = future.result()
        except BrokenProcessPool:
            return task, None
        self._short = record.cost.seconds < SHORT
        return task, record

    def renew(self, executor: Executor) -> list[Task]:
        """Take a new worker for a dead one, and give the runs back that it never began."""
        self.executor, self._short = executor, False
        given_back = [task for task, _ in self.runs]
        self.runs.clear()
        return given_back


class Lanes:
    """Workers that come up while the driver still reads the data.

    Parameters
    ----------
    make_executor : callable
        Gives a new executor of one worker: any `concurrent.futures.Executor`.
    workers : int
        Runs under way at once, and executors that are made at most.
    """

    def __init__(self, make_executor: MakeExecutor, workers: int) -> None:
        self.make_executor, self._workers = make_executor, workers
        self.all: list[Lane] = []
        self.open(AT_ONCE)

    def open(self, runs: int) -> None:
        """Have as many lanes as so many runs can use."""
        while len(self.all) < min(runs, self._workers):
            self.all.append(Lane(self.make_executor()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self.all:
            stop(lane.executor, idle=lane.last is None)
