"""Frames of sound and their spectra, in batches, by librosa's definition and without importing it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.fft
import scipy.signal
from joblib import cpu_count
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from adapters.grid import Axis

Real = NDArray[np.float32]
Complex = NDArray[np.complex128]
AMIN, TOP_DB = 1e-10, 80.0  # librosa's: the least power that counts, and dB below each clip's peak
SAMPLES_AT_ONCE = 2**18  # a batch of 1 MiB stays in a core's cache
ALONE = threading.Lock()


def time_axis(length: int, hop: int, sample_rate: int) -> Axis:
    """Make the axis of ``1 + length // hop`` frames, centred on 0, ``hop``, … ; a frame reaches half-way to the next."""
    middles = (np.arange(length // hop) + 0.5) * hop / sample_rate
    return Axis("time", "s", (0.0, *middles.tolist(), length / sample_rate))


def hann(n_fft: int) -> NDArray[np.float64]:
    """Give the periodic Hann window."""
    window: NDArray[np.float64] = scipy.signal.get_window("hann", n_fft)
    return window


def over_spectra(
    samples: Real, window: NDArray[np.float64], hop: int, cells: int, into: Callable[[Complex, Real], None]
) -> Real:
    """Turn the spectrum of every frame into cells, batch by batch, on all cores.

    Frames are centred on multiples of ``hop``, with zeros around the clip, as
    ``librosa.stft`` has them by default. Spectra are as precise as float64: with float32, a
    level 80 dB below the strongest of its frame is wrong by some 0.002 dB.

    Parameters
    ----------
    samples : ndarray, shape ``(n, length)``
    window : ndarray, shape ``(n_fft,)``
        ``n_fft`` is even.
    hop : int
        Samples between frames.
    cells : int
        Cells of a frame.
    into : callable
        ``into(spectrum, out)`` fills ``out`` of shape ``(count, frames, cells)`` from
        ``spectrum`` of shape ``(count, frames, n_fft // 2 + 1)``.

    Returns
    -------
    ndarray, shape ``(n, 1 + length // hop, cells)``
    """
    count, frames = len(samples), 1 + samples.shape[1] // hop
    filled = np.empty((count, frames, cells), dtype=np.float32)
    at_once = max(1, SAMPLES_AT_ONCE // (frames * len(window)))

    def convert(part: slice) -> None:
        for start, spectrum in _spectra(samples[part], window, hop, at_once):
            into(spectrum, filled[part][start : start + len(spectrum)])

    share = at_once * -(-count // (at_once * cpu_count()))  # whole batches, the same for every core
    parts = [slice(start, start + share) for start in range(0, count, share)]
    # BLAS with threads of its own would fight with these for the cores; its limit is the whole process'.
    with ALONE, _blas().limit(limits=1, user_api="blas"), ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(convert, parts))
    return filled


def power(spectrum: Complex) -> Real:
    """Square the magnitude."""
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


def to_decibels(levels: Real) -> None:
    """Turn power into dB, in place, as ``librosa.power_to_db`` does with its defaults.

    Parameters
    ----------
    levels : ndarray, shape ``(n, frames, cells)``
    """
    np.maximum(levels, AMIN, out=levels)
    np.log10(levels, out=levels)
    levels *= 10
    np.maximum(levels, levels.max(axis=(1, 2), keepdims=True) - TOP_DB, out=levels)


def _spectra(samples: Real, window: NDArray[np.float64], hop: int, at_once: int) -> Iterator[tuple[int, Complex]]:
    """Give spectra batch by batch, in memory that is used again, which is faster than all clips at once."""
    length, n_fft = samples.shape[1], len(window)
    frames = 1 + length // hop
    batch = np.zeros((at_once, length + n_fft), dtype=np.float32)
    windowed = np.empty((at_once, frames, n_fft), dtype=window.dtype)
    views = np.lib.stride_tricks.sliding_window_view(batch, n_fft, axis=1)[:, ::hop][:, :frames]
    for start in range(0, len(samples), at_once):
        count = min(at_once, len(samples) - start)
        batch[:count, n_fft // 2 : n_fft // 2 + length] = samples[start : start + count]
        np.multiply(views[:count], window, out=windowed[:count])
        yield start, scipy.fft.rfft(windowed[:count], axis=-1)


@functools.cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
