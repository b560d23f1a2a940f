"""Do runs on an executor and lose none: resume, retry, one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass

from training.folder import RunFolder
from training.records import Record
from training.running.lanes import Lane, Lanes
from training.running.task import Task

OnRecord = Callable[[Record, bool], None]
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
    missing, resumed, failed = [], 0, 0
    for task in tasks:
        record = folder.record(task.run.key)
        if record is not None and record.status == "ok":
            resumed += 1
            on_record(record, True)
        else:
            missing.append(task)
    lanes.open(len(missing))
    try:
        for record in _results(missing, lanes):
            folder.write_record(record)
            failed += record.status != "ok"
            on_record(record, False)
    except KeyboardInterrupt:
        # What is under way is finished and kept; a second Ctrl-C does not wait.
        for lane in lanes.all:
            while lane.runs:
                if late := lane.finish()[1]:
                    folder.write_record(late)
        raise
    return Progress(len(tasks) - failed, resumed, failed, len(tasks))


def _results(tasks: Sequence[Task], lanes: Lanes) -> Iterator[Record]:
    """Give records as they come; a run that takes its worker down is tried once more."""
    waiting = list(tasks)
    tried: set[str] = set()
    while waiting or any(lane.runs for lane in lanes.all):
        for lane in lanes.all:
            _hand_out(waiting, lane, lanes.all)
        done = wait([lane.current for lane in lanes.all if lane.runs], return_when=FIRST_COMPLETED).done
        for lane in [lane for lane in lanes.all if lane.runs and lane.current in done]:
            task, record = lane.finish()
            if record is None:
                again = [] if task.run.key in tried else [task]
                tried.add(task.run.key)
                waiting[:0] = [*again, *lane.renew(lanes.make_executor())]
                if again:
                    continue
                record = Record(task.run, "failed", reason=DIED, classes=list(task.classes))
            # The worker goes on before its record is written: it need not wait for the disk.
            _hand_out(waiting, lane, lanes.all)
            yield record


def _hand_out(waiting: list[Task], lane: Lane, lanes: Sequence[Lane]) -> None:
    while waiting and lane.has_room:
        lane.start(waiting.pop(_next(waiting, lane, lanes)))


def _next(waiting: Sequence[Task], lane: Lane, lanes: Sequence[Lane]) -> int:
    """Choose a lane's next run: of the network that it has traced, or one that no other lane has."""
    traced = lane.last.network if lane.last else ""
    others = {other.last.network for other in lanes if other.last and other is not lane}
    for wanted in (lambda task: task.network == traced, lambda task: task.network not in others):
        for place, task in enumerate(waiting):
            if wanted(task):
                return place
    return 0
