"""A visit to the network of a finished run: what a worker is handed, and what it gives back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.base import Adapter
from training.explain.insight import Insight
from training.records import Record
from training.running.attempts import here
from training.running.task import Task
from training.running.work import reason_of
from training.running.worker import settle


@dataclass(frozen=True)
class Sight:
    """A test item to be looked at: its place, name and class, and the raw item."""

    position: int
    name: str
    label: str
    item: Any


@dataclass(frozen=True)
class Visit:
    """A finished run as it is handed to a worker that looks inside its network.

    Parameters
    ----------
    task : Task
    record : Record
        What came of it.
    adapter : Adapter
        Fitted on the run's training and validation items.
    sights : sequence of Sight
        Test items.
    driver : str
        The process that hands it out.
    """

    task: Task
    record: Record
    adapter: Adapter
    sights: Sequence[Sight]
    driver: str = field(default_factory=here)


def visit(todo: Visit) -> Insight:
    """Have the network of a run again, explain its labels of some test items, and walk one of them through it.

    An error becomes a reason: of an item alone, or of the whole.
    """
    if todo.driver == here():
        return _seen(todo)
    settle("cnn", todo.task.threads)
    with Path(os.devnull).open("w") as nobody, todo.task.limits.held(nobody):
        return _seen(todo)


def _seen(todo: Visit) -> Insight:
    blank = blank_of(todo.record)
    try:
        from training.running.looking import look  # here, since it imports TensorFlow

        return look(todo, blank)
    except Exception as error:  # a report without this look is worth more than none
        return replace(blank, reason=reason_of(error))


def blank_of(record: Record) -> Insight:
    """Say whose network it is, before anything was seen."""
    _, split, adapter, _, model, _ = record.run.cell
    mistakes = sum(true != said for true, said in zip(record.truth, record.predicted, strict=True))
    return Insight(
        record.run.key, split, adapter, model, record.run.repeat, record.run.fold, len(record.test), mistakes=mistakes
    )
