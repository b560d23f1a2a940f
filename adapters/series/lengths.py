"""What all series adapters share: reading, one length, and the way back to a series' own samples."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from adapters.base import Adapter, GridArray
from adapters.errors import DataError
from adapters.grid import Axis, GridSpec

Samples = NDArray[np.float32]
Policy = Literal["resample", "pad"]
LARGEST = 1e18  # its square still fits into float32, as powers and distances must


class SeriesAdapter(Adapter):
    """Series of one or several channels, brought to the length of the longest training item.

    A member declares the parameter ``policy`` and writes `_spec` (the grid of series of
    ``length_`` samples) and `_cells` (one such series to its grid).

    Attributes
    ----------
    length_ : int
        Samples that every series is brought to.
    """

    modality: ClassVar[str] = "series"
    policy: Policy
    length_: int

    @abstractmethod
    def _spec(self, channels: tuple[str, ...]) -> GridSpec:
        """Describe the grid; times in samples of a series of ``length_``."""

    @abstractmethod
    def _cells(self, series: Samples) -> GridArray:
        """Turn a series of shape ``(length_, channels)`` into a grid."""

    def _read(self, item: Any) -> Samples:
        return read_series(item)

    def _fit(self, values: Sequence[Samples]) -> GridSpec:
        count = values[0].shape[1]
        for value in values:
            _require_channels(value, count)
        self.length_ = max(len(value) for value in values)
        return self._spec(("value",) if count == 1 else tuple(f"channel {i + 1}" for i in range(count)))

    def _grid(self, value: Samples) -> GridArray:
        _require_channels(value, len(self.grid_.channels))
        return self._cells(to_length(value, self.length_, self.policy))

    def _preview(self, value: Samples) -> dict[str, Any]:
        return {"kind": "series", "values": value.tolist()}

    def _stretch(self, length: int) -> float:
        """How many of its own samples a series of ``length`` has for one of the grid's."""
        return length / self.length_ if self.policy == "resample" else 1.0


def read_series(item: Any) -> Samples:
    """Read an array of shape ``(time,)`` or ``(time, channels)`` as ``(time, channels)``.

    Raises
    ------
    DataError
        If it has another shape, no sample, or NaN or Inf.

    Examples
    --------
    >>> read_series([1, 2, 3]).shape
    (3, 1)
    """
    try:
        given = np.asarray(item)
        samples = np.array(given.real, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"expected an array of numbers (time,) or (time, channels): {error}") from error
    if np.iscomplexobj(given):
        raise DataError("expected real samples. Complex data not supported: pass magnitude and phase as two channels")
    if samples.ndim not in (1, 2) or samples.size == 0:
        raise DataError(f"expected a series of shape (time,) or (time, channels), got {samples.shape}")
    if not np.isfinite(samples).all():
        raise DataError("expected finite samples, got NaN or Inf; fill the gaps or leave the series out")
    if np.abs(samples).max() > LARGEST:
        raise DataError(
            f"expected samples of at most {LARGEST:.0e}, got {np.abs(samples).max():.0e}; rescale the series"
        )
    return samples.astype(np.float32).reshape(len(samples), -1)


def to_length(series: Samples, length: int, policy: Policy) -> Samples:
    """Bring a series to ``length`` samples.

    Parameters
    ----------
    series : ndarray, shape ``(time, channels)``
    length : int
    policy : {"resample", "pad"}
        Interpolate linearly; or end in zeros, or lose the end.

    Returns
    -------
    ndarray, shape ``(length, channels)``

    Examples
    --------
    >>> to_length(np.ones((2, 1), dtype=np.float32), 3, "pad")[:, 0]
    array([1., 1., 0.], dtype=float32)
    """
    if policy == "resample":
        return _resampled(series, length)
    padded = np.zeros((length, series.shape[1]), dtype=np.float32)
    padded[: len(series)] = series[:length]
    return padded


def own_samples(length: int) -> Axis:
    """Time axis of a series, sample by sample."""
    return Axis.counted("time", length, unit="sample")


def segments(length: int, most: int) -> NDArray[np.int64]:
    """Borders of at most ``most`` segments of about equal length, in whole samples.

    Those of piecewise aggregate approximation without overlap, as in `pyts`.

    Examples
    --------
    >>> segments(10, 4)
    array([ 0,  2,  5,  7, 10])
    """
    return np.linspace(0, length, min(length, most) + 1).astype(np.int64)


def aggregated(values: NDArray[np.floating[Any]], borders: NDArray[np.int64]) -> NDArray[np.float64]:
    """Average each segment along the first dimension.

    References
    ----------
    Keogh, Chakrabarti, Pazzani, Mehrotra (2001). Dimensionality reduction for fast
    similarity search in large time series databases. KAIS 3, 263-286.
    """
    sums = np.add.reduceat(np.asarray(values, dtype=np.float64), borders[:-1], axis=0)
    return np.asarray(sums / np.diff(borders).reshape(-1, *[1] * (values.ndim - 1)))


def _require_channels(value: Samples, count: int) -> None:
    if value.shape[1] != count:
        raise DataError(f"series: expected {count} channels as in the first training item, got {value.shape[1]}")


def _resampled(series: Samples, length: int) -> Samples:
    """Interpolate at the middles of ``length`` equal parts; a series of that length stays as it is."""
    if len(series) == length:
        return series
    middles = (np.arange(length) + 0.5) * len(series) / length - 0.5
    own = np.arange(len(series))
    return np.stack([np.interp(middles, own, channel) for channel in series.T], axis=-1).astype(np.float32)
