"""Which trial is trained next, and how far: proposals of an oracle, told what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import zoo
from training.records import Settings
from training.tuning.oracles import OBJECTIVE, oracle_for, parents_of
from training.tuning.settings import Tuning
from training.tuning.space import Space

SPARE = 10  # points that may be refused for each that is wanted
Score = tuple[float, float]  # what a point is judged by, and what decides between equals; more is better


@dataclass(frozen=True)
class Leg:
    """Some epochs of one trial, trained in one go.

    Parameters
    ----------
    trial : int
        Number of the point, in the order of proposal.
    values : dict
        The point.
    rungs : tuple of int
        Epochs that the trial has behind it at the end of each leg, this one's last.
    parents : tuple of int
        Trials that the point descends from.
    """

    trial: int
    values: Settings = field(compare=False)
    rungs: tuple[int, ...]
    parents: tuple[int, ...] = field(default=(), compare=False)

    @property
    def epochs(self) -> int:
        """Epochs of this leg alone."""
        return self.rungs[-1] - (self.rungs[-2] if len(self.rungs) > 1 else 0)


class Proposer(Protocol):
    """What decides about trials; the order of calls alone decides the answers."""

    def ask(self, most: int) -> list[Leg]:
        """Give legs that may be trained at the same time, ``most`` or some more; none at the end."""

    def tell(self, leg: Leg, score: Score | None) -> None:
        """Say how a leg ended; None if it failed."""

    def refuse(self, leg: Leg) -> None:
        """Say that a new point will not be trained; another may take its place."""


def proposer_for(tuning: Tuning, space: Space, seed: int) -> Proposer:
    """Make what decides about the trials of a tuning."""
    return (Brackets if tuning.oracle == "hyperband" else Halving)(tuning, space, seed)


class _Asking:
    """Ask an oracle for new points, tell it how they did."""

    def __init__(self, tuning: Tuning, space: Space, seed: int) -> None:
        self._tuning, self._space = tuning, dict(space)
        self._oracle = oracle_for(tuning, space, seed)
        self._proposals: dict[Leg, Any] = {}  # under way
        self._points = self._asked = self._refused = 0

    def tell(self, leg: Leg, score: Score | None) -> None:
        """Say how a leg ended."""
        self._end(self._proposals.pop(leg), score)

    def refuse(self, leg: Leg) -> None:
        """Say that a new point will not be trained; another may take its place."""
        self._refused = min(self._refused + 1, SPARE * self._tuning.trials)
        self._end(self._proposals.pop(leg), None)

    @property
    def _wanted(self) -> int:
        """Points in all, refused ones among them."""
        return self._tuning.trials + self._refused

    def _proposal(self) -> Any:
        self._asked += 1
        # keras-tuner gives whoever asks again the trial that is under way with them.
        return self._oracle.create_trial(f"asker{self._asked}")

    def _point(self, proposal: Any, epochs: int) -> Leg:
        """Begin a new point."""
        hp = proposal.hyperparameters
        if self._points == 0 and self._tuning.first == "given":
            others = {name: value for name, value in hp.values.items() if name not in self._space}
            # In keras-tuner's words and noted at once, or it would be proposed again.
            hp.values = others | self._oracle.get_space().values
            self._oracle._record_values(proposal)
        self._points += 1
        parents = parents_of(self._oracle, proposal.trial_id)
        return Leg(self._points - 1, zoo.chosen(hp, self._space), (epochs,), parents)

    def _end(self, proposal: Any, score: Score | None) -> None:
        if score is not None:
            self._oracle.update_trial(proposal.trial_id, {OBJECTIVE: score[0]})
        proposal.status = "COMPLETED" if score is not None else "FAILED"
        self._oracle.end_trial(proposal)


class Halving(_Asking):
    """Successive halving that waits for no rung to fill (Li et al. 2020, arXiv:1810.05934).

    A point goes on once it is among the best ``1 / factor`` of those that have reached
    its rung. The oracle hears of every point as it was on the first rung, where all
    can be compared.
    """

    def __init__(self, tuning: Tuning, space: Space, seed: int) -> None:
        super().__init__(tuning, space, seed)
        self._ended: list[dict[Leg, Score]] = [{} for _ in tuning.rungs]
        self._promoted: set[Leg] = set()

    def ask(self, most: int) -> list[Leg]:
        """Give those that go on, from the top, and new points."""
        legs = [self._next(leg) for rung in reversed(range(len(self._ended) - 1)) for leg in self._worthy(rung)]
        self._oracle.max_trials = self._wanted
        while len(legs) < most and (proposal := self._proposal()).status == "RUNNING":
            legs.append(self._point(proposal, self._tuning.rungs[0]))
            self._proposals[legs[-1]] = proposal
        return legs

    def tell(self, leg: Leg, score: Score | None) -> None:
        """Say how a leg ended."""
        if score is not None:
            self._ended[len(leg.rungs) - 1][leg] = score
        if leg in self._proposals:
            super().tell(leg, score)

    def _worthy(self, rung: int) -> list[Leg]:
        ended = self._ended[rung]
        best = sorted(ended, key=lambda leg: ended[leg], reverse=True)[: len(ended) // self._tuning.factor]
        return [leg for leg in best if leg not in self._promoted]

    def _next(self, leg: Leg) -> Leg:
        self._promoted.add(leg)
        return replace(leg, rungs=self._tuning.rungs[: len(leg.rungs) + 1])


class Brackets(_Asking):
    """keras-tuner's Hyperband (Li et al. 2018, arXiv:1603.06560), which decides by itself who goes on.

    Once there are as many points as wanted, those under way are brought to the end of
    their bracket, as far as it has filled, and no further point is begun.
    """

    def __init__(self, tuning: Tuning, space: Space, seed: int) -> None:
        super().__init__(tuning, space, seed)
        self._legs: dict[str, Leg] = {}  # by the name that the oracle knows them by

    def ask(self, most: int) -> list[Leg]:
        """Give what the oracle proposes: new points and such as go on."""
        legs: list[Leg] = []
        while len(legs) < most and (proposal := self._proposal()).status == "RUNNING":
            asked = proposal.hyperparameters.values
            past = self._legs.get(asked.get("tuner/trial_id", ""))
            if past is None and self._points == self._wanted:
                self._end(proposal, None)
                break
            epochs = asked["tuner/epochs"]
            leg = Leg(past.trial, past.values, (*past.rungs, epochs)) if past else self._point(proposal, epochs)
            self._legs[proposal.trial_id], self._proposals[leg] = leg, proposal
            legs.append(leg)
        return legs
