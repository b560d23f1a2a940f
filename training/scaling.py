"""Standardise the channels of dense grids by statistics of training items alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Scaler:
    """Mean and deviation of each channel; the identity for grids of ids.

    Parameters
    ----------
    mean, deviation : ndarray, shape ``(channels,)``
        Empty for the identity.
    """

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    @classmethod
    def identity(cls) -> Scaler:
        """Make the scaler that changes nothing."""
        return cls(np.empty(0, np.float32), np.empty(0, np.float32))

    @classmethod
    def fitted(cls, x: NDArray[Any]) -> Scaler:
        """Learn from training grids, shape ``(n, *spatial, channels)``."""
        cells = tuple(range(x.ndim - 1))
        deviation = x.std(axis=cells, dtype=np.float64)
        # A constant channel is centred and left at zero.
        return cls(
            x.mean(axis=cells, dtype=np.float64).astype(np.float32),
            np.where(deviation > 0, deviation, 1.0).astype(np.float32),
        )

    def __call__(self, x: NDArray[Any]) -> NDArray[Any]:
        """Scale grids."""
        return ((x - self.mean) / self.deviation).astype(np.float32) if self.mean.size else x
