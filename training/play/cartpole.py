"""Gymnasium's CartPole, drawn as a small picture: the network sees pixels, not the four numbers."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from training.play.simulator import Planes, State

ROWS, COLUMNS = 12, 48
CELL = 0.1  # of the track, in its unit; 48 cells are all of it
CART = 0.5  # width
PLANES = ("cart", "pole", "cart before", "pole before")
ACTIONS = ("left", "right")
FULL = 255  # of a cell that is covered wholly


class CartPole:
    """Keep a pole upright on a cart; 1 for each step.

    Speed shows in no single picture: the planes are those of this step and of the one
    three steps before. A cell holds how much of it is covered, in 255ths, so that movements
    of less than a cell are seen.

    Parameters
    ----------
    package : module
        ``gymnasium``.

    References
    ----------
    Barto, Sutton, Anderson (1983), doi:10.1109/TSMC.1983.6313077, as in Gymnasium's
    ``CartPole-v1``.
    """

    def __init__(self, package: ModuleType) -> None:
        self._game = package.make("CartPole-v1").unwrapped
        self._seen: list[Planes] = []

    def seed(self, seed: int) -> None:
        """Decide how episodes begin."""
        self._game.reset(seed=seed)

    def reset(self) -> None:
        """Begin an episode."""
        self._game.reset()
        self._seen = [picture(self._game.state)] * 4

    def step(self, action: int) -> tuple[float, bool]:
        """Push the cart."""
        _, reward, ended, _, _ = self._game.step(action)
        self._seen = [*self._seen[1:], picture(self._game.state)]
        return float(reward), bool(ended)

    def draw(self, planes: Planes) -> None:
        """Copy the picture and the one of three steps before."""
        planes[..., :2] = self._seen[-1]
        planes[..., 2:] = self._seen[0]

    def state(self) -> State:
        """Copy the physics, what was seen, and the random numbers."""
        return {
            "state": [float(value) for value in self._game.state],
            "beyond": self._game.steps_beyond_terminated,
            "seen": [one.tolist() for one in self._seen],
            "random": self._game.np_random.bit_generator.state,
        }

    def restore(self, state: State) -> None:
        """Put them back."""
        self._game.state = np.asarray(state["state"], dtype=np.float64)
        self._game.steps_beyond_terminated = state["beyond"]
        self._seen = [np.asarray(one, dtype=np.uint8) for one in state["seen"]]
        self._game.np_random.bit_generator.state = state["random"]


def picture(state: NDArray[np.float64]) -> Planes:
    """Draw cart and pole from the physics.

    Parameters
    ----------
    state : sequence of float
        Place of the cart (0 in the middle), its speed, the pole's angle in radians, its speed.

    Returns
    -------
    ndarray of uint8, shape (12, 48, 2)
        The cart in the lowest row, the pole of ten cells above it.
    """
    place, angle = float(state[0]), float(state[2])
    drawn = np.zeros((ROWS, COLUMNS, 2), np.uint8)
    drawn[-1, :, 0] = _covered(place - CART / 2, place + CART / 2)
    for height in range(ROWS - 2):
        middle = place + np.sin(angle) * (height + 0.5) * CELL
        drawn[ROWS - 2 - height, :, 1] = _covered(middle - CELL / 2, middle + CELL / 2)
    return drawn


def _covered(left: float, right: float) -> NDArray[np.uint8]:
    """How much of each column lies between two places, in 255ths."""
    edges = (np.arange(COLUMNS) - COLUMNS / 2) * CELL
    share = np.clip(np.minimum(right, edges + CELL) - np.maximum(left, edges), 0, CELL) / CELL
    return np.asarray(np.rint(FULL * share), dtype=np.uint8)
