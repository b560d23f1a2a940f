"""Numbers to predict, standardised for the network and given back in their own unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Target:
    """Mean and deviation of each target over the training items.

    Parameters
    ----------
    mean, deviation : ndarray of float64, shape ``()`` or ``(targets,)``
        Without dimension for a single target, whose values then have shape ``(n,)``.

    Examples
    --------
    >>> target = Target.fitted(np.array([1.0, 3.0]))
    >>> target.standardised(np.array([2.0, 4.0])).tolist()
    [[0.0], [2.0]]
    >>> target.restored(np.float32([[0], [2]])).tolist()
    [2.0, 4.0]
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @classmethod
    def fitted(cls, y: NDArray[Any]) -> Target:
        """Learn from the training items' targets, shape ``(n,)`` or ``(n, targets)``."""
        deviation = np.std(y, axis=0, dtype=np.float64)
        return cls(np.mean(y, axis=0, dtype=np.float64), np.where(deviation > 0, deviation, 1.0))

    @property
    def count(self) -> int:
        """Number of targets."""
        return int(self.mean.size)

    def standardised(self, y: NDArray[Any]) -> NDArray[np.float32]:
        """Targets as the network learns them, shape ``(n, targets)``."""
        return ((y - self.mean) / self.deviation).reshape(len(y), self.count).astype(np.float32)

    def restored(self, outputs: NDArray[np.float32]) -> NDArray[np.float64]:
        """Targets in their own unit from the network's outputs, shaped as the training's were."""
        numbers = outputs.astype(np.float64).reshape(len(outputs), *self.mean.shape)
        return numbers * self.deviation + self.mean
