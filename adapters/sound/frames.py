"""Frames of sound and their spectra, in batches, by librosa's definition and without importing it."""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.signal
from joblib import cpu_count
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from adapters.grid import Axis

Real = NDArray[np.float32]
Complex = NDArray[np.complex128]
AMIN, TOP_DB = 1e-10, 80.0  # librosa's: the least power that counts, and dB below each clip's peak
ON_A_STRIP = 2**19  # samples of short sounds that one thread lays out in a row
AT_ONCE = 2**17  # samples in frames that are transformed at once: few enough for the cache, but
# enough that threads seldom wait for Python's lock.
ALONE = threading.Lock()


def time_axis(length: int, hop: int, sample_rate: int) -> Axis:
    """Make the axis of ``1 + length // hop`` frames, centred on 0, ``hop``, … ; a frame reaches half-way to the next."""
    middles = (np.arange(length // hop) + 0.5) * hop / sample_rate
    return Axis("time", "s", (0.0, *middles.tolist(), length / sample_rate))


def hann(n_fft: int) -> NDArray[np.float64]:
    """Give the periodic Hann window."""
    window: NDArray[np.float64] = scipy.signal.get_window("hann", n_fft)
    return window


@dataclass(frozen=True)
class Framing:
    """Frames of sounds that last equally long.

    Frames are centred on multiples of ``hop``, with zeros around the sound, as
    ``librosa.stft`` has them by default.

    Parameters
    ----------
    length : int
        Samples of a sound.
    window : ndarray, shape ``(n_fft,)``
        ``n_fft`` is even.
    hop : int
        Samples between frames.
    """

    length: int
    window: NDArray[np.float64]
    hop: int

    @property
    def count(self) -> int:
        """Frames of a sound."""
        return 1 + self.length // self.hop

    def hearing(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count the frames that hear a sound of so many samples; all later ones are silent."""
        return np.minimum(self.count, -(-(samples + len(self.window) // 2) // self.hop))

    def steps(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count the hops from the start of a sound to that of the next on a strip, so that no frame hears both."""
        half = len(self.window) // 2
        return np.maximum(-(-(samples + half) // self.hop), self.hearing(samples) - 1 + -(-half // self.hop))


def _as_they_are(grids: Real) -> None:
    """Leave grids alone."""


def over_spectra(sounds: Sequence[Real], framing: Framing, cells: int, into: Callable[[Complex, Real], None]) -> Real:
    """Turn the spectrum of every frame into cells, on all cores.

    Spectra are as precise as float64: with float32, a level 80 dB below the strongest of
    its frame is wrong by some 0.002 dB.

    Parameters
    ----------
    sounds : sequence of ndarray
        Samples, at most ``framing.length`` of each; silence follows.
    framing : Framing
    cells : int
        Cells of a frame.
    into : callable
        ``into(spectra, out)`` fills ``out`` of shape ``(some, cells)`` from ``spectra`` of
        shape ``(some, n_fft // 2 + 1)``: some frames of any sounds. It must give zeros for
        zeros, since frames that hear nothing are left out.

    Returns
    -------
    ndarray, shape ``(len(sounds), framing.count, cells)``
    """
    return _over(sounds, framing, cells, lambda strip, these, out: into(strip.spectra(these), out), _as_they_are)


def over_powers(
    sounds: Sequence[Real],
    framing: Framing,
    cells: int,
    into: Callable[[Real, Real], None],
    finish: Callable[[Real], None] = _as_they_are,
) -> Real:
    """Turn the power spectrum of every frame into cells: as `over_spectra`, but for squared magnitudes.

    Parameters
    ----------
    sounds, framing, cells, into
        See `over_spectra`.
    finish : callable
        ``finish(grids)`` changes the grids of some whole sounds in place.
    """
    return _over(sounds, framing, cells, lambda strip, these, out: into(strip.powers(these), out), finish)


def power(spectra: Complex) -> Real:
    """Square the magnitude."""
    return (spectra.real**2 + spectra.imag**2).astype(np.float32)


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


class _Strip:
    """Sounds in a row, and what one thread computes in: used again and again, so that no new memory is asked for."""

    def __init__(self, framing: Framing, steps: int) -> None:
        n_fft, cells = len(framing.window), len(framing.window) // 2 + 1
        self.framing, self.at_once = framing, max(1, AT_ONCE // n_fft)
        self.samples = np.zeros(steps * framing.hop + n_fft, dtype=np.float32)
        self.frames = np.lib.stride_tricks.sliding_window_view(self.samples, n_fft)[:: framing.hop]
        self.windowed = np.empty((self.at_once, n_fft))
        self.spectrum = np.empty((self.at_once, cells), dtype=np.complex128)
        self.power = np.empty((self.at_once, cells), dtype=np.float32)

    def lay(self, sounds: Sequence[Real], starts: NDArray[np.int64]) -> None:
        """Lay out sounds, each from its step on."""
        self.samples[:] = 0
        half = len(self.framing.window) // 2
        for sound, start in zip(sounds, (starts * self.framing.hop + half).tolist(), strict=True):
            self.samples[start : start + len(sound)] = sound

    def spectra(self, these: slice) -> Complex:
        """Transform at most ``at_once`` frames."""
        frames = self.frames[these]
        windowed = np.multiply(frames, self.framing.window, out=self.windowed[: len(frames)])
        spectra: Complex = np.fft.rfft(windowed, axis=-1, out=self.spectrum[: len(frames)])
        return spectra

    def powers(self, these: slice) -> Real:
        """Square the magnitudes of what `spectra` gives."""
        parts = self.spectra(these).view(np.float64)
        np.multiply(parts, parts, out=parts)
        powers = self.power[: len(parts)]
        np.add(parts[:, ::2], parts[:, 1::2], out=powers, casting="same_kind")
        return powers


def _over(
    sounds: Sequence[Real],
    framing: Framing,
    cells: int,
    into: Callable[[_Strip, slice, Real], None],
    finish: Callable[[Real], None],
) -> Real:
    samples = np.array([len(sound) for sound in sounds])
    steps, hearing = framing.steps(samples), framing.hearing(samples)
    filled = np.empty((len(sounds), framing.count, cells), dtype=np.float32)
    batches = _batches(steps * framing.hop)

    def convert(own: Sequence[slice]) -> None:
        most = max(int(steps[batch].sum()) for batch in own)
        strip, rows = _Strip(framing, most), np.empty((most, cells), dtype=np.float32)
        for batch in own:
            ends = np.cumsum(steps[batch])
            starts = ends - steps[batch]
            strip.lay(sounds[batch], starts)
            for first in range(0, int(ends[-1]), strip.at_once):
                these = slice(first, min(first + strip.at_once, int(ends[-1])))
                into(strip, these, rows[these])
            for grid, start, heard in zip(filled[batch], starts.tolist(), hearing[batch].tolist(), strict=True):
                grid[:heard], grid[heard:] = rows[start : start + heard], 0
            finish(filled[batch])

    threads = min(cpu_count(), len(batches))
    # BLAS with threads of its own would fight with these for the cores; its limit is the whole process'.
    with ALONE, _blas().limit(limits=1, user_api="blas"):
        if threads == 1:  # a thread for a single sound would cost more than the sound
            convert(batches)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(convert, [batches[thread::threads] for thread in range(threads)]))
    return filled


def _batches(sizes: NDArray[np.int64]) -> list[slice]:
    """Divide sounds into runs of at most some `ON_A_STRIP` samples, as many for each core."""
    middles = np.cumsum(sizes) - sizes // 2
    total, cores = int(sizes.sum()), cpu_count()
    count = cores * math.ceil(total / (cores * ON_A_STRIP))
    turns = np.flatnonzero(np.diff(middles * count // total)) + 1
    bounds = [0, *turns.tolist(), len(sizes)]
    return [slice(start, stop) for start, stop in pairwise(bounds)]


@functools.cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
