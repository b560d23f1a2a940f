"""Sounds as levels of pitches over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from adapters.base import GridArray
from adapters.errors import DataError
from adapters.grid import Axis, GridSpec
from adapters.parameters import Count, Range
from adapters.sound.base import SoundAdapter
from adapters.sound.clips import Clip
from adapters.sound.frames import time_axis, to_decibels
from adapters.sound.wavelets import Pitches, constant_q

C1 = 32.70319566257483  # Hz
AT_ONCE = 512  # clips that are stacked


@dataclass(repr=False, eq=False)
class ConstantQ(SoundAdapter):
    """Sounds as levels in dB over time and pitch: the constant-Q transform, by librosa's definitions.

    Equals ``librosa.amplitude_to_db(abs(librosa.cqt(y)))``: levels relative to 1, and
    nothing more than 80 dB below each clip's peak. An interval, such as a fifth, is the same
    distance everywhere on the pitch axis.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.
    hop_length : int
        Samples between frames; the more often two divides it, the fewer samples lower octaves take.
    fmin : float
        Hz of the lowest pitch. The default is C1.
    n_bins : int
        Pitches.
    bins_per_octave : int
    policy : {"pad", "crop", "loop"}
        What happens to shorter and longer sounds; see `adapters.sound.base.SoundAdapter`.

    Examples
    --------
    >>> import numpy as np
    >>> a = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000).astype(np.float32)
    >>> adapter = ConstantQ(sample_rate=8000, hop_length=256, n_bins=60).fit([(a, 8000)])
    >>> level = adapter.transform([(a, 8000)])[0, :, :, 0]
    >>> level.shape
    (32, 60)
    >>> bool(adapter.grid_.axes[1].cell_of(440.0) == level.mean(axis=0).argmax())
    True

    References
    ----------
    Brown (1991). Calculation of a constant Q spectral transform. JASA.
    Schörkhuber & Klapuri (2010). Constant-Q transform toolbox for music processing. SMC.
    """

    hop_length: Count = 512
    fmin: Annotated[float, Range(1)] = C1
    n_bins: Annotated[int, Range(2)] = 84
    bins_per_octave: Count = 12

    name: ClassVar[str] = "constant-q"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time", "mask:time", "mask:pitch")

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        pitch = Axis("pitch", "Hz", tuple(self._pitches().at(np.arange(self.n_bins + 1) - 0.5).tolist()))
        time = time_axis(self._length(), self.hop_length, self.sample_rate)
        return GridSpec((time, pitch), ("level",), "level", "dB")

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        levels = np.empty((len(values), *self.grid_.spatial), dtype=np.float32)
        for start in range(0, len(values), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            samples = self._stacked(values[some])
            levels[some] = constant_q(samples, self.sample_rate, self.hop_length, self._pitches())
        to_decibels(levels)
        return levels[..., None]

    def _pitches(self) -> Pitches:
        return Pitches(self.fmin, self.n_bins, self.bins_per_octave)

    def _validate(self) -> None:
        super()._validate()
        highest = self._pitches().highest
        if highest > self.sample_rate / 2:
            raise DataError(
                f"{self.name}: expected pitches below {self.sample_rate / 2:g} Hz (half the sample rate), but the "
                f"highest filter reaches {highest:.0f}; lower n_bins or fmin, or raise sample_rate"
            )
