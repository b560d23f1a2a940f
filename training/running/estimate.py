"""How long runs will take: guessed from what is known before training, corrected by what has finished.

A training is guessed as its steps times a constant, plus its floating-point operations
divided by a rate, plus the tracing of its network, once. Both figures were measured on one
kind of machine, and all epochs are counted. Finished runs put three things right:

- the *pace* of a network: seconds for what the formula takes for one;
- the *share* of its epochs that a training takes before it stops;
- the *load* of the machine: seconds that went by for one of the processor.

Paces (of the processor, so that a busy hour does not count for the next) and shares are kept
between comparisons; the load is that of now.
"""

from __future__ import annotations

import json
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.folder import write_atomically
from training.records import Record, canonical
from training.running.guess import FORMULA, Guess

BUILT = 0.1  # seconds; a run that built longer met its network for the first time


@dataclass(frozen=True)
class Learned:
    """What runs have taught, by network and by course.

    Parameters
    ----------
    paces, shares : dict of str to float
    """

    paces: dict[str, float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """What a finished run took: guessed and real seconds for the epochs that it did, both without tracing.

    ``busy`` are seconds of the processor, ``share`` is that of its epochs.
    """

    one: Guess
    guessed: float
    seconds: float
    busy: float
    share: float
    traced: bool

    @classmethod
    def of(cls, record: Record, one: Guess) -> Taken:
        """Compare a record with its guess."""
        cost, done = record.cost, len(record.curves.get("loss", ())) + sum(t.epochs for t in record.trials)
        share = min(1.0, done / one.epochs) if done and one.epochs else 1.0
        traced = cost.build_seconds > BUILT
        guessed = share * one.seconds
        seconds = max(cost.seconds - cost.build_seconds - one.tracing * traced, 0.1 * guessed)
        at_work = min(1.0, cost.processor_seconds / cost.seconds) if cost.processor_seconds and cost.seconds else 1.0
        return cls(one, guessed, seconds, seconds * at_work, share, traced)


@dataclass
class Estimate:
    """Seconds that are left of a set of runs.

    Parameters
    ----------
    guesses : dict of str to Guess
        Of each run, by its key.
    workers : int
        Runs at once.
    kept : Learned
        What earlier comparisons on this machine have taught.
    """

    guesses: dict[str, Guess]
    workers: int
    kept: Learned = field(default_factory=Learned)
    _left: dict[str, Guess] = field(init=False)
    _taken: list[Taken] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._left = dict(self.guesses)

    def finished(self, record: Record) -> None:
        """Take a run off the list, and learn from it if it went well."""
        one = self._left.pop(record.run.key, None)
        if one is not None and record.status == "ok":
            self._taken.append(Taken.of(record, one))

    @property
    def runs(self) -> int:
        """Runs that are left."""
        return len(self._left)

    @property
    def learned(self) -> Learned:
        """What the finished runs taught, for later comparisons: paces are of the processor."""
        shares = _grouped(self._taken, lambda taken: taken.one.course if taken.one.epochs else "")
        shares.pop("", None)
        return Learned(self._paces(lambda taken: taken.busy), {
            course: statistics.fmean(taken.share for taken in own) for course, own in shares.items()
        })  # fmt: skip

    @property
    def load(self) -> float:
        """Seconds that went by in finished runs for one of the processor."""
        busy = sum(taken.busy for taken in self._taken)
        return sum(taken.seconds for taken in self._taken) / busy if busy else 1.0

    @property
    def seconds(self) -> float:
        """Seconds from now to the end: what is left, shared by the workers, but no less than the longest run."""
        now, load = self._paces(lambda taken: taken.seconds), self.load
        paces = {**{network: load * pace for network, pace in self.kept.paces.items()}, **now}
        usual = statistics.median(now.values() or paces.values() or [1.0])
        shares = {**self.kept.shares, **self.learned.shares}
        each = [
            one.seconds * paces.get(one.network, usual) * shares.get(one.course, 1.0) for one in self._left.values()
        ]
        met = {taken.one.network for taken in self._taken}
        tracing = {one.network: load * one.tracing for one in self._left.values() if one.network not in met}
        total = sum(each) + sum(tracing.values())
        return max(total / max(1, min(self.workers, len(each))), *each) if each else 0.0

    def _paces(self, spent: Callable[[Taken], float]) -> dict[str, float]:
        """Compare times with guesses; runs that had to trace say less, so they count only if there are no others."""
        paces = {}
        for network, own in _grouped(self._taken, lambda taken: taken.one.network).items():
            clear = [taken for taken in own if not taken.traced] or own
            paces[network] = sum(map(spent, clear)) / sum(taken.guessed for taken in clear)
        return paces

    def __str__(self) -> str:
        at_once = f"{self.workers} cores" if self.workers > 1 else "one core"
        return f"{self.runs} runs, about {spoken(self.seconds)} on {at_once}"


def _grouped(taken: Sequence[Taken], by: Callable[[Taken], str]) -> dict[str, list[Taken]]:
    groups: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        groups[by(one)].append(one)
    return groups


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


class Memory:
    """What runs on this machine have taught, in a file.

    Parameters
    ----------
    folder : path
        Of the cache.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "speed" / "learned.json"

    def read(self) -> Learned:
        """Give what is kept; nothing if there is no sound file, since it is but a help."""
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            if told["formula"] != FORMULA:
                return Learned()
            return Learned(_positive(told["paces"]), _positive(told["shares"]))
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return Learned()

    def keep(self, found: Learned) -> None:
        """Add what was learned, the newest of a network in place of the older."""
        before = self.read()
        self._path.parent.mkdir(exist_ok=True)
        paces, shares = {**before.paces, **found.paces}, {**before.shares, **found.shares}
        write_atomically(
            self._path, canonical({"formula": FORMULA, "paces": _rounded(paces), "shares": _rounded(shares)})
        )


def _positive(numbers: Mapping[str, float]) -> dict[str, float]:
    return {str(name): float(number) for name, number in numbers.items() if float(number) > 0}


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(number, 4) for name, number in numbers.items()}
