"""Prioritised replay: what surprised is seen again more often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.play.returns import Transition
from training.play.simulator import Planes

SMALLEST = 1e-3  # added to every error, so that nothing is forgotten


class SumTree:
    """Weights of numbered leaves, drawn from in proportion; a change or a draw takes log n steps.

    Parameters
    ----------
    leaves : int
    """

    def __init__(self, leaves: int) -> None:
        self._depth = max(1, int(np.ceil(np.log2(leaves))))
        self._first = 2**self._depth
        self.nodes = np.zeros(2 * self._first)

    @property
    def total(self) -> float:
        """Sum of all weights."""
        return float(self.nodes[1])

    def weights(self, leaves: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the weights of leaves."""
        return np.asarray(self.nodes[self._first + leaves])

    def put(self, leaves: NDArray[np.int64], weights: NDArray[np.float64]) -> None:
        """Set the weights of leaves; of a leaf that is named twice, the last counts."""
        places = self._first + np.asarray(leaves)
        self.nodes[places] = weights
        for _ in range(self._depth):
            places = np.unique(places >> 1)
            self.nodes[places] = self.nodes[2 * places] + self.nodes[2 * places + 1]

    def find(self, amounts: NDArray[np.float64]) -> NDArray[np.int64]:
        """Find the leaves in which running sums of the weights reach the amounts."""
        left, place = amounts.copy(), np.ones(len(amounts), np.int64)
        for _ in range(self._depth):
            place *= 2
            own = self.nodes[place]
            # Rounding must not lead to an empty half.
            right = (left >= own) & (self.nodes[place + 1] > 0)
            left -= np.where(right, own, 0)
            place += right
        return np.asarray(place - self._first)


@dataclass(frozen=True)
class Drawn:
    """A batch of transitions, as arrays, with the places they lie at and the weights that correct for the drawing."""

    places: NDArray[np.int64]
    before: Planes
    actions: NDArray[np.int32]
    rewards: NDArray[np.float32]
    after: Planes
    discounts: NDArray[np.float32]
    weights: NDArray[np.float32]


class Replay:
    """The last transitions, drawn in proportion to a power of their errors.

    Parameters
    ----------
    size : int
    shape : tuple of int
        Of an observation.
    priority : float
        The power; 0 draws evenly.

    References
    ----------
    Schaul et al. (2016), arXiv:1511.05952: proportional prioritisation, stratified draws.
    """

    def __init__(self, size: int, shape: tuple[int, ...], priority: float) -> None:
        self._size, self._priority = size, priority
        self.before, self.after = np.zeros((size, *shape), np.uint8), np.zeros((size, *shape), np.uint8)
        self.actions, self.rewards = np.zeros(size, np.int32), np.zeros(size, np.float32)
        self.discounts = np.zeros(size, np.float32)
        self.tree = SumTree(size)
        self.count, self._place, self._most = 0, 0, 1.0

    def add(self, transitions: Sequence[Transition]) -> None:
        """Keep transitions, with the largest weight there was; the oldest make room."""
        if not transitions:
            return
        places = (self._place + np.arange(len(transitions))) % self._size
        self.before[places] = [one.before for one in transitions]
        self.after[places] = [one.after for one in transitions]
        self.actions[places] = [one.action for one in transitions]
        self.rewards[places] = [one.reward for one in transitions]
        self.discounts[places] = [one.discount for one in transitions]
        self.tree.put(places, np.full(len(places), self._most))
        self._place = int(places[-1] + 1) % self._size
        self.count = min(self.count + len(places), self._size)

    def draw(self, amount: int, correction: float, random: np.random.Generator) -> Drawn:
        """Draw transitions, one from each of ``amount`` equal parts of the total weight."""
        parts = (np.arange(amount) + random.random(amount)) * (self.tree.total / amount)
        places = np.minimum(self.tree.find(parts), self.count - 1)
        share = self.tree.weights(places) / self.tree.total
        weights = (self.count * share) ** -correction
        return Drawn(
            places, self.before[places], self.actions[places], self.rewards[places], self.after[places],
            self.discounts[places], (weights / weights.max()).astype(np.float32),
        )  # fmt: skip

    def learn(self, places: NDArray[np.int64], errors: NDArray[np.float32]) -> None:
        """Weigh transitions by what they surprised with."""
        weights = (np.abs(errors).astype(float) + SMALLEST) ** self._priority
        self._most = max(self._most, float(weights.max()))
        self.tree.put(places, weights)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Give what is kept, for a checkpoint."""
        own = {
            name: getattr(self, name)[: self.count] for name in ("before", "after", "actions", "rewards", "discounts")
        }
        counters = np.array([self.count, self._place], np.int64)
        return {**own, "nodes": self.tree.nodes, "counters": counters, "most": np.array([self._most])}

    def restore(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        """Inverse of `arrays`."""
        self.count, self._place = (int(value) for value in arrays["counters"])
        self._most = float(arrays["most"][0])
        for name in ("before", "after", "actions", "rewards", "discounts"):
            getattr(self, name)[: self.count] = arrays[name]
        self.tree.nodes[:] = arrays["nodes"]
