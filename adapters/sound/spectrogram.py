"""Sounds as levels of frequencies over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from adapters.base import GridArray, Honesty
from adapters.grid import Axis, GridSpec
from adapters.sound.base import FrameAdapter
from adapters.sound.clips import Clip
from adapters.sound.frames import Real, over_powers, to_decibels


@dataclass(repr=False, eq=False)
class Spectrogram(FrameAdapter):
    """Sounds as levels in dB over time and frequency, by librosa's definitions.

    Equals ``librosa.amplitude_to_db(abs(librosa.stft(y)))``: periodic Hann window, levels
    relative to 1, and nothing more than 80 dB below each clip's peak.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.
    n_fft, hop_length : int
        Samples of a frame (an even number), and between frames; a frame has ``n_fft // 2 + 1`` frequencies.
    policy : {"pad", "crop", "loop"}
        What happens to shorter and longer sounds; see `adapters.sound.base.SoundAdapter`.

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000).astype(np.float32)
    >>> adapter = Spectrogram(sample_rate=8000, n_fft=256, hop_length=250).fit([(tone, 8000)])
    >>> level = adapter.transform([(tone, 8000)])[0, :, :, 0]
    >>> level.shape
    (33, 129)
    >>> bool(adapter.grid_.axes[1].cell_of(1000.0) == level.mean(axis=0).argmax())
    True

    References
    ----------
    McFee et al. (2015). librosa: Audio and music signal analysis in Python. SciPy.
    Griffin & Lim (1984). Signal estimation from modified short-time Fourier transform. IEEE TASSP.
    """

    name: ClassVar[str] = "spectrogram"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time", "mask:time", "mask:frequency")

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        half_way = (np.arange(self.n_fft // 2) + 0.5) * self.sample_rate / self.n_fft
        frequency = Axis("frequency", "Hz", (0.0, *half_way.tolist(), self.sample_rate / 2))
        return GridSpec((self._time(), frequency), ("level",), "level", "dB")

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        def levels(power: Real, out: Real) -> None:
            out[:] = power

        cells = self.n_fft // 2 + 1
        return over_powers(self._sounding(values), self._framing(), cells, levels, to_decibels)[..., None]

    def inverse_transform(self, grids: GridArray) -> list[Clip]:
        """Sounds with about this spectrogram, their phases found by Griffin and Lim's method.

        Returns
        -------
        list of Clip
        """
        self._require_fitted()
        import librosa  # here alone: its first use compiles for seconds

        amplitudes = np.power(10.0, np.asarray(grids, dtype=np.float32)[..., 0].swapaxes(1, 2) / 20)
        sounds = [
            librosa.griffinlim(a, hop_length=self.hop_length, n_fft=self.n_fft, length=self._length(), random_state=0)
            for a in amplitudes
        ]
        return self._clips(sounds)
