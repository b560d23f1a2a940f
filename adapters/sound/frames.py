"""Frames of sound and their spectra, in batches, by librosa's definition and without importing it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
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
SAMPLES_AT_ONCE = 2**18  # a batch of 2 MiB; of smaller ones threads wait for each other
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
        ``into(spectrum, out)`` fills ``out`` of shape ``(count, some, cells)`` from
        ``spectrum`` of shape ``(count, some, n_fft // 2 + 1)``: some frames of some clips.

    Returns
    -------
    ndarray, shape ``(n, 1 + length // hop, cells)``
    """
    return _over(
        samples, window, hop, cells, lambda memory, clips, these, out: into(memory.spectrum(clips, these), out)
    )


def over_powers(
    samples: Real, window: NDArray[np.float64], hop: int, cells: int, into: Callable[[Real, Real], None]
) -> Real:
    """Turn the power spectrum of every frame into cells: as `over_spectra`, but for squared magnitudes."""
    return _over(samples, window, hop, cells, lambda memory, clips, these, out: into(memory.squared(clips, these), out))


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


class _Memory:
    """What one thread computes in, used again for each batch: pages are not asked for anew."""

    def __init__(self, clips: int, frames: int, length: int, window: NDArray[np.float64], hop: int) -> None:
        n_fft = len(window)
        self.window, self.inside = window, slice(n_fft // 2, n_fft // 2 + length)
        self.padded = np.zeros((clips, length + n_fft), dtype=np.float32)
        self.views = np.lib.stride_tricks.sliding_window_view(self.padded, n_fft, axis=1)[:, ::hop]
        self.windowed = np.empty((clips, frames, n_fft))
        self.power = np.empty((clips, frames, n_fft // 2 + 1), dtype=np.float32)

    def spectrum(self, clips: int, frames: slice) -> Complex:
        """Transform some frames of the clips in ``padded``."""
        count = frames.stop - frames.start
        windowed = self.windowed[:clips, :count]
        np.multiply(self.views[:clips, frames], self.window, out=windowed)
        # SciPy's transform lets other threads run; NumPy's, which could write into given memory, does not.
        spectrum: Complex = scipy.fft.rfft(windowed, axis=-1)
        return spectrum

    def squared(self, clips: int, frames: slice) -> Real:
        """Square the magnitudes of what `spectrum` gives."""
        parts = self.spectrum(clips, frames).view(np.float64)
        np.multiply(parts, parts, out=parts)
        filled = self.power[:clips, : parts.shape[1]]
        np.add(parts[..., ::2], parts[..., 1::2], out=filled, casting="same_kind")
        return filled


def _over(
    samples: Real,
    window: NDArray[np.float64],
    hop: int,
    cells: int,
    into: Callable[[_Memory, int, slice, Real], None],
) -> Real:
    count, length = samples.shape
    frames = 1 + length // hop
    filled = np.empty((count, frames, cells), dtype=np.float32)
    # Several short clips at once, or some frames of a long one.
    clips = max(1, SAMPLES_AT_ONCE // (frames * len(window)))
    block = min(frames, max(1, SAMPLES_AT_ONCE // len(window)))

    def convert(part: slice) -> None:
        memory = _Memory(clips, block, length, window, hop)
        here, there = samples[part], filled[part]
        for start in range(0, len(here), clips):
            some = here[start : start + clips]
            memory.padded[: len(some), memory.inside] = some
            for first in range(0, frames, block):
                these = slice(first, min(first + block, frames))
                into(memory, len(some), these, there[start : start + clips, these])

    share = clips * -(-count // (clips * cpu_count()))  # whole batches, the same for every core
    parts = [slice(start, start + share) for start in range(0, count, share)]
    # BLAS with threads of its own would fight with these for the cores; its limit is the whole process'.
    with ALONE, _blas().limit(limits=1, user_api="blas"), ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(convert, parts))
    return filled


@functools.cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
