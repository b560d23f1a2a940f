"""The mel scale, its filters, and what adapters that use them share, by librosa's definitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError
from adapters.grid import FloatArray
from adapters.parameters import Count, Range
from adapters.sound.base import FrameAdapter
from adapters.sound.clips import Clip
from adapters.sound.frames import Real, over_powers, to_decibels

# Slaney's scale is linear up to 1000 Hz (15 mel), logarithmic above (27 mel for a factor of 6.4).
HZ_A_MEL, BREAK_HZ, BREAK_MEL, LOG_STEP = 200 / 3, 1000.0, 15.0, np.log(6.4) / 27
GROUPS = 4


def mel_of(hz: FloatArray) -> FloatArray:
    """Mel of frequencies, on the scale of Slaney (1998), `Auditory Toolbox`."""
    hz = np.asarray(hz, dtype=float)
    return np.where(hz < BREAK_HZ, hz / HZ_A_MEL, BREAK_MEL + np.log(np.maximum(hz, BREAK_HZ) / BREAK_HZ) / LOG_STEP)


def hz_of(mel: FloatArray) -> FloatArray:
    """Inverse of `mel_of`."""
    mel = np.asarray(mel, dtype=float)
    return np.where(mel < BREAK_MEL, mel * HZ_A_MEL, BREAK_HZ * np.exp(LOG_STEP * np.maximum(mel - BREAK_MEL, 0)))


def mel_steps(n_mels: int, fmin: float, fmax: float, first: float, count: int) -> FloatArray:
    """Frequencies at steps ``first``, ``first + 1``, … of the ``n_mels + 1`` equal steps from fmin to fmax."""
    low, high = mel_of(np.array([fmin, fmax]))
    return hz_of(low + (high - low) * (first + np.arange(count)) / (n_mels + 1))


def band_edges(n_mels: int, fmin: float, fmax: float) -> FloatArray:
    """Borders of the bands in Hz, half-way in mel between the peaks of neighbours; shape ``(n_mels + 1,)``."""
    return mel_steps(n_mels, fmin, fmax, 0.5, n_mels + 1)


def filter_bank(sample_rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float) -> NDArray[np.float32]:
    """Triangular filters of equal area on the mel scale, as `librosa.filters.mel` defines them.

    Returns
    -------
    ndarray, shape ``(n_mels, n_fft // 2 + 1)``

    Examples
    --------
    >>> filter_bank(8000, 512, 40, 0.0, 4000.0).shape
    (40, 257)
    """
    corners = mel_steps(n_mels, fmin, fmax, 0, n_mels + 2)
    bins = np.fft.rfftfreq(n_fft, 1 / sample_rate)
    slopes = (corners[:, None] - bins) / np.diff(corners, append=np.inf)[:, None]
    rising, falling = -slopes[:-2], (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    weights = np.clip(np.minimum(rising, falling), 0, None)
    return (weights * (2 / (corners[2:] - corners[:-2]))[:, None]).astype(np.float32)


def _groups(bank: NDArray[np.float32]) -> list[tuple[slice, slice, NDArray[np.float32]]]:
    """Divide filters into groups of neighbours: the bins that each group needs, its bands, its filters transposed.

    Most of a filter is zero: four products of what is not cost a third of one with all.
    """
    groups = []
    for own in np.array_split(np.arange(len(bank)), min(GROUPS, len(bank))):
        bins = np.flatnonzero(bank[own].any(axis=0))
        needed, bands = slice(int(bins[0]), int(bins[-1]) + 1), slice(int(own[0]), int(own[-1]) + 1)
        groups.append((needed, bands, np.ascontiguousarray(bank[bands, needed].T)))
    return groups


@dataclass(repr=False, eq=False)
class MelAdapter(FrameAdapter):
    """Sounds seen through the levels of mel bands.

    Parameters
    ----------
    n_mels : int
        Mel bands between ``fmin`` and ``fmax``.
    fmin : float
        Hz.
    fmax : float or None
        Hz; None is half the sample rate.
    """

    n_mels: Count = 64
    fmin: Annotated[float, Range(0)] = 0.0
    fmax: Annotated[float, Range(0)] | None = None

    def _log_mel(self, values: Sequence[Clip]) -> Real:
        """Levels in dB, shape ``(n, frames, n_mels)``: ``power_to_db(melspectrogram(y))`` of librosa."""
        groups = _groups(self._bank())

        def bands(power: Real, out: Real) -> None:
            for bins, own, filters in groups:
                np.matmul(power[:, bins], filters, out=out[:, own])

        return over_powers(self._sounding(values), self._framing(), self.n_mels, bands, to_decibels)

    def _heard_from(self, invert: Callable[..., Real], pictures: Real) -> list[Clip]:
        """Turn pictures of the mel bands into sounds by one of librosa's inversions."""
        return self._clips(
            [
                invert(
                    picture,
                    sr=self.sample_rate,
                    n_fft=self.n_fft,
                    hop_length=self.hop_length,
                    length=self._length(),
                    fmin=self.fmin,
                    fmax=self._top(),
                )
                for picture in pictures
            ]
        )

    def _validate(self) -> None:
        super()._validate()
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

    def _bank(self) -> Real:
        return filter_bank(self.sample_rate, self.n_fft, self.n_mels, self.fmin, self._top())
