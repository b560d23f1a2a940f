"""What all sound adapters share: how items are read, what happens to short and long ones, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import numpy as np

from adapters.base import Adapter, GridArray
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray
from adapters.parameters import Count, Range
from adapters.sound.clips import (
    Clip,
    Policy,
    SampleRate,
    Samples,
    Seconds,
    attributed,
    heard,
    length_in_samples,
    read_clip,
    shifted,
    sounding,
    stacked,
)
from adapters.sound.frames import Framing, hann, time_axis


@dataclass(repr=False, eq=False)
class SoundAdapter(Adapter):
    """Sounds of one sample rate and one duration; a member adds what is seen in them.

    Items are paths of files that libsndfile reads (WAV, FLAC, Ogg, MP3, …), or tuples
    ``(samples, rate)``. Channels are averaged.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.
    policy : {"pad", "crop", "loop"}
        "pad": a shorter clip ends in silence, of a longer one the beginning counts. "crop":
        of a longer one the middle counts instead. "loop": a shorter one is repeated instead.
    """

    sample_rate: SampleRate = 16_000
    duration: Seconds = 1.0
    policy: Policy = field(default="pad", kw_only=True)

    modality: ClassVar[str] = "sound"
    threaded: ClassVar[bool] = True

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Axes of this item's grid: time starts where the clip does that was kept of it."""
        self._require_fitted()
        time, *others = self.grid_.axes
        return (shifted(time, self._read(item).start), *others)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the sound's own seconds.

        What fell on the silence after a clip goes to its last moment, what fell on a
        repetition to the moment that is repeated.
        """
        self._require_fitted()
        return attributed(relevance, self.grid_.axes, self._read(item), self.sample_rate, self.policy)

    def _read(self, item: Any) -> Clip:
        return read_clip(item, self.sample_rate, self.duration, self.policy)

    def _grid(self, value: Clip) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _preview(self, value: Clip) -> dict[str, Any]:
        return heard(value, self.sample_rate)

    def _length(self) -> int:
        return length_in_samples(self.sample_rate, self.duration)

    def _stacked(self, values: Sequence[Clip]) -> Samples:
        return stacked(values, self._length(), self.policy)

    def _sounding(self, values: Sequence[Clip]) -> list[Samples]:
        return sounding(values, self._length(), self.policy)


@dataclass(repr=False, eq=False)
class FrameAdapter(SoundAdapter):
    """Sounds seen through the spectra of overlapping frames.

    Parameters
    ----------
    n_fft, hop_length : int
        Samples of a frame (an even number), and between frames. There are ``1 + samples // hop_length``
        frames: the first is centred on the clip's start.
    """

    n_fft: Annotated[int, Range(2)] = 1024
    hop_length: Count = 512

    def _framing(self) -> Framing:
        return Framing(self._length(), hann(self.n_fft), self.hop_length)

    def _time(self) -> Axis:
        return time_axis(self._length(), self.hop_length, self.sample_rate)

    def _clips(self, sounds: Sequence[Samples]) -> list[Clip]:
        return [Clip(sound.astype(np.float32), self._length() / self.sample_rate) for sound in sounds]

    def _validate(self) -> None:
        super()._validate()
        if self.n_fft % 2:
            raise DataError(f"{self.name}: expected an even n_fft, so that frames have a middle, got {self.n_fft}")
