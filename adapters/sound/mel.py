"""Mel filters and batched spectrograms, by librosa's definitions, without importing librosa."""

from __future__ import annotations

import numpy as np
import scipy.fft
import scipy.signal
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]
# Slaney's scale is linear up to 1000 Hz (15 mel), logarithmic above (27 mel for a factor of 6.4).
HZ_A_MEL, BREAK_HZ, BREAK_MEL, LOG_STEP = 200 / 3, 1000.0, 15.0, np.log(6.4) / 27
CLIPS_AT_ONCE = 16


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


def log_mel(samples: NDArray[np.float32], bank: NDArray[np.float32], n_fft: int, hop: int) -> NDArray[np.float32]:
    """Level of mel bands over time.

    Equals ``power_to_db(melspectrogram(y))`` of librosa with its defaults: periodic
    Hann window, frames centred with zeros around the clip, power 2, reference 1,
    amin 1e-10, and nothing more than 80 dB below each clip's peak.

    Parameters
    ----------
    samples : ndarray, shape ``(n, length)``
    bank : ndarray, shape ``(n_mels, n_fft // 2 + 1)``
    n_fft, hop : int
        Samples of a frame, and between frames.

    Returns
    -------
    ndarray, shape ``(n, 1 + length // hop, n_mels)``
        dB.
    """
    window = scipy.signal.get_window("hann", n_fft).astype(np.float32)
    filters = np.ascontiguousarray(bank.T)
    length, frames = samples.shape[1], 1 + samples.shape[1] // hop
    levels = np.empty((len(samples), frames, len(bank)), dtype=np.float32)
    # A batch that stays in the processor's cache, in memory that is used again, is faster than all clips at once.
    batch = np.zeros((CLIPS_AT_ONCE, length + n_fft), dtype=np.float32)
    windowed = np.empty((CLIPS_AT_ONCE, frames, n_fft), dtype=np.float32)
    views = np.lib.stride_tricks.sliding_window_view(batch, n_fft, axis=1)[:, ::hop][:, :frames]
    for start in range(0, len(samples), CLIPS_AT_ONCE):
        count = min(CLIPS_AT_ONCE, len(samples) - start)
        batch[:count, n_fft // 2 : n_fft // 2 + length] = samples[start : start + count]
        np.multiply(views[:count], window, out=windowed[:count])
        spectrum = scipy.fft.rfft(windowed[:count], axis=-1)
        np.matmul(spectrum.real**2 + spectrum.imag**2, filters, out=levels[start : start + count])
    np.maximum(levels, 1e-10, out=levels)
    np.log10(levels, out=levels)
    levels *= 10
    np.maximum(levels, levels.max(axis=(1, 2), keepdims=True) - 80, out=levels)
    return levels
