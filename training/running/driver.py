"""Do runs with a crew and lose none: resume, retry alone, one writer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from training.errors import StoppedError
from training.folder import RunFolder
from training.records import Record
from training.running.attempts import Attempt
from training.running.crew import Crew, End
from training.running.interrupts import Interrupts
from training.running.robustness import is_asked
from training.running.task import Task

NEVER_BEGUN = 3  # times that a run may come back without having been begun


def resume(tasks: Sequence[Task], folder: RunFolder) -> tuple[list[Record], list[Task]]:
    """Find the records that are there already, and the tasks without one.

    A failed run counts as not done, and so does one without the changed grids that are asked about now.
    """
    done, missing = [], []
    for task in tasks:
        record = folder.record(task.run)
        if record is not None and record.status == "ok" and (record.strains or not is_asked(task)):
            done.append(record)
        else:
            missing.append(task)
    return done, missing


def run_all(
    tasks: Sequence[Task],
    folder: RunFolder,
    crew: Crew,
    on_record: Callable[[Record], None],
    on_interrupt: Callable[[], None] = lambda: None,
) -> None:
    """Do every task and write its record.

    A run whose worker dies is tried once more when all others are done, alone, and if that
    fails too it is recorded as failed with its reasons.

    Parameters
    ----------
    tasks : sequence of Task
    folder : RunFolder
        Where records go.
    crew : Crew
        Who does the runs.
    on_record : callable
        Called with each record, once it is written.
    on_interrupt : callable
        Called at a first Ctrl-C: runs under way are then finished and written. A second
        one does not wait.

    Raises
    ------
    StoppedError
        If no worker can do a run.
    OSError
        If a record cannot be written.
    KeyboardInterrupt
        After a Ctrl-C.
    """
    with Interrupts(on_interrupt) as interrupts:
        for record in _results(tasks, crew, interrupts):
            folder.write_record(record)
            on_record(record)
    if interrupts.asked:
        raise KeyboardInterrupt


def _results(tasks: Sequence[Task], crew: Crew, interrupts: Interrupts) -> Iterator[Record]:
    """Give records as they come; at last, one after the other, runs whose worker died once more."""
    again: list[tuple[Task, str]] = []
    for task, end in _ends(tasks, 1, crew, interrupts):
        if isinstance(end, Record):
            yield end
        else:
            again.append((task, end))
    for task, first in again:
        for _, end in _ends([task], 2, crew, interrupts):
            yield end if isinstance(end, Record) else _failed(task, first, end)


def _ends(
    tasks: Sequence[Task], number: int, crew: Crew, interrupts: Interrupts
) -> Iterator[tuple[Task, Record | str]]:
    """Do attempts until each has ended: with a record, or with the reason for its worker's death."""
    waiting = [Attempt(task, number) for task in tasks]
    came_back: Counter[str] = Counter()
    while crew.busy or waiting:
        if interrupts.asked:
            waiting.clear()
            crew.withdraw()
        crew.hand_out(waiting)
        ends = crew.ended() if crew.busy else []
        waiting[:0] = _unbegun(ends, came_back)
        # Workers go on before records are written: they need not wait for the disk.
        if not interrupts.asked:
            crew.hand_out(waiting)
        for todo, end in ends:
            if isinstance(end, Record):
                yield todo.task, end
            elif end.begun:
                yield todo.task, end.reason


def _unbegun(ends: Sequence[tuple[Attempt, End]], came_back: Counter[str]) -> list[Attempt]:
    """Give the attempts that fell with their worker before it began them; too often is no accident."""
    found = [(todo, end) for todo, end in ends if not isinstance(end, Record) and not end.begun]
    for todo, end in found:
        came_back[todo.task.run.key] += 1
        if came_back[todo.task.run.key] >= NEVER_BEGUN:
            raise StoppedError(
                f"no worker begins a run: {end}. Finished runs are kept; expected workers that can import "
                "gridzoo and stay alive: see to that, and the same command goes on"
            )
    return [todo for todo, _ in found]


def _failed(task: Task, first: str, alone: str) -> Record:
    reason = f"{first}, twice" if first == alone else f"{first}; then, alone: {alone}"
    return Record(task.run, "failed", reason=reason, classes=list(task.classes))
