"""Series as recurrence plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError
from adapters.grid import GridSpec
from adapters.parameters import Count, Range
from adapters.series.lengths import Policy, Samples, aggregated, segments
from adapters.series.two_times import Borders, TwoTimes


@dataclass(repr=False, eq=False)
class RecurrencePlot(TwoTimes):
    """Time series as distances between their trajectories, or where these are small.

    Every channel of every series is averaged over at most ``image_size`` segments. A
    trajectory is ``dimension`` of these averages, ``time_delay`` apart; its place in
    time is its middle.

    Parameters
    ----------
    policy : {"resample", "pad"}
        As in `Series`.
    image_size : int
        Most segments; there are ``(dimension - 1) * time_delay`` cells fewer.
    dimension, time_delay : int
        Segments of a trajectory, and from one of them to the next.
    threshold : {"none", "point", "distance"}
        Euclidean distances themselves; or 1 where a distance is below the series'
        ``percentage`` percentile of distances, or below ``percentage`` % of its largest.
    percentage : float
        0 to 100.

    Examples
    --------
    >>> RecurrencePlot().fit_transform([[0.0, 1.0, 3.0]])[0, :, :, 0]
    array([[0., 1., 3.],
           [1., 0., 2.],
           [3., 2., 0.]], dtype=float32)

    References
    ----------
    Eckmann, Oliffson Kamphorst, Ruelle (1987). Recurrence plots of dynamical systems.
    Europhysics Letters 4, 973.
    """

    policy: Policy = "resample"
    image_size: Count = 64
    dimension: Count = 1
    time_delay: Count = 1
    threshold: Literal["none", "point", "distance"] = "none"
    percentage: Annotated[float, Range(0, 100)] = 10.0

    name: ClassVar[str] = "recurrence-plot"
    quantity: ClassVar[str] = "distance or recurrence"

    def _fit(self, values: Sequence[Samples]) -> GridSpec:
        longest = max(len(value) for value in values)
        if min(longest, self.image_size) <= self._span():
            raise DataError(
                f"{self.name}: expected series and image_size of at least {self._span() + 1} samples for dimension "
                f"{self.dimension} and time_delay {self.time_delay}, got {longest} and {self.image_size}; lower them"
            )
        return super()._fit(values)

    def _field(self, channel: NDArray[np.float64]) -> NDArray[np.float64]:
        averages = aggregated(channel, segments(self.length_, self.image_size))
        count = len(averages) - self._span()
        trajectories = averages[np.arange(count)[:, None] + np.arange(self.dimension) * self.time_delay]
        distances = np.asarray(np.sqrt(((trajectories[:, None] - trajectories[None]) ** 2).sum(axis=-1)))
        if self.threshold == "none":
            return distances
        share = self.percentage
        limit = np.percentile(distances, share) if self.threshold == "point" else share / 100 * distances.max()
        return np.asarray(distances < limit, dtype=np.float64)

    def _borders(self) -> Borders:
        borders = super()._borders()
        middle = self._span() / 2 + np.arange(len(borders) - self._span())
        return np.asarray(np.interp(middle, np.arange(len(borders)), borders))

    def _span(self) -> int:
        return (self.dimension - 1) * self.time_delay
