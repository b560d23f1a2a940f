"""Sounds as levels of mel bands over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count, Range
from adapters.sound import mel
from adapters.sound.clips import Clip, SampleRate, Seconds, heard, length_in_samples, own_time_axis, padded, read_clip


@dataclass(repr=False, eq=False)
class MelSpectrogram(Adapter):
    """Sounds as levels in dB over time and mel band, by librosa's definitions.

    Items are paths of files that libsndfile reads (WAV, FLAC, Ogg, MP3, …), or tuples
    ``(samples, rate)``. Channels are averaged. A shorter clip ends in silence; of a
    longer one the beginning counts.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.
    n_fft, hop_length : int
        Samples of a frame (an even number), and between frames. There are ``1 + samples // hop_length``
        frames: the first is centred on the clip's start.
    n_mels : int
        Mel bands between ``fmin`` and ``fmax``.
    fmin : float
        Hz.
    fmax : float or None
        Hz; None is half the sample rate.

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000).astype(np.float32)
    >>> adapter = MelSpectrogram(sample_rate=8000, n_fft=512, hop_length=250, n_mels=40).fit([(tone, 8000)])
    >>> level = adapter.transform([(tone, 8000)])[0, :, :, 0]
    >>> level.shape
    (33, 40)
    >>> bool(adapter.grid_.axes[1].cell_of(1000.0) == level.mean(axis=0).argmax())
    True

    References
    ----------
    McFee et al. (2015). librosa: Audio and music signal analysis in Python. SciPy.
    """

    sample_rate: SampleRate = 16_000
    duration: Seconds = 1.0
    n_fft: Annotated[int, Range(2)] = 1024
    hop_length: Count = 512
    n_mels: Count = 64
    fmin: Annotated[float, Range(0)] = 0.0
    fmax: Annotated[float, Range(0)] | None = None

    name: ClassVar[str] = "mel-spectrogram"
    modality: ClassVar[str] = "sound"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time", "mask:time", "mask:mel band")

    def _read(self, item: Any) -> Clip:
        return read_clip(item, self.sample_rate, self.duration)

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        length = length_in_samples(self.sample_rate, self.duration)
        middles = (np.arange(length // self.hop_length) + 0.5) * self.hop_length / self.sample_rate
        time = Axis("time", "s", (0.0, *middles.tolist(), length / self.sample_rate))
        band = Axis("mel band", "Hz", tuple(mel.band_edges(self.n_mels, self.fmin, self._top()).tolist()))
        return GridSpec((time, band), ("level",), "level", "dB")

    def _grid(self, value: Clip) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        samples = padded(list(values), length_in_samples(self.sample_rate, self.duration))
        return mel.log_mel(samples, self._bank(), self.n_fft, self.hop_length)[..., None]

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to seconds × Hz; what fell on the silence after a clip goes to its last moment."""
        self._require_fitted()
        time, band = self.grid_.axes
        return project(relevance, self.grid_.axes, (own_time_axis(time, self._read(item).seconds), band))

    def inverse_transform(self, grids: GridArray) -> list[Clip]:
        """Sounds with about this spectrogram, their phases found by Griffin and Lim's method.

        Returns
        -------
        list of Clip
        """
        self._require_fitted()
        import librosa  # here alone: its first use compiles for seconds

        length = length_in_samples(self.sample_rate, self.duration)
        sounds = [
            librosa.feature.inverse.mel_to_audio(
                np.power(10.0, np.asarray(grid, dtype=np.float32)[..., 0].T / 10),
                sr=self.sample_rate,
                n_fft=self.n_fft,
                hop_length=self.hop_length,
                length=length,
                fmin=self.fmin,
                fmax=self._top(),
            )
            for grid in grids
        ]
        return [Clip(sound.astype(np.float32), length / self.sample_rate) for sound in sounds]

    def _preview(self, value: Clip) -> dict[str, Any]:
        return heard(value, self.sample_rate)

    def _validate(self) -> None:
        super()._validate()
        if self.n_fft % 2:
            raise DataError(f"{self.name}: expected an even n_fft, so that frames have a middle, got {self.n_fft}")
        if not self.fmin < self._top() <= self.sample_rate / 2:
            raise DataError(
                f"{self.name}: expected fmin < fmax ≤ {self.sample_rate / 2:g} Hz (half the sample rate), "
                f"got {self.fmin:g} and {self._top():g}"
            )
        empty = int((self._bank().max(axis=1) == 0).sum())
        if empty:
            raise DataError(
                f"{self.name}: expected every mel band to hold a frequency of the transform, but {empty} of "
                f"{self.n_mels} hold none; lower n_mels or raise n_fft"
            )

    def _top(self) -> float:
        return self.sample_rate / 2 if self.fmax is None else self.fmax

    def _bank(self) -> FloatArray:
        return mel.filter_bank(self.sample_rate, self.n_fft, self.n_mels, self.fmin, self._top())
