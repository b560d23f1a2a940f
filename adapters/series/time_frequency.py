"""What time-frequency grids of series share."""

from __future__ import annotations

from typing import Any, ClassVar

from adapters.grid import Attribution, Axis, FloatArray, project
from adapters.series.lengths import SeriesAdapter, own_samples


class TimeFrequency(SeriesAdapter):
    """Grids of time (samples) × frequency (cycles a sample)."""

    augmentations: ClassVar[tuple[str, ...]] = ("shift:time", "mask:time", "mask:frequency")

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the cells in the series' own samples, and in cycles to one of them."""
        self._require_fitted()
        stretch = self._stretch(len(self._read(item)))
        time, frequency = self.grid_.axes
        return (
            Axis(time.name, time.unit, tuple(edge * stretch for edge in time.edges)),
            Axis(frequency.name, frequency.unit, tuple(edge / stretch for edge in frequency.edges)),
        )

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the series' own samples × frequency; what fell on padding goes to the last sample."""
        axes = self.axes_for(item)
        return project(relevance, axes, (own_samples(len(self._read(item))), axes[1]))
