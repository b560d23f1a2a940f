"""Series as Gramian angular fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from adapters.base import GridArray, Honesty
from adapters.parameters import Count
from adapters.series.lengths import Policy, Samples, aggregated, segments
from adapters.series.two_times import TwoTimes

Angles = NDArray[np.float64]


@dataclass(repr=False, eq=False)
class GramianField(TwoTimes):
    """Time series as cosines of sums, or sines of differences, of the angles of their values.

    Every channel of every series is averaged over at most ``image_size`` segments and
    rescaled to -1..1; a value's angle is its arc cosine. Level and amplitude are gone:
    they cannot tell classes apart. A constant series counts as -1 throughout.

    Parameters
    ----------
    policy : {"resample", "pad"}
        As in `Series`.
    image_size : int
        Most cells along each time.
    method : {"summation", "difference"}
        ``cos(φ_i + φ_j)`` or ``sin(φ_i - φ_j)``.

    Examples
    --------
    >>> adapter = GramianField().fit([[0.0, 0.5, 1.0]])
    >>> adapter.transform([[0.0, 0.5, 1.0]])[0, :, :, 0].round(2) + 0
    array([[ 1.,  0., -1.],
           [ 0., -1.,  0.],
           [-1.,  0.,  1.]], dtype=float32)

    References
    ----------
    Wang, Oates (2015). Encoding time series as images for visual inspection and
    classification using tiled convolutional neural networks. AAAI workshop.
    """

    policy: Policy = "resample"
    image_size: Count = 64
    method: Literal["summation", "difference"] = "summation"

    name: ClassVar[str] = "gramian-field"
    quantity: ClassVar[str] = "angular field"
    inverse: ClassVar[Honesty] = "approximate"

    def _field(self, channel: NDArray[np.float64]) -> NDArray[np.float64]:
        cosine = _rescaled(aggregated(channel, segments(self.length_, self.image_size)))
        sine = np.sqrt(np.clip(1 - cosine**2, 0, 1))
        if self.method == "summation":
            return np.asarray(np.outer(cosine, cosine) - np.outer(sine, sine))
        return np.asarray(np.outer(sine, cosine) - np.outer(cosine, sine))

    def inverse_transform(self, grids: GridArray) -> list[Samples]:
        """Rescaled series of one sample a cell; of a sum, upside down if its last extreme is a minimum.

        A sum's field is the same for a series and its negative. A difference's field
        tells them apart, but is zero for all series of only two values.
        """
        self._require_fitted()
        restore = _from_sums if self.method == "summation" else _from_differences
        dense = np.asarray(grids, dtype=np.float64)
        return [np.stack([restore(field) for field in np.moveaxis(g, -1, 0)], -1).astype(np.float32) for g in dense]


def _rescaled(values: Angles) -> Angles:
    low, high = values.min(), values.max()
    return np.asarray(np.clip((values - low) / ((high - low) or 1.0) * 2 - 1, -1, 1))


def _from_sums(field: Angles) -> Angles:
    """Read the row of an extreme: there the angle is 0 or π, and the field the series or its negative."""
    extremes = np.flatnonzero(np.diag(field) == np.diag(field).max())
    return np.asarray(np.clip(field[extremes[-1]], -1, 1))


def _from_differences(field: Angles) -> Angles:
    """Read the sines in the row of the minimum, then the cosines in the row where the sine is largest."""
    sine = np.clip(field[field.min(axis=1).argmax()], 0, 1)
    steep = sine.argmax()
    if sine[steep] < 1e-6:
        return np.zeros_like(sine)
    own = np.sqrt(1 - sine[steep] ** 2)
    candidates = [(field[steep] + sign * own * sine) / sine[steep] for sign in (1.0, -1.0)]
    return np.asarray(np.clip(min(candidates, key=lambda cosine: np.abs(cosine**2 + sine**2 - 1).max()), -1, 1))
