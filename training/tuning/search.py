"""Search hyperparameters: a keras-tuner oracle proposes, we train, it is told the score."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from training.errors import ExperimentError
from training.records import Settings, Trial
from training.tuning.budget import Budget
from training.tuning.proposals import Leg, Proposer, Score
from training.tuning.settings import Tuning
from training.tuning.states import States
from training.tuning.trainer import Lap, Trainer

# Legs that are asked for at a time. The same for any number of workers, or the oracle
# would hear of results in another order and propose other points.
AT_ONCE = 8
TrainLegs = Callable[[Sequence[Leg]], Sequence[Lap]]
Watch = Callable[[int, int, float], None]  # is told how many points were tried, of how many, and the best score


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    values : dict
        The point that is chosen, by the rule of the tuning.
    trials : list of Trial
        Every point, in the order of proposal.
    """

    values: Settings
    trials: list[Trial]


@dataclass
class _Story:
    """The legs of one trial so far."""

    leg: Leg
    laps: list[Lap] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, Score]:
        """What the best trial has most of: epochs behind it, then its score."""
        score = self.laps[-1].score
        return (0, (0.0, 0.0)) if score is None else (self.leg.rungs[-1], score)

    def trial(self, top: int) -> Trial:
        """Tell the story as a record."""
        last = self.laps[-1]
        finished = self.leg.rungs[-1] >= top
        curves: dict[str, list[float]] = {}
        for lap in self.laps:
            for name, curve in lap.curves.items():
                curves.setdefault(name, []).extend(curve)
        return Trial(
            self.leg.values,
            0.0 if last.score is None else last.score[0],
            sum(lap.epochs for lap in self.laps),
            round(sum(lap.seconds for lap in self.laps), 3),
            "failed" if last.score is None else "completed" if finished else "stopped",
            len(self.laps) - 1,
            sum(lap.flops for lap in self.laps),
            max(lap.parameters for lap in self.laps),
            curves,
            last.reason,
            list(self.leg.parents),
        )


def search(
    tuning: Tuning, proposer: Proposer, train: TrainLegs, states: States, budget: Budget, watch: Watch | None = None
) -> Found:
    """Try points of a space and choose one.

    Parameters
    ----------
    tuning : Tuning
    proposer : Proposer
    train : callable
        Trains legs, perhaps at the same time, and gives a lap for each in their order.
    states : States
        Those of the best trials are kept, as far as there is room.
    budget : Budget
    watch : callable, optional

    Raises
    ------
    ExperimentError
        If no point could be paid or proposed, or all trials failed.
    """
    stories: dict[int, _Story] = {}
    while asked := proposer.ask(AT_ONCE):
        laps = {leg: lap for leg in asked if (lap := budget.refused(leg))}
        for leg in laps:
            proposer.refuse(leg)
        sound = [leg for leg in asked if leg not in laps]
        legs = list(takewhile(budget.admits, sound))
        if not stories and not laps and not legs:
            raise ExperimentError(
                f"tuning: expected flops for one trial and the final training, "
                f"{budget.flops_needed(sound[0]):.3g} at least, got {tuning.flops:.3g}"
            )
        for leg, lap in zip(legs, train(legs), strict=True):
            budget.paid(leg, lap)
            proposer.tell(leg, lap.score)
            laps[leg] = lap
        for leg, lap in laps.items():
            story = stories.setdefault(leg.trial, _Story(leg))
            story.leg = leg
            story.laps.append(lap)
        if watch is not None:
            watch(len(stories), tuning.trials, max(story.rank[1][0] for story in stories.values()))
        states.trim(sorted(stories, key=lambda trial: stories[trial].rank, reverse=True))
        if len(legs) < len(sound):
            break
    return _found(tuning, stories)


def _found(tuning: Tuning, stories: dict[int, _Story]) -> Found:
    if not stories:
        raise ExperimentError(f"tuning: expected an oracle that proposes a point, but {tuning.oracle!r} proposed none")
    told = [stories[trial] for trial in sorted(stories)]
    trials = [story.trial(tuning.epochs) for story in told]
    if all(trial.status == "failed" for trial in trials):
        raise ExperimentError(
            f"tuning: expected a trial that can be trained, but all {len(trials)} failed, "
            f"the first with: {trials[0].reason}"
        )
    return Found(_chosen(tuning, told).leg.values, trials)


def _chosen(tuning: Tuning, told: Sequence[_Story]) -> _Story:
    """Choose a point by the rule of the tuning.

    The best is that of the highest score among those that were trained longest; of equals the one with the lower
    validation loss, then the earlier one.
    """
    given, best = told[0], max(told, key=lambda story: story.rank)
    as_far = dict(zip(best.leg.rungs, best.laps, strict=True)).get(given.leg.rungs[-1], best.laps[-1])
    own, other = given.laps[-1].score, as_far.score
    if tuning.rule == "best" or own is None or other is None:
        return best
    error = math.sqrt(other[0] * (1 - other[0]) / as_far.items)
    return best if other[0] - own[0] > error else given


def search_here(trainer: Trainer, proposer: Proposer, tuning: Tuning, budget: Budget) -> Found:
    """Search in this process, one leg after the other."""
    return search(tuning, proposer, lambda legs: [trainer(leg) for leg in legs], trainer.states, budget)
