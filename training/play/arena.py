"""Many games of one kind, stepped together, so that the network answers for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.play.games import Game
from training.play.simulator import Planes, State
from training.verdict.arms import Order, permute_cells


@dataclass(frozen=True)
class Step:
    """What one step of all games brought.

    Parameters
    ----------
    rewards : ndarray of float32, shape (games,)
    ended : ndarray of bool, shape (games,)
        Won or lost: nothing comes after.
    cut : ndarray of bool, shape (games,)
        Stopped for its length: what would have come still counts.
    after : ndarray of uint8, shape ``(games, rows, columns, planes)``
        What each game led to; where an episode is over, its last picture.
    """

    rewards: NDArray[np.float32]
    ended: NDArray[np.bool_]
    cut: NDArray[np.bool_]
    after: Planes

    @property
    def over(self) -> NDArray[np.bool_]:
        """Whose episode is over, in either way."""
        return self.ended | self.cut


class Arena:
    """Games side by side; an episode that is over begins anew at once.

    Parameters
    ----------
    game : Game
    count : int
    seed : int
        Decides all games; each has a sequence of its own.
    order : ndarray of int, optional
        Puts the cells of every observation into another order.

    Attributes
    ----------
    seen : ndarray of uint8, shape ``(count, rows, columns, planes)``
        What the players see now.
    episodes : list of (game, return, length)
        Those that are over since the list was last emptied.
    """

    def __init__(self, game: Game, count: int, seed: int, order: Order | None = None) -> None:
        self._game, self._order = game, order
        self._simulators = [game.start() for _ in range(count)]
        self._drawn = np.zeros((count, *game.shape), np.uint8)
        self._returns, self._lengths = np.zeros(count), np.zeros(count, np.int64)
        self.episodes: list[tuple[int, float, int]] = []
        for number, simulator in enumerate(self._simulators):
            simulator.seed(int(np.random.SeedSequence([seed, number]).generate_state(1)[0]))
            simulator.reset()
            simulator.draw(self._drawn[number])
        self.seen = self._ordered()

    def step(self, actions: NDArray[np.int64]) -> Step:
        """Do one action in each game."""
        count = len(self._simulators)
        rewards, ended, cut = np.zeros(count, np.float32), np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        self._lengths += 1
        for number, simulator in enumerate(self._simulators):
            rewards[number], ended[number] = simulator.step(int(actions[number]))
            simulator.draw(self._drawn[number])
        cut = ~ended & (self._lengths >= self._game.longest)
        self._returns += rewards
        after = self._ordered()
        over = np.flatnonzero(ended | cut)
        for number in over.tolist():
            self._restart(number)
        self.seen = self._ordered() if len(over) else after
        return Step(rewards, ended, cut, after)

    def _restart(self, number: int) -> None:
        self.episodes.append((number, float(self._returns[number]), int(self._lengths[number])))
        self._returns[number], self._lengths[number] = 0, 0
        self._simulators[number].reset()
        self._simulators[number].draw(self._drawn[number])

    def _ordered(self) -> Planes:
        return self._drawn.copy() if self._order is None else permute_cells(self._drawn, self._order, 2)

    def state(self) -> State:
        """Copy everything that decides what happens next, as plain data."""
        return {
            "games": [simulator.state() for simulator in self._simulators],
            "returns": self._returns.tolist(),
            "lengths": self._lengths.tolist(),
        }

    def restore(self, state: State) -> None:
        """Go on from where `state` was taken."""
        for number, (simulator, own) in enumerate(zip(self._simulators, state["games"], strict=True)):
            simulator.restore(own)
            simulator.draw(self._drawn[number])
        self._returns, self._lengths = np.asarray(state["returns"]), np.asarray(state["lengths"])
        self.seen = self._ordered()
