"""Sounds as mel-frequency cepstral coefficients over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ClassVar

import numpy as np
import scipy.fft
import scipy.signal

from adapters.base import GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Axis, GridSpec
from adapters.parameters import Count, Range
from adapters.sound.clips import Clip
from adapters.sound.mel import MelAdapter

CHANNELS = ("coefficient", "delta", "delta delta")
DELTA_FRAMES = 9  # librosa's width


@dataclass(repr=False, eq=False)
class Mfcc(MelAdapter):
    """Sounds as mel-frequency cepstral coefficients over time, by librosa's definitions.

    The first coefficients of the orthonormal DCT-II of each frame's mel levels in dB, as
    ``librosa.feature.mfcc``; and their slopes over 9 frames, as ``librosa.feature.delta``:
    the derivatives of a polynomial of the same order, fitted by least squares.

    Parameters
    ----------
    sample_rate : int
        Hz; sounds of another rate are resampled.
    duration : float
        Seconds of a grid.
    n_fft, hop_length : int
        Samples of a frame (an even number), and between frames.
    n_mels : int
        Mel bands between ``fmin`` and ``fmax``. librosa's default is 128.
    fmin : float
        Hz.
    fmax : float or None
        Hz; None is half the sample rate.
    n_mfcc : int
        Coefficients that are kept, at most ``n_mels``.
    deltas : {0, 1, 2}
        Up to which order slopes join as further channels; from 1 on at least 9 frames are
        needed.
    policy : {"pad", "crop", "loop"}
        What happens to shorter and longer sounds; see `adapters.sound.base.SoundAdapter`.

    Examples
    --------
    >>> import numpy as np
    >>> clip = (np.random.default_rng(0).normal(size=8000).astype(np.float32), 8000)
    >>> Mfcc(sample_rate=8000, n_fft=512, hop_length=250, n_mfcc=13, deltas=2).fit_transform([clip]).shape
    (1, 33, 13, 3)

    References
    ----------
    Davis & Mermelstein (1980). Comparison of parametric representations for monosyllabic
    word recognition. IEEE TASSP.
    Savitzky & Golay (1964). Smoothing and differentiation of data. Analytical Chemistry.
    """

    n_mfcc: Count = 20
    deltas: Annotated[int, Range(0, 2)] = 0

    name: ClassVar[str] = "mfcc"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time", "mask:time")

    def _fit(self, values: Sequence[Clip]) -> GridSpec:
        coefficient = Axis.counted("coefficient", self.n_mfcc)
        return GridSpec((self._time(), coefficient), CHANNELS[: 1 + self.deltas], "cepstrum", "dB")

    def _grids(self, values: Sequence[Clip]) -> GridArray:
        plain = scipy.fft.dct(self._log_mel(values), norm="ortho")[..., : self.n_mfcc]
        slopes = [
            scipy.signal.savgol_filter(plain, DELTA_FRAMES, polyorder=order, deriv=order, axis=1)
            for order in range(1, self.deltas + 1)
        ]
        return np.stack([plain, *slopes], axis=-1)

    def inverse_transform(self, grids: GridArray) -> list[Clip]:
        """Sounds with about these coefficients, their phases found by Griffin and Lim's method.

        Returns
        -------
        list of Clip
        """
        self._require_fitted()
        import librosa  # here alone: its first use compiles for seconds

        cepstra = np.asarray(grids, dtype=np.float32)[..., 0].swapaxes(1, 2)
        invert = partial(librosa.feature.inverse.mfcc_to_audio, n_mels=self.n_mels, ref=1.0)
        return self._heard_from(invert, cepstra)

    def _validate(self) -> None:
        super()._validate()
        if self.n_mfcc > self.n_mels:
            raise DataError(f"{self.name}: expected n_mfcc of at most n_mels, got {self.n_mfcc} and {self.n_mels}")
        frames = 1 + self._length() // self.hop_length
        if self.deltas and frames < DELTA_FRAMES:
            raise DataError(
                f"{self.name}: expected at least {DELTA_FRAMES} frames for deltas, got {frames}; "
                "lower hop_length or raise duration"
            )
