"""Do runs on an executor and lose none: resume, retry, one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from training.folder import RunFolder
from training.records import Record
from training.task import Task
from training.work import work
from training.worker import stop

OnRecord = Callable[[Record, bool], None]
MakeExecutor = Callable[[], Executor]
DIED = "the worker process died twice in this run; it may have run out of memory"


@dataclass(frozen=True)
class Progress:
    """How far a set of runs is."""

    done: int
    resumed: int
    failed: int
    total: int


def run_all(tasks: Sequence[Task], folder: RunFolder, lanes: Lanes, on_record: OnRecord) -> Progress:
    """Do every task whose record is not there yet, and write the records.

    Parameters
    ----------
    tasks : sequence of Task
    folder : RunFolder
        Where finished records lie and new ones go. A failed run is tried again.
    lanes : Lanes
        Where they are done.
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
    for record in _results(todo, lanes):
        folder.write_record(record)
        failed += record.status != "ok"
        on_record(record, False)
    return Progress(len(tasks) - failed, resumed, failed, len(tasks))


def _results(tasks: Sequence[Task], lanes: Lanes) -> Iterator[Record]:
    """Give records as they come; a run that takes its worker down is tried once more."""
    waiting = list(tasks)
    tried: set[str] = set()
    try:
        while waiting or any(lane.future for lane in lanes.all):
            for lane in lanes.all:
                if waiting and lane.future is None:
                    lane.start(waiting.pop(_next(waiting, lane, lanes.all)))
            done = wait([lane.future for lane in lanes.all if lane.future], return_when=FIRST_COMPLETED).done
            for lane in (lane for lane in lanes.all if lane.future in done):
                task, record = lane.finish()
                if record is None:
                    lane.executor = lanes.make_executor()
                    if task.run.key not in tried:
                        tried.add(task.run.key)
                        waiting.insert(0, task)
                        continue
                    record = Record(task.run, "failed", reason=DIED, classes=list(task.classes))
                yield record
    except KeyboardInterrupt:
        # What is under way is finished and kept; a second Ctrl-C does not wait.
        yield from (record for lane in lanes.all if lane.future and (record := lane.finish()[1]))
        raise


@dataclass
class Lane:
    """A worker of its own for one run at a time, so that it is known which run killed it."""

    executor: Executor
    task: Task | None = None
    future: Future[Record] | None = None

    def start(self, task: Task) -> None:
        """Hand a run out."""
        self.task, self.future = task, self.executor.submit(work, task)

    def finish(self) -> tuple[Task, Record | None]:
        """Wait for the run; no record means that the worker died."""
        assert self.task is not None
        assert self.future is not None
        future, self.future = self.future, None
        try:
            return self.task, future.result()
        except BrokenProcessPool:
            return self.task, None


class Lanes:
    """Workers for one run each at a time; they come up while the driver still reads the data.

    Parameters
    ----------
    make_executor : callable
        Gives a new executor of one worker: any `concurrent.futures.Executor`.
    workers : int
        Executors that are made, and runs under way at once.
    """

    def __init__(self, make_executor: MakeExecutor, workers: int) -> None:
        self.make_executor = make_executor
        self.all = [Lane(make_executor()) for _ in range(workers)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self.all:
            stop(lane.executor, idle=lane.task is None)


def _next(waiting: Sequence[Task], lane: Lane, lanes: Sequence[Lane]) -> int:
    """Choose a lane's next run: of the network that it has traced, or one that no other lane has."""
    traced = lane.task.network if lane.task else ""
    others = {other.task.network for other in lanes if other.task and other is not lane}
    for wanted in (lambda task: task.network == traced, lambda task: task.network not in others):
        for place, task in enumerate(waiting):
            if wanted(task):
                return place
    return 0
