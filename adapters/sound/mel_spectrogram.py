"""Sounds as levels of mel bands over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from adapters.base import GridArray, Honesty
from adapters.grid import Axis, GridSpec
from adapters.sound.clips import Clip
from adapters.sound.mel import MelAdapter, band_edges


@dataclass(repr=False, eq=False)
class MelSpectrogram(MelAdapter):
    """Sounds as levels in dB over time and mel band, by librosa's definitions.

    Items are paths of files that libsndfile reads (WAV, FLAC, Ogg, MP3, …), or tuples
    ``(samples, rate)``. Channels are averaged.

    Equals ``power_to_db(melspectrogram(y))`` of librosa with its defaults: periodic Hann
    window, power 2, levels relative to 1, and nothing more than 80 dB below each clip's peak.

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
    policy : {"pad", "crop", "loop"}
        What happens to shorter and longer sounds; see `adapters.sound.base.SoundAdapter`.

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

    name: ClassVar[str] = "mel-spectrogram"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time", "mask:time", "mask:mel band")

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        band = Axis("mel band", "Hz", tuple(band_edges(self.n_mels, self.fmin, self._top()).tolist()))
        return GridSpec((self._time(), band), ("level",), "level", "dB")

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        return self._log_mel(values)[..., None]

    def inverse_transform(self, grids: GridArray) -> list[Clip]:
        """Sounds with about this spectrogram, their phases found by Griffin and Lim's method.

        Returns
        -------
        list of Clip
        """
        self._require_fitted()
        import librosa  # here alone: its first use compiles for seconds

        powers = np.power(10.0, np.asarray(grids, dtype=np.float32)[..., 0].swapaxes(1, 2) / 10)
        return self._heard_from(librosa.feature.inverse.mel_to_audio, powers)
