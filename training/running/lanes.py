"""Local workers, each with a lane of its own, so that one that dies takes no other along."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Self, TypeVar

from training.records import Record
from training.running.attempts import Attempt, attempt
from training.running.crew import End, end_of, submit, withdrawn
from training.running.task import Task
from training.running.worker import stop

T = TypeVar("T")
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
    runs: deque[tuple[Attempt, Future[Record]]] = field(default_factory=deque)
    _short: bool = False

    @property
    def has_room(self) -> bool:
        """Whether a run may be handed out."""
        return len(self.runs) < 1 + self._short

    def start(self, todo: Attempt) -> None:
        """Hand a run out."""
        self.last = todo.task
        self.runs.append((todo, submit(self.executor, todo, attempt)))

    def finish(self) -> tuple[Attempt, End]:
        """Take the oldest run back, which is done."""
        todo, future = self.runs.popleft()
        end = end_of(todo, future)
        self._short = isinstance(end, Record) and end.cost.seconds < SHORT
        return todo, end

    def renew(self, executor: Executor) -> list[tuple[Attempt, End]]:
        """Take a new worker for a dead one, and give the other runs back that it had."""
        wait([future for _, future in self.runs])
        others = [self.finish() for _ in range(len(self.runs))]
        stop(self.executor)
        self.executor, self._short, self.last = executor, False, None
        return others


class Lanes:
    """A crew of local workers that come up while the driver still reads the data.

    Parameters
    ----------
    make_executor : callable
        Gives a new executor of one worker.
    workers : int
        Runs under way at once, and executors that are made at most.
    """

    def __init__(self, make_executor: MakeExecutor, workers: int) -> None:
        self._make_executor, self.size = make_executor, workers
        self.all: list[Lane] = []
        self._turns, self._used = count(), 0
        self.open(AT_ONCE)

    def open(self, runs: int) -> None:
        """Have as many lanes as so many runs can use."""
        self._used = min(runs, self.size)
        while len(self.all) < self._used:
            self.all.append(Lane(self._make_executor()))

    def ask(self, function: Callable[..., T], *arguments: object) -> Future[T]:
        """Call a function in one of the workers, in turn."""
        return self.all[next(self._turns) % len(self.all)].executor.submit(function, *arguments)

    def hand_out(self, waiting: list[Attempt]) -> None:
        """Give idle lanes a run, then lanes that have room their next; no lane stays idle while a run lies ready at another."""
        lanes = self.all[: self._used]
        for lane in [*(lane for lane in lanes if not lane.runs), *lanes]:
            if waiting and lane.has_room:
                lane.start(waiting.pop(_next(waiting, lane, self.all)))
        for lane in lanes:
            if not lane.runs:
                self._take_over(lane)

    def _take_over(self, idle: Lane) -> None:
        """Give an idle lane the run that lies ready at another, if its worker has not begun it."""
        for lane in self.all:
            if len(lane.runs) > 1 and withdrawn(*lane.runs[-1]):
                idle.start(lane.runs.pop()[0])
                return

    @property
    def busy(self) -> bool:
        """Whether a lane has runs."""
        return any(lane.runs for lane in self.all)

    def withdraw(self) -> None:
        """Take back what no worker has begun."""
        for lane in self.all:
            lane.runs = deque(run for run in lane.runs if not withdrawn(*run))

    def ended(self) -> list[tuple[Attempt, End]]:
        """Wait until the oldest run of a lane is done, and give all that are."""
        done = wait([lane.runs[0][1] for lane in self.all if lane.runs], return_when=FIRST_COMPLETED).done
        ends = []
        for lane in self.all:
            if lane.runs and lane.runs[0][1] in done:
                ends.append(lane.finish())
                if not isinstance(ends[-1][1], Record):
                    ends += lane.renew(self._make_executor())
        return ends

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self.all:
            stop(lane.executor)


def _next(waiting: Sequence[Attempt], lane: Lane, lanes: Sequence[Lane]) -> int:
    """Choose a lane's next run: of the network that it has traced, or one that no other lane has.

    It has as many threads as the first that waits: a worker would have to be replaced for another number.
    """
    traced = lane.last.network if lane.last else ""
    others = {other.last.network for other in lanes if other.last and other is not lane}
    for wanted in (lambda task: task.network == traced, lambda task: task.network not in others):
        for place, todo in enumerate(waiting):
            if todo.task.threads == waiting[0].task.threads and wanted(todo.task):
                return place
    return 0
