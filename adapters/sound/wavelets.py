"""The constant-Q transform in batches, by librosa's definition and without importing it.

The filters of one octave serve all others: after each octave, from the top one down,
the sound is resampled to half its rate (Schörkhuber & Klapuri 2010, Constant-Q transform
toolbox for music processing).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.fft
import scipy.signal
from numpy.typing import NDArray

from adapters.grid import FloatArray
from adapters.sound.frames import Complex, Framing, Real, over_spectra, power

SPARSITY = 0.01  # of each filter's magnitudes the smallest, that add up to this, count as zero
HANN_BANDWIDTH = 1.50018310546875  # bins of a Hann window's equivalent noise, as librosa has it


@dataclass(frozen=True)
class Pitches:
    """Equally tempered pitches.

    Parameters
    ----------
    fmin : float
        Hz of the lowest.
    count : int
        At least 2.
    per_octave : int
    """

    fmin: float
    count: int
    per_octave: int

    def at(self, steps: NDArray[Any]) -> FloatArray:
        """Give Hz of pitches, and of places between them; octaves are exact doubles."""
        octaves, rest = np.divmod(steps, self.per_octave)
        hz: FloatArray = self.fmin * (2.0 ** (rest / self.per_octave) * 2.0**octaves)
        return hz

    def bandwidths(self) -> FloatArray:
        """Distance of each pitch's neighbours over their sum: 1 / Q.

        One number, but for the last bit: lengths that differ in it round to other filters.
        """
        places = np.log2(self.at(np.arange(self.count)))
        inner = 2 / (places[2:] - places[:-2])
        density = np.concatenate([[1 / (places[1] - places[0])], inner, [1 / (places[-1] - places[-2])]])
        ratios = 2.0 ** (2 / density)
        return (ratios - 1) / (ratios + 1)

    @property
    def highest(self) -> float:
        """Hz that the highest filter reaches; must lie below half the sample rate."""
        return float(self.at(np.array(self.count - 1)) * (1 + HANN_BANDWIDTH * self.bandwidths()[-1] / 2))


def constant_q(samples: Real, sample_rate: int, hop: int, pitches: Pitches) -> Real:
    """Energy of pitches over time: the squared magnitude of ``librosa.cqt`` with its defaults.

    Parameters
    ----------
    samples : ndarray, shape ``(n, length)``
    sample_rate : int
        Hz.
    hop : int
        Samples between frames.
    pitches : Pitches

    Returns
    -------
    ndarray, shape ``(n, 1 + length // hop, pitches.count)``
    """
    frames = 1 + samples.shape[1] // hop
    energy = np.empty((len(samples), frames, pitches.count), dtype=np.float32)
    octaves = math.ceil(pitches.count / pitches.per_octave)
    rate = float(sample_rate)
    spare = 2 ** _needless_octaves(sample_rate, hop, pitches, octaves)
    samples, rate, hop = _lowered(samples, spare), rate / spare, hop // spare
    top_rate, bandwidths = rate, pitches.bandwidths()
    for end in range(pitches.count, 0, -pitches.per_octave):
        steps = np.arange(max(0, end - pitches.per_octave), end)
        frequencies = pitches.at(steps)
        lengths = 1 / bandwidths[steps] * rate / frequencies
        filters = _filters(frequencies, rate, lengths)
        # One factor makes up for the octaves' rates, the other for the filters' lengths.
        scale = top_rate / rate / (top_rate / rate * lengths)
        octave = _energy(samples, filters, hop)
        energy[:, :, steps] = octave[:, :frames] * scale.astype(np.float32)
        if hop % 2 == 0:
            samples, rate, hop = _lowered(samples, 2), rate / 2, hop // 2
    return energy


def _needless_octaves(sample_rate: int, hop: int, pitches: Pitches, octaves: int) -> int:
    """Count the times that the sound can be halved before the highest filter and the hop suffer."""
    above = math.ceil(math.log2(sample_rate / 2 / pitches.highest)) - 2
    spare = (hop & -hop).bit_length() - octaves  # times that two divides the hop, and is not needed below
    return max(0, min(above, spare))


def _lowered(samples: Real, factor: int) -> Real:
    """Resample every clip to a lower rate, at the same energy."""
    import soxr

    if factor == 1:
        return samples
    lowered = np.zeros((len(samples), -(-samples.shape[1] // factor)), dtype=np.float32)
    for row, clip in zip(lowered, samples, strict=True):
        resampled = soxr.resample(clip, factor, 1, quality="HQ")[: len(row)]
        row[: len(resampled)] = resampled
    # Rounded to float32 once, as librosa does it: soxr turns a difference in the last bit into ten.
    lowered /= np.sqrt(1 / factor)
    return lowered


def _energy(samples: Real, filters: Complex, hop: int) -> Real:
    transposed = np.ascontiguousarray(filters.T)
    n_fft = 2 * (filters.shape[1] - 1)

    def into(spectra: Complex, out: Real) -> None:
        out[:] = power(spectra @ transposed)

    framing = Framing(samples.shape[1], np.ones(n_fft), hop)
    return over_spectra(list(samples), framing, len(filters), into)


def _filters(frequencies: FloatArray, rate: float, lengths: FloatArray) -> Complex:
    """Spectra of windowed tones.

    Parameters
    ----------
    frequencies : ndarray
    rate : float
        Both in Hz.
    lengths : ndarray
        In samples; the longest decides the size of the transform, a power of two.

    Returns
    -------
    ndarray, shape ``(len(frequencies), n_fft // 2 + 1)``
    """
    n_fft = 2 ** math.ceil(math.log2(lengths.max()))
    tones = np.zeros((len(lengths), n_fft), dtype=np.complex64)
    for row, tone in zip(tones, _tones(frequencies, rate, lengths), strict=True):
        start = (n_fft - len(tone)) // 2
        row[start : start + len(tone)] = tone
    tones *= (lengths / n_fft)[:, None]
    spectra = scipy.fft.fft(tones)[:, : n_fft // 2 + 1]
    magnitudes = np.abs(spectra)
    ranked = np.sort(magnitudes, axis=1)
    shares = np.cumsum(ranked / ranked.sum(axis=1, keepdims=True), axis=1)
    smallest = np.take_along_axis(ranked, np.argmin(shares < SPARSITY, axis=1)[:, None], axis=1)
    return np.where(magnitudes >= smallest, spectra, 0)


def _tones(frequencies: FloatArray, rate: float, lengths: FloatArray) -> Iterator[Complex]:
    for frequency, length in zip(frequencies.tolist(), lengths.tolist(), strict=True):
        times = np.arange(-length // 2, length // 2)
        tone = np.exp(1j * (times * 2 * np.pi * frequency / rate)) * scipy.signal.get_window("hann", len(times))
        yield tone / np.abs(tone).sum()
