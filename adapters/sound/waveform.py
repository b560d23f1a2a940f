"""Sounds as samples over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from adapters.base import GridArray, Honesty
from adapters.grid import Axis, GridSpec
from adapters.sound.base import SoundAdapter
from adapters.sound.clips import Clip


@dataclass(repr=False, eq=False)
class Waveform(SoundAdapter):
    """Sounds as samples over time.

    Items are as for `MelSpectrogram`.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.
    policy : {"pad", "crop", "loop"}
        What happens to shorter and longer sounds; see `adapters.sound.base.SoundAdapter`.

    Examples
    --------
    >>> import numpy as np
    >>> clip = (np.array([1, 2, 3], dtype=np.float32), 100)
    >>> Waveform(sample_rate=100, duration=0.05).fit_transform([clip])[0, :, 0]
    array([1., 2., 3., 0., 0.], dtype=float32)
    >>> Waveform(sample_rate=100, duration=0.05, policy="loop").fit_transform([clip])[0, :, 0]
    array([1., 2., 3., 1., 2.], dtype=float32)
    """

    name: ClassVar[str] = "waveform"
    rank: ClassVar[int] = 1
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time",)

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        edges = (np.arange(self._length() + 1) / self.sample_rate).tolist()
        return GridSpec((Axis("time", "s", tuple(edges)),), ("amplitude",), "amplitude")

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        return self._stacked(values)[..., None]

    def inverse_transform(self, grids: GridArray) -> list[Clip]:
        """Clips of the grid's length."""
        self._require_fitted()
        seconds = self.grid_.spatial[0] / self.sample_rate
        return [Clip(np.array(grid[..., 0], dtype=np.float32), seconds) for grid in np.asarray(grids)]
