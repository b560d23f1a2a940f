"""Catch: a ball falls down a board and a paddle below has to be there. Needs no other package."""

from __future__ import annotations

import numpy as np

from training.play.simulator import Planes, State

ROWS, COLUMNS = 10, 5
PLANES = ("ball", "paddle")
ACTIONS = ("left", "stay", "right")


class Catch:
    """One ball an episode; 1 for a catch, −1 for a miss.

    References
    ----------
    Osband et al. (2020). Behaviour suite for reinforcement learning. arXiv:1908.03568.
    """

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)
        self.reset()

    def seed(self, seed: int) -> None:
        """Decide where balls start."""
        self._random = np.random.default_rng(seed)

    def reset(self) -> None:
        """Let a ball start in any column."""
        self._ball = [0, int(self._random.integers(COLUMNS))]
        self._paddle = COLUMNS // 2

    def step(self, action: int) -> tuple[float, bool]:
        """Move the paddle, let the ball fall by one row."""
        self._paddle = min(max(self._paddle + action - 1, 0), COLUMNS - 1)
        self._ball[0] += 1
        if self._ball[0] < ROWS - 1:
            return 0.0, False
        return (1.0 if self._ball[1] == self._paddle else -1.0), True

    def draw(self, planes: Planes) -> None:
        """Draw ball and paddle."""
        planes[:] = 0
        planes[self._ball[0], self._ball[1], 0] = 1
        planes[ROWS - 1, self._paddle, 1] = 1

    def state(self) -> State:
        """Copy ball, paddle and random numbers."""
        return {"ball": list(self._ball), "paddle": self._paddle, "random": self._random.bit_generator.state}

    def restore(self, state: State) -> None:
        """Take them over."""
        self._ball, self._paddle = list(state["ball"]), int(state["paddle"])
        self._random.bit_generator.state = state["random"]
