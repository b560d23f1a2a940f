"""Series as scalograms: continuous wavelet transforms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from adapters.base import GridArray
from adapters.errors import DataError
from adapters.grid import Axis, GridSpec
from adapters.parameters import Count, Range
from adapters.series.lengths import Policy, Samples, aggregated, segments
from adapters.series.time_frequency import TimeFrequency

Frequency = Annotated[float, Range(1e-6, 0.5)]


@dataclass(repr=False, eq=False)
class Scalogram(TimeFrequency):
    """Time series as amplitudes over time and frequency, by complex Morlet wavelets.

    A sine of amplitude 1 has the value 1 at its frequency. A series is continued by its
    mirror image at both ends; its mean has no part in the result.

    Parameters
    ----------
    policy : {"resample", "pad"}
        As in `Series`.
    image_size : int
        Most cells along time; amplitudes are averaged over each.
    n_frequencies : int
        Frequencies, in equal ratios between ``fmin`` and ``fmax``.
    fmin : float or None
        Cycles a sample, after series have been brought to one length. None is two
        cycles in that length, or half of ``fmax`` if that is less.
    fmax : float
        Cycles a sample, at most 0.5.
    cycles : float
        Angular frequency of the wavelet at scale 1. More tell frequencies better apart,
        and times worse; below 5 the wavelet has no mean of zero.

    Examples
    --------
    >>> import numpy as np
    >>> adapter = Scalogram(n_frequencies=20)
    >>> amplitude = adapter.fit_transform([np.sin(2 * np.pi * 0.1 * np.arange(200))])[0, 32, :, 0]
    >>> bool(adapter.grid_.axes[1].cell_of(0.1) == amplitude.argmax())
    True

    References
    ----------
    Torrence, Compo (1998). A practical guide to wavelet analysis. Bulletin of the
    American Meteorological Society 79, 61-78. Amplitudes instead of their equal energies.
    """

    policy: Policy = "resample"
    image_size: Count = 64
    n_frequencies: Count = 32
    fmin: Frequency | None = None
    fmax: Frequency = 0.5
    cycles: Annotated[float, Range(5, 100)] = 6.0

    name: ClassVar[str] = "scalogram"

    def _validate(self) -> None:
        super()._validate()
        if self.fmin is not None and self.fmin >= self.fmax:
            raise DataError(f"{self.name}: expected fmin below fmax, got {self.fmin:g} and {self.fmax:g}")

    def _spec(self, channels: tuple[str, ...]) -> GridSpec:
        time = Axis("time", "sample", tuple(segments(self.length_, self.image_size).astype(float).tolist()))
        lowest = min(2 / self.length_, self.fmax / 2) if self.fmin is None else self.fmin
        edges = np.geomspace(lowest, self.fmax, self.n_frequencies + 1)
        return GridSpec((time, Axis("frequency", "cycles/sample", tuple(edges.tolist()))), channels, "amplitude")

    def _cells(self, series: Samples) -> GridArray:
        edges = np.asarray(self.grid_.axes[1].edges)
        amplitudes = morlet_amplitudes(series, np.sqrt(edges[1:] * edges[:-1]), self.cycles)
        return aggregated(amplitudes, segments(self.length_, self.image_size))


def morlet_amplitudes(
    series: NDArray[np.floating], frequencies: NDArray[np.float64], cycles: float
) -> NDArray[np.float64]:
    """Compute a continuous wavelet transform with complex Morlet wavelets.

    Parameters
    ----------
    series : ndarray, shape ``(time, channels)``
    frequencies : ndarray, shape ``(n,)``
        Cycles a sample.
    cycles : float
        Angular frequency of the wavelet at scale 1.

    Returns
    -------
    ndarray, shape ``(time, n, channels)``
        Amplitudes in the series' own unit.
    """
    # A mirror image at both ends, for ever, is one period of twice the length.
    mirrored = np.concatenate([series, series[::-1]]).astype(np.float64)
    size = len(mirrored)
    spectrum = scipy.fft.rfft(mirrored, axis=0)
    relative = scipy.fft.rfftfreq(size)[:, None] / frequencies
    # The wavelet's spectrum at each frequency, twice a Gaussian, since half of a sine is at negative ones.
    gains = 2 * np.exp(-0.5 * (cycles * (relative - 1)) ** 2) * (relative > 0)
    full = np.zeros((size, len(frequencies), series.shape[1]), dtype=np.complex128)
    full[: len(spectrum)] = spectrum[:, None] * gains[..., None]
    return np.asarray(np.abs(scipy.fft.ifft(full, axis=0)[: len(series)]))
