"""What a step was worth: n-step returns for DQN, advantages for PPO."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.play.arena import Step
from training.play.simulator import Planes, State

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Transition:
    """What replay keeps of one step.

    Parameters
    ----------
    before, after : ndarray of uint8, shape ``(rows, columns, planes)``
    action : int
    reward : float
        Of up to n steps, each discounted.
    discount : float
        Worth of what comes after them; 0 where nothing comes.
    """

    before: Planes
    action: int
    reward: float
    after: Planes
    discount: float


@dataclass
class _Open:
    """A step whose n rewards are not all in."""

    before: Planes
    action: int
    reward: float = 0.0
    discount: float = 1.0


class Chain:
    """Adds up n rewards of each step before replay gets it.

    An episode that ends sooner closes all its open steps: with nothing to come if it was
    won or lost, with what the target network thinks of the last picture if it was cut.

    Parameters
    ----------
    games, steps : int
    discount : float
    """

    def __init__(self, games: int, steps: int, discount: float) -> None:
        self._steps, self._discount = steps, discount
        self._open: list[list[_Open]] = [[] for _ in range(games)]

    def add(self, before: Planes, actions: NDArray[np.int64], step: Step) -> list[Transition]:
        """Take one step of all games; give what is complete."""
        complete: list[Transition] = []
        for game, open_steps in enumerate(self._open):
            open_steps.append(_Open(before[game], int(actions[game])))
            for one in open_steps:
                one.reward += one.discount * float(step.rewards[game])
                one.discount *= self._discount
            over = bool(step.over[game])
            closing = len(open_steps) if over else max(0, len(open_steps) - self._steps + 1)
            for one in open_steps[:closing]:
                left = 0.0 if step.ended[game] else one.discount
                complete.append(Transition(one.before, one.action, one.reward, step.after[game], left))
            del open_steps[:closing]
        return complete

    def state(self) -> list[list[State]]:
        """Copy the open steps, as plain data."""
        return [[{**vars(one), "before": one.before.tolist()} for one in own] for own in self._open]

    def restore(self, state: list[list[State]]) -> None:
        """Go on from where `state` was taken."""
        self._open = [[_Open(**{**one, "before": np.asarray(one["before"], np.uint8)}) for one in own] for own in state]


def advantages(
    rewards: Floats, values: Floats, last: Floats, over: NDArray[np.bool_], discount: float, smoothing: float
) -> tuple[Floats, Floats]:
    """Estimate how much better than expected each step was (generalised advantage estimation).

    Parameters
    ----------
    rewards : ndarray, shape (steps, games)
        The reward of a step that was cut holds the discounted value of its last picture.
    values : ndarray, shape (steps, games)
        What the network expected before each step.
    last : ndarray, shape (games,)
        What it expects after the last one.
    over : ndarray of bool, shape (steps, games)
        Whether the episode was over after the step.
    discount, smoothing : float
        γ and λ.

    Returns
    -------
    advantages, targets : ndarray, shape (steps, games)
        A target is the advantage and the value together.

    References
    ----------
    Schulman et al. (2016), arXiv:1506.02438, equation 16.
    """
    found = np.zeros_like(rewards)
    running = np.zeros_like(last)
    following = last
    for step in reversed(range(len(rewards))):
        goes_on = 1.0 - over[step].astype(np.float32)
        surprise = rewards[step] + discount * following * goes_on - values[step]
        running = surprise + discount * smoothing * goes_on * running
        found[step] = running
        following = values[step]
    return found, found + values
