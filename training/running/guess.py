"""How long a run should take by formula: its steps, its arithmetic, and the networks that it has to trace.

Constants were measured on one kind of machine; what has finished corrects them: `training.running.estimate`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import zoo
from training.entrants import architecture_of
from training.fitting.kept import KEPT
from training.records import Settings, canonical
from training.running.robustness import is_asked, kinds
from training.running.sizes import NetworkSize, Spec
from training.running.task import Task
from training.tuning.flops import training_flops
from training.tuning.settings import Tuning

STEP = 0.0005  # seconds of a training step beside its arithmetic
RATE = 60e9  # floating-point operations a second of one core
LAYER = 0.015  # seconds to trace one layer
BASELINE = 0.5  # seconds of a classical baseline
RUNS_A_WORKER = 5  # that search one network: five folds in two arms, on two workers
FORWARD_SHARE = 1 / 3  # cost of a validation item, in training items
FORMULA = 4  # paces are relative to it: a change of `guess` makes those that are kept worthless, and this number larger


@dataclass(frozen=True)
class Guess:
    """What a run should take by formula.

    Parameters
    ----------
    network : str
        Runs of one network have one pace.
    seconds : float
        For all its epochs, without the tracing.
    tracing : float
        Seconds, for the first run of the network alone.
    course : str
        Runs of one network by one recipe stop after the same share of their epochs.
    epochs : int
        Epochs at most, those of its trials among them; 0 for a baseline.
    """

    network: str
    seconds: float
    tracing: float
    course: str = ""
    epochs: int = 0


def guess(task: Task, size: NetworkSize | None) -> Guess:
    """Apply the formula to one run.

    Parameters
    ----------
    task : Task
    size : NetworkSize or None
        None for a baseline.
    """
    network = _short(task.network)
    if size is None:
        return Guess(network, BASELINE, 0.0)
    recipe, tuning = task.run.recipe, task.run.tuning
    search = Tuning(**tuning) if tuning else None
    epochs = recipe["epochs"] + (search.expected_epochs if search else 0)
    items = len(task.train) + FORWARD_SHARE * len(task.validation)
    steps = math.ceil(len(task.train) / recipe["batch_size"])
    seconds = epochs * (STEP * steps + training_flops(size.macs, 1) * items / (RATE * task.threads))
    if recipe["seconds"] is not None:
        seconds = min(seconds, recipe["seconds"] * epochs / recipe["epochs"])
    course = _short(task.network + canonical(recipe))
    tracing = LAYER * size.layers
    if search and "architecture" in search.over:
        seconds += _networks_traced(search.trials, task.run.model) * tracing
    return Guess(network, seconds + _changed(task, size), tracing, course, epochs)


def _networks_traced(trials: int, model: Settings) -> float:
    """Guess for how many of its trials a run traces a network that its worker does not keep.

    Rates of dropout take no network of their own.
    """
    space = zoo.space(architecture_of(model))
    drawn = math.prod(dimension.count for name, dimension in space.items() if not name.endswith("dropout"))
    return min(trials, trials * max(0.0, 1 - KEPT / drawn) + min(drawn, KEPT) / RUNS_A_WORKER)


def _changed(task: Task, size: NetworkSize) -> float:
    """Seconds for the predictions of changed test grids."""
    if not is_asked(task):
        return 0.0
    tried = sum(
        len(kind.strengths) for kind in kinds(task.augmentations, task.axes, Spec.of_task(task).shape[: len(task.axes)])
    )
    return tried * len(task.test) * FORWARD_SHARE * training_flops(size.macs, 1) / RATE


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def guesses(tasks: Sequence[Task], sizes: Mapping[str, NetworkSize]) -> dict[str, Guess]:
    """Guess every run; ``sizes`` are those of the tasks' networks."""
    return {task.run.key: guess(task, sizes.get(task.network)) for task in tasks}
