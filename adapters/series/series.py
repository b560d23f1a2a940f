"""Time series as grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project

Samples = NDArray[np.float32]


@dataclass(repr=False, eq=False)
class Series(Adapter):
    """Time series of one or several channels, brought to one length.

    Items are arrays of shape ``(time,)`` or ``(time, channels)``, of any length. The
    grid is as long as the longest training item.

    Parameters
    ----------
    policy : {"resample", "pad"}
        A series of another length is interpolated linearly; or it ends in zeros, or
        loses its end.
    normalise : bool
        Give every channel of every series mean 0 and standard deviation 1. It takes
        the level away, which then cannot tell classes apart.

    Examples
    --------
    >>> import numpy as np
    >>> adapter = Series(policy="pad").fit([np.arange(4.0), np.arange(3.0)])
    >>> adapter.transform([np.arange(3.0)])[0, :, 0]
    array([0., 1., 2., 0.], dtype=float32)
    """

    policy: Literal["resample", "pad"] = "resample"
    normalise: bool = False

    name: ClassVar[str] = "series"
    modality: ClassVar[str] = "series"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:time",)

    def _read(self, item: Any) -> Samples:
        try:
            samples = np.array(item, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise DataError(f"expected an array of numbers (time,) or (time, channels): {error}") from error
        if samples.ndim not in (1, 2) or samples.size == 0:
            raise DataError(f"expected a series of shape (time,) or (time, channels), got {samples.shape}")
        if not np.isfinite(samples).all():
            raise DataError("expected finite samples, got NaN or Inf; fill the gaps or leave the series out")
        return samples.reshape(len(samples), -1)

    def _fit(self, values: Sequence[Samples]) -> GridSpec:
        count = values[0].shape[1]
        for value in values:
            _require_channels(value, count)
        names = ("value",) if count == 1 else tuple(f"channel {i + 1}" for i in range(count))
        length = max(len(value) for value in values)
        return GridSpec((Axis.counted("time", length, unit="sample"),), names, "value")

    def _grid(self, value: Samples) -> GridArray:
        _require_channels(value, len(self.grid_.channels))
        series = _normalised(value) if self.normalise else value
        length = self.grid_.spatial[0]
        if self.policy == "resample":
            return _resampled(series, length)
        padded = np.zeros((length, series.shape[1]), dtype=np.float32)
        padded[: len(series)] = series[:length]
        return padded

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the cells in the series' own samples."""
        self._require_fitted()
        return (self._axis(len(self._read(item))),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the series' own samples; what fell on padding goes to the last one."""
        self._require_fitted()
        length = len(self._read(item))
        return project(relevance, (self._axis(length),), (Axis.counted("time", length, unit="sample"),))

    def inverse_transform(self, grids: GridArray) -> list[Samples]:
        """Series of the grid's length and level."""
        self._require_fitted()
        return [np.array(grid, dtype=np.float32) for grid in grids]

    def _preview(self, value: Samples) -> dict[str, Any]:
        return {"kind": "series", "values": value.tolist()}

    def _axis(self, length: int) -> Axis:
        axis = self.grid_.axes[0]
        scale = length / axis.size if self.policy == "resample" else 1.0
        return Axis("time", "sample", tuple(edge * scale for edge in axis.edges))


def _require_channels(value: Samples, count: int) -> None:
    if value.shape[1] != count:
        raise DataError(f"series: expected {count} channels as in the first training item, got {value.shape[1]}")


def _normalised(series: Samples) -> Samples:
    exact = series.astype(np.float64)
    deviation = exact.std(axis=0)
    # A constant channel has a deviation of rounding errors; dividing by it would blow them up.
    flat = deviation <= 1e-12 * np.abs(exact).max(axis=0)
    return np.asarray((exact - exact.mean(axis=0)) / np.where(flat, 1, deviation), dtype=np.float32)


def _resampled(series: Samples, length: int) -> Samples:
    """Interpolate at the middles of ``length`` equal parts; a series of that length stays as it is."""
    if len(series) == length:
        return series
    middles = (np.arange(length) + 0.5) * len(series) / length - 0.5
    own = np.arange(len(series))
    return np.stack([np.interp(middles, own, channel) for channel in series.T], axis=-1).astype(np.float32)
