"""Standardise the channels of dense grids by statistics of training items alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
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
    def fitted(cls, segments: Iterable[NDArray[Any]]) -> Scaler:
        """Learn from training grids that come in parts, each of shape ``(n, *spatial, channels)``.

        The parts' moments are joined by the rule of Chan, Golub and LeVeque (1983), The
        American Statistician 37(3), which loses no digits where the mean is large.
        """
        cells, mean, squares = 0, np.float64(0), np.float64(0)
        for x in segments:
            axes = tuple(range(x.ndim - 1))
            count = math.prod(x.shape[:-1])
            own = x.mean(axis=axes, dtype=np.float64)
            step = own - mean
            squares = squares + x.var(axis=axes, dtype=np.float64) * count + step**2 * cells * count / (cells + count)
            mean = mean + step * count / (cells + count)
            cells += count
        deviation = np.sqrt(squares / cells)
        # A constant channel is centred and left at zero.
        return cls(np.asarray(mean, np.float32), np.where(deviation > 0, deviation, 1.0).astype(np.float32))

    def then(self, factor: NDArray[Any], offset: NDArray[Any]) -> Scaler:
        """Multiply and shift each channel after this scaling, all in one.

        Examples
        --------
        >>> scaler = Scaler(np.float32([2]), np.float32([4])).then(np.array([8.0]), np.array([1.0]))
        >>> scaler(np.float32([[10]])).tolist()
        [[17.0]]
        """
        deviation = self.deviation / factor
        return Scaler((self.mean - offset * deviation).astype(np.float32), deviation.astype(np.float32))

    def __call__(self, x: NDArray[Any]) -> NDArray[Any]:
        """Scale grids."""
        return ((x - self.mean) / self.deviation).astype(np.float32) if self.mean.size else x
