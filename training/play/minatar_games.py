"""MinAtar's games, as its package plays them: sticky actions, growing difficulty, all six actions."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from training.play.simulator import Planes, State, plain, revived

ACTIONS = ("stay", "left", "up", "right", "down", "fire")
# In the order of the package's channels.
PLANES = {
    "asterix": ("player", "enemy", "trail", "gold"),
    "breakout": ("paddle", "ball", "trail", "brick"),
    "freeway": ("chicken", "car", "speed 1", "speed 2", "speed 3", "speed 4", "speed 5"),
    "seaquest": (
        "submarine front", "submarine back", "friendly bullet", "trail", "enemy bullet",
        "enemy fish", "enemy submarine", "oxygen", "divers rescued", "diver",
    ),
    "space_invaders": ("cannon", "alien", "alien left", "alien right", "friendly bullet", "enemy bullet"),
}  # fmt: skip
ROWS, COLUMNS = 10, 10


class MinAtar:
    """One of the five games.

    Parameters
    ----------
    package : module
        ``minatar``.
    game : str
        A key of ``PLANES``.

    References
    ----------
    Young and Tian (2019). MinAtar: an Atari-inspired testbed for thorough and
    reproducible reinforcement learning experiments. arXiv:1903.03176.
    """

    def __init__(self, package: ModuleType, game: str) -> None:
        self._game = package.Environment(game)

    def seed(self, seed: int) -> None:
        """Decide the game's own chances, and when an action sticks."""
        self._game.seed(seed)

    def reset(self) -> None:
        """Begin an episode."""
        self._game.reset()

    def step(self, action: int) -> tuple[float, bool]:
        """Do an action, or one time in ten the one before."""
        reward, ended = self._game.act(action)
        return float(reward), bool(ended)

    def draw(self, planes: Planes) -> None:
        """Copy the package's planes."""
        planes[:] = self._game.state()

    def state(self) -> State:
        """Copy the attributes of the package's objects."""
        inner = {name: plain(value) for name, value in vars(self._game.env).items() if name != "random"}
        kind, keys, place, has_gauss, gauss = self._game.random.get_state()
        random = [kind, keys.tolist(), place, has_gauss, gauss]
        return {"inner": inner, "last": int(self._game.last_action), "random": random}

    def restore(self, state: State) -> None:
        """Put them back."""
        kind, keys, *rest = state["random"]
        self._game.random = np.random.RandomState()
        self._game.random.set_state((kind, np.asarray(keys, dtype=np.uint32), *rest))
        self._game.last_action = state["last"]
        inner: Any = self._game.env
        for name, value in state["inner"].items():
            setattr(inner, name, revived(value))
        inner.random = self._game.random  # both draw from one sequence, as after the package's own seed()
