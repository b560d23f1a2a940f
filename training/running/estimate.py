"""How long runs will take: guessed from what is known before training, corrected by what has finished.

A training is guessed as its steps times a constant, plus its floating-point operations
divided by a rate, plus the tracing of its network, once. Both figures were measured on one
kind of machine. Others, and all that the formula leaves out (augmentation, early stopping,
a busy machine), are put right by one factor a network: what its finished runs took,
divided by the guess. Factors are kept between comparisons.
"""

from __future__ import annotations

import hashlib
import json
import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.folder import write_atomically
from training.records import Record, canonical
from training.running.robustness import is_asked, kinds
from training.running.sizes import NetworkSize, Spec
from training.running.task import Task
from training.tuning.flops import training_flops
from training.tuning.settings import Tuning

STEP = 0.0015  # seconds of a training step beside its arithmetic
RATE = 40e9  # floating-point operations a second of one core
LAYER = 0.09  # seconds to trace one layer
BASELINE = 0.5  # seconds of a classical baseline
BUILT = 0.1  # seconds; a run that built longer met its network for the first time
FORWARD_SHARE = 1 / 3  # cost of a validation item, in training items


@dataclass(frozen=True)
class Guess:
    """What a run should take by formula.

    Parameters
    ----------
    network : str
        Runs of one network are corrected by one factor.
    seconds : float
        Without the tracing.
    tracing : float
        Seconds, for the first run of the network alone.
    """

    network: str
    seconds: float
    tracing: float


def guess(task: Task, size: NetworkSize | None) -> Guess:
    """Apply the formula to one run.

    Parameters
    ----------
    task : Task
    size : NetworkSize or None
        None for a baseline.
    """
    network = hashlib.sha256(task.network.encode()).hexdigest()[:16]
    if size is None:
        return Guess(network, BASELINE, 0.0)
    recipe, tuning = task.run.recipe, task.run.tuning
    searched = Tuning(**tuning).expected_epochs if tuning else 0
    epochs = recipe["epochs"] + searched
    items = len(task.train) + FORWARD_SHARE * len(task.validation)
    steps = math.ceil(len(task.train) / recipe["batch_size"])
    seconds = epochs * (STEP * steps + training_flops(size.macs, 1) * items / (RATE * task.threads))
    if recipe["seconds"] is not None:
        seconds = min(seconds, recipe["seconds"] * epochs / recipe["epochs"])
    return Guess(network, seconds + _changed(task, size), LAYER * size.layers)


def _changed(task: Task, size: NetworkSize) -> float:
    """Seconds for the predictions of changed test grids."""
    if not is_asked(task):
        return 0.0
    tried = sum(
        len(kind.strengths) for kind in kinds(task.augmentations, task.axes, Spec.of_task(task).shape[: len(task.axes)])
    )
    return tried * len(task.test) * FORWARD_SHARE * training_flops(size.macs, 1) / RATE


@dataclass(frozen=True)
class Taken:
    """What a finished run took, beside its guess; both without tracing."""

    guessed: float
    seconds: float
    traced: bool


@dataclass
class Estimate:
    """Seconds that are left of a set of runs.

    Parameters
    ----------
    guesses : dict of str to Guess
        Of each run, by its key.
    workers : int
        Runs at once.
    kept : mapping of str to float
        Factors of networks that were trained on this machine before.
    """

    guesses: dict[str, Guess]
    workers: int
    kept: Mapping[str, float] = field(default_factory=dict)
    _left: dict[str, Guess] = field(init=False)
    _taken: dict[str, list[Taken]] = field(init=False)

    def __post_init__(self) -> None:
        self._left = dict(self.guesses)
        self._taken = defaultdict(list)

    def finished(self, record: Record) -> None:
        """Take a run off the list, and learn from it if it went well."""
        one = self._left.pop(record.run.key, None)
        if one is not None and record.status == "ok":
            traced = record.cost.build_seconds > BUILT
            rest = record.cost.seconds - record.cost.build_seconds - one.tracing * traced
            self._taken[one.network].append(Taken(one.seconds, max(rest, 0.1 * one.seconds), traced))

    @property
    def runs(self) -> int:
        """Runs that are left."""
        return len(self._left)

    @property
    def factors(self) -> dict[str, float]:
        """What guesses have to be multiplied by, for each network that has finished runs."""
        return {network: _factor(taken) for network, taken in self._taken.items()}

    @property
    def seconds(self) -> float:
        """Seconds from now to the end: what is left, shared by the workers, but no less than the longest run."""
        known = {**self.kept, **self.factors}
        usual = statistics.median(self.factors.values() or self.kept.values() or [1.0])
        each = [one.seconds * known.get(one.network, usual) for one in self._left.values()]
        tracing = {one.network: one.tracing for one in self._left.values() if one.network not in self._taken}
        total = sum(each) + sum(tracing.values())
        return max(total / max(1, min(self.workers, len(each))), *each) if each else 0.0

    def __str__(self) -> str:
        at_once = f"{self.workers} cores" if self.workers > 1 else "one core"
        return f"{self.runs} runs, about {spoken(self.seconds)} on {at_once}"


def _factor(runs: Sequence[Taken]) -> float:
    """Compare times with guesses; runs that had to trace say less, so they count only if there are no others."""
    clear = [run for run in runs if not run.traced] or runs
    return sum(run.seconds for run in clear) / sum(run.guessed for run in clear)


def spoken(seconds: float) -> str:
    """Say a time as roughly as it is known.

    Examples
    --------
    >>> spoken(3.2), spoken(372), spoken(8_000)
    ('5 s', '6 min', '2.2 h')
    """
    if seconds < 55:
        return f"{5 * max(1, math.ceil(seconds / 5))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def guesses(tasks: Sequence[Task], sizes: Mapping[str, NetworkSize]) -> dict[str, Guess]:
    """Guess every run; ``sizes`` are those of the tasks' networks."""
    return {task.run.key: guess(task, sizes.get(task.network)) for task in tasks}


class Factors:
    """The factors of this machine, in a file.

    Parameters
    ----------
    folder : path
        Of the cache.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "speed" / "factors.json"

    def read(self) -> dict[str, float]:
        """Give what is kept; nothing if there is no sound file, since it is but a help."""
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(network): factor for network, factor in told.items() if float(factor) > 0}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def keep(self, found: Mapping[str, float]) -> None:
        """Add factors, the newest of a network in place of older ones."""
        self._path.parent.mkdir(exist_ok=True)
        write_atomically(self._path, canonical({**self.read(), **{k: round(v, 4) for k, v in found.items()}}))
