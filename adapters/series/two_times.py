"""What the fields of a series over two of its times share."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from adapters.base import GridArray
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.series.lengths import Samples, SeriesAdapter, own_samples, segments

Borders = NDArray[np.float64]


class TwoTimes(SeriesAdapter):
    """Square grids whose cell (i, j) relates the series at time i to the series at time j.

    A member declares ``image_size`` beside ``policy``, names its ``quantity``, and writes
    `_field`.
    """

    image_size: int
    quantity: ClassVar[str]

    @abstractmethod
    def _field(self, channel: NDArray[np.float64]) -> NDArray[np.floating[Any]]:
        """Turn one channel of ``length_`` samples into a square field."""

    def _borders(self) -> Borders:
        """Borders of the field's cells, in samples of a series of ``length_``."""
        return segments(self.length_, self.image_size).astype(np.float64)

    def _spec(self, channels: tuple[str, ...]) -> GridSpec:
        return GridSpec(self._axes(1.0), channels, self.quantity)

    def _cells(self, series: Samples) -> GridArray:
        return np.stack([self._field(channel) for channel in series.T.astype(np.float64)], axis=-1)

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the cells in the series' own samples, along both times."""
        self._require_fitted()
        return self._axes(self._stretch(len(self._read(item))))

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the series' own samples: half of a cell's to each of its two times.

        What fell on padding goes to the last sample.
        """
        first, _ = self.axes_for(item)
        if relevance.shape != self.grid_.spatial:
            raise ValueError(f"expected relevance of shape {self.grid_.spatial}, got {relevance.shape}")
        halves = (relevance.sum(axis=1) + relevance.sum(axis=0)) / 2
        return project(halves, (first,), (own_samples(len(self._read(item))),))

    def _axes(self, stretch: float) -> tuple[Axis, Axis]:
        edges = tuple((self._borders() * stretch).tolist())
        return Axis("time", "sample", edges), Axis("time", "sample", edges)
