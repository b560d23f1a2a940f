"""Sounds as samples over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.sound.clips import Clip, SampleRate, Seconds, heard, length_in_samples, own_time_axis, padded, read_clip


@dataclass(repr=False, eq=False)
class Waveform(Adapter):
    """Sounds as samples over time.

    Items are as for `MelSpectrogram`. A shorter clip ends in silence; of a longer one
    the beginning counts.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.

    Examples
    --------
    >>> import numpy as np
    >>> clip = (np.ones(3, dtype=np.float32), 100)
    >>> Waveform(sample_rate=100, duration=0.05).fit_transform([clip])[0, :, 0]
    array([1., 1., 1., 0., 0.], dtype=float32)
    """

    sample_rate: SampleRate = 16_000
    duration: Seconds = 1.0

    name: ClassVar[str] = "waveform"
    modality: ClassVar[str] = "sound"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time",)

    def _read(self, item: Any) -> Clip:
        return read_clip(item, self.sample_rate, self.duration)

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        length = length_in_samples(self.sample_rate, self.duration)
        edges = (np.arange(length + 1) / self.sample_rate).tolist()
        return GridSpec((Axis("time", "s", tuple(edges)),), ("amplitude",), "amplitude")

    def _grid(self, value: Clip) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        return padded(list(values), self.grid_.spatial[0])[..., None]

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to seconds; what fell on the silence after a clip goes to its last moment."""
        self._require_fitted()
        time = self.grid_.axes[0]
        return project(relevance, self.grid_.axes, (own_time_axis(time, self._read(item).seconds),))

    def inverse_transform(self, grids: GridArray) -> list[Clip]:
        """Clips of the grid's length."""
        self._require_fitted()
        seconds = self.grid_.spatial[0] / self.sample_rate
        return [Clip(np.array(grid[..., 0], dtype=np.float32), seconds) for grid in np.asarray(grids)]

    def _preview(self, value: Clip) -> dict[str, Any]:
        return heard(value, self.sample_rate)
