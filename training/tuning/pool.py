"""Train legs of one search in several worker processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from training.running.worker import local_executor, stop
from training.tuning.proposals import Leg
from training.tuning.site import Site, train_there
from training.tuning.trainer import Lap

DIED = "the worker process died twice in this trial; it may have run out of memory"


@dataclass
class _Lane:
    """One worker process, and the trials whose network it has traced."""

    executor: Executor
    trials: set[int] = field(default_factory=set)
    job: tuple[Leg, Future[Lap]] | None = None


class Pool:
    """Workers that train legs; a context manager.

    A trial goes on where its network is traced if that worker is free, anywhere else if
    not: what comes of it is the same.

    Parameters
    ----------
    workers : int
    make_executor : callable
        Gives a `concurrent.futures.Executor` of one worker; a loky process by default.
    """

    def __init__(self, workers: int, make_executor: Callable[[], Executor] = local_executor) -> None:
        self._make = make_executor
        self._lanes = [_Lane(make_executor()) for _ in range(workers)]

    def train(self, site: Site, legs: Sequence[Leg]) -> list[Lap]:
        """Train legs of a search, and give a lap for each in their order."""
        waiting = list(legs)
        laps: dict[Leg, Lap] = {}
        tried: set[Leg] = set()
        while len(laps) < len(legs):
            for lane in self._lanes:
                if waiting and lane.job is None:
                    _start(lane, site, waiting.pop(self._next(waiting, lane)))
            busy = [(lane, *lane.job) for lane in self._lanes if lane.job]
            done = wait([future for _, _, future in busy], return_when=FIRST_COMPLETED).done
            for lane, leg, future in busy:
                if future not in done:
                    continue
                lap = self._finish(lane, future)
                if lap is None and leg not in tried:
                    tried.add(leg)
                    waiting.insert(0, leg)
                else:
                    laps[leg] = lap or Lap(None, reason=DIED)
        return [laps[leg] for leg in legs]

    def _finish(self, lane: _Lane, future: Future[Lap]) -> Lap | None:
        """Take a lap from its lane; none means that the worker died in it, and another takes its place."""
        lane.job = None
        try:
            return future.result()
        except BrokenProcessPool:
            lane.executor, lane.trials = self._make(), set()
            return None

    def _next(self, waiting: Sequence[Leg], lane: _Lane) -> int:
        """Choose a leg that the lane has traced, or one that no other has."""
        others = {trial for other in self._lanes if other is not lane for trial in other.trials}

        def far(place: int) -> int:
            trial = waiting[place].trial
            return 0 if trial in lane.trials else 2 if trial in others else 1

        return min(range(len(waiting)), key=far)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self._lanes:
            stop(lane.executor)


def _start(lane: _Lane, site: Site, leg: Leg) -> None:
    lane.trials.add(leg.trial)
    try:
        future = lane.executor.submit(train_there, site, leg)
    except BrokenProcessPool as error:  # it died since its last leg
        future = Future()
        future.set_exception(error)
    lane.job = (leg, future)
