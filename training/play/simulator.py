"""What a game is to a learner: something to reset, step and draw, whose state is plain data."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Planes = NDArray[np.uint8]
State = dict[str, Any]


class Simulator(Protocol):
    """One game under way. A seed decides everything that happens in it."""

    def seed(self, seed: int) -> None:
        """Start the game's own sequence of random numbers."""

    def reset(self) -> None:
        """Begin an episode."""

    def step(self, action: int) -> tuple[float, bool]:
        """Do an action; give its reward, and whether the episode is lost or won."""

    def draw(self, planes: Planes) -> None:
        """Fill planes of shape ``(rows, columns, planes)`` with what the player sees."""

    def state(self) -> State:
        """Copy everything that decides what happens next, as plain data."""

    def restore(self, state: State) -> None:
        """Go on from where `state` was taken."""


def plain(value: Any) -> Any:
    """Turn arrays and numpy's numbers into lists that say what they were."""
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": value.dtype.str}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


def revived(value: Any) -> Any:
    """Inverse of `plain`; tuples come back as lists."""
    if isinstance(value, dict) and value.keys() == {"array", "dtype"}:
        return np.asarray(value["array"], dtype=np.dtype(value["dtype"]))
    if isinstance(value, dict):
        return {key: revived(one) for key, one in value.items()}
    return [revived(one) for one in value] if isinstance(value, list) else value
