"""Series as spectrograms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
import scipy.fft
import scipy.signal

from adapters.base import GridArray
from adapters.grid import Axis, GridSpec
from adapters.parameters import Count, Range
from adapters.series.lengths import Policy, Samples
from adapters.series.time_frequency import TimeFrequency

QUIETEST = 1e-10  # power that counts as none, and -100 dB
RANGE = 1e-8  # of a series' largest power: 80 dB


@dataclass(repr=False, eq=False)
class SeriesSpectrogram(TimeFrequency):
    """Time series as levels in dB over time and frequency, by short-time Fourier transforms.

    Frames have a Hann window. The first one's middle is the first sample; a series is
    continued by its mirror image at both ends. A sine of amplitude 1 has 0 dB; levels
    end 80 dB below a channel's largest, and at -100 dB.

    Parameters
    ----------
    policy : {"resample", "pad"}
        As in `Series`.
    window : int
        Samples of a frame, at least 2. There are ``1 + window // 2`` frequencies.
    hop_length : int
        Samples between frames.

    Examples
    --------
    >>> import numpy as np
    >>> adapter = SeriesSpectrogram(window=20)
    >>> level = adapter.fit_transform([np.sin(2 * np.pi * 0.1 * np.arange(200))])[0, 10, :, 0]
    >>> bool(adapter.grid_.axes[1].cell_of(0.1) == level.argmax())
    True
    """

    policy: Policy = "resample"
    window: Annotated[int, Range(2)] = 32
    hop_length: Count = 8

    name: ClassVar[str] = "series-spectrogram"

    def _spec(self, channels: tuple[str, ...]) -> GridSpec:
        middles = np.arange(0, self.length_, self.hop_length) + 0.5
        times = (0.0, *(middles[1:] - self.hop_length / 2).tolist(), float(self.length_))
        steps = (np.arange(self.window // 2 + 2) - 0.5) / self.window
        axes = (
            Axis("time", "sample", times),
            Axis("frequency", "cycles/sample", tuple(np.clip(steps, 0, 0.5).tolist())),
        )
        return GridSpec(axes, channels, "level", "dB")

    def _cells(self, series: Samples) -> GridArray:
        before = self.window // 2
        mirrored = np.pad(series.astype(np.float64), ((before, self.window - before), (0, 0)), mode="symmetric")
        frames = np.lib.stride_tricks.sliding_window_view(mirrored, self.window, axis=0)[
            : len(series) : self.hop_length
        ]
        hann = scipy.signal.get_window("hann", self.window)
        spectra = scipy.fft.rfft(frames * hann, axis=-1)  # frames × channels × frequencies
        power = np.moveaxis((np.abs(spectra) * 2 / hann.sum()) ** 2, 1, -1)
        floor = np.maximum(power.max(axis=(0, 1)) * RANGE, QUIETEST)
        return np.asarray(10 * np.log10(np.maximum(power, floor)))
