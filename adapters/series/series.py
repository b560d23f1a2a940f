"""Time series as grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from adapters.base import GridArray, Honesty
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.series.lengths import Policy, Samples, SeriesAdapter, own_samples


@dataclass(repr=False, eq=False)
class Series(SeriesAdapter):
    """Time series of one or several channels, brought to one length.

    Items are arrays of shape ``(time,)`` or ``(time, channels)``, of any length. The
    grid is as long as the longest training item.

    Parameters
    ----------
    policy : {"resample", "pad"}
        A series of another length is interpolated linearly; or it ends in zeros, or
        loses its end.
    normalise : bool
        Give every channel of every series mean 0 and standard deviation 1. It takes
        the level away, which then cannot tell classes apart.

    Examples
    --------
    >>> import numpy as np
    >>> adapter = Series(policy="pad").fit([np.arange(4.0), np.arange(3.0)])
    >>> adapter.transform([np.arange(3.0)])[0, :, 0]
    array([0., 1., 2., 0.], dtype=float32)
    """

    policy: Policy = "resample"
    normalise: bool = False

    name: ClassVar[str] = "series"
    rank: ClassVar[int] = 1
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time",)

    def _spec(self, channels: tuple[str, ...]) -> GridSpec:
        return GridSpec((own_samples(self.length_),), channels, "value")

    def _grid(self, value: Samples) -> GridArray:
        return super()._grid(_normalised(value) if self.normalise else value)

    def _cells(self, series: Samples) -> GridArray:
        return series

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the cells in the series' own samples."""
        self._require_fitted()
        return (self._axis(len(self._read(item))),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the series' own samples; what fell on padding goes to the last one."""
        self._require_fitted()
        length = len(self._read(item))
        return project(relevance, (self._axis(length),), (own_samples(length),))

    def inverse_transform(self, grids: GridArray) -> list[Samples]:
        """Series of the grid's length and level."""
        self._require_fitted()
        return [np.array(grid, dtype=np.float32) for grid in grids]

    def _axis(self, length: int) -> Axis:
        stretch = self._stretch(length)
        return Axis("time", "sample", tuple(edge * stretch for edge in self.grid_.axes[0].edges))


def _normalised(series: Samples) -> Samples:
    exact = series.astype(np.float64)
    deviation = exact.std(axis=0)
    # A constant channel has a deviation of rounding errors; dividing by it would blow them up.
    flat = deviation <= 1e-12 * np.abs(exact).max(axis=0)
    return np.asarray((exact - exact.mean(axis=0)) / np.where(flat, 1, deviation), dtype=np.float32)
