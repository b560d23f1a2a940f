"""Standardise dense grids: by statistics of training items alone, or each item by its own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from training.errors import ExperimentError
from training.fitting.parts import Rows

Scaling = Literal["auto", "channel", "item", "band", "none"]
TIME = "time"  # the adapters' name of the axis that a recording runs along


@dataclass(frozen=True)
class Scaler:
    """What happens to grids before a network reads them; the identity for ids.

    First each item by itself, if ``along`` says so: its mean along these axes goes, then
    each channel is divided by the deviation of what is left of it. Then all items alike:
    minus ``mean``, divided by ``deviation``.

    Parameters
    ----------
    mean, deviation : ndarray, shape ``(channels,)``
        Empty for nothing.
    along : tuple of int
        Axes of one grid, counted from 0; empty for nothing.
    """

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    along: tuple[int, ...] = ()

    @classmethod
    def identity(cls) -> Scaler:
        """Make the scaler that changes nothing."""
        return cls.by_item(())

    @classmethod
    def by_item(cls, along: Sequence[int]) -> Scaler:
        """Make the scaler that knows no other item."""
        return cls(np.empty(0, np.float32), np.empty(0, np.float32), tuple(along))

    @classmethod
    def fitted(cls, segments: Iterable[NDArray[Any]]) -> Scaler:
        """Learn from training grids that come in parts, each of shape ``(n, *spatial, channels)``.

        The parts' moments are joined by the rule of Chan, Golub and LeVeque (1983), The
        American Statistician 37(3), which loses no digits where the mean is large.
        """
        cells, mean, squares = 0, np.float64(0), np.float64(0)
        for x in segments:
            axes = tuple(range(x.ndim - 1))
            count = math.prod(x.shape[:-1])
            own = x.mean(axis=axes, dtype=np.float64)
            step = own - mean
            squares = squares + x.var(axis=axes, dtype=np.float64) * count + step**2 * cells * count / (cells + count)
            mean = mean + step * count / (cells + count)
            cells += count
        deviation = np.sqrt(squares / cells)
        # A constant channel is centred and left at zero.
        return cls(np.asarray(mean, np.float32), np.where(deviation > 0, deviation, 1.0).astype(np.float32))

    def then(self, factor: NDArray[Any], offset: NDArray[Any]) -> Scaler:
        """Multiply and shift each channel after this scaling, all in one.

        Examples
        --------
        >>> scaler = Scaler(np.float32([2]), np.float32([4])).then(np.array([8.0]), np.array([1.0]))
        >>> scaler(np.float32([[10]])).tolist()
        [[17.0]]
        """
        before = (self.mean, self.deviation) if self.mean.size else (np.zeros(1, np.float32), np.ones(1, np.float32))
        deviation = before[1] / factor
        return Scaler((before[0] - offset * deviation).astype(np.float32), deviation.astype(np.float32), self.along)

    def __call__(self, x: NDArray[Any]) -> NDArray[Any]:
        """Scale grids."""
        own = _by_itself(x, self.along) if self.along else x
        return ((own - self.mean) / self.deviation).astype(np.float32) if self.mean.size else own


def _by_itself(x: NDArray[Any], along: Sequence[int]) -> NDArray[np.float32]:
    """Standardise each channel of each item by what the item itself holds."""
    spatial = tuple(range(1, x.ndim - 1))
    mean = x.mean(axis=tuple(1 + axis for axis in along), dtype=np.float64, keepdims=True)
    rest = x - mean.astype(np.float32)
    deviation = np.sqrt(np.square(rest).mean(axis=spatial, dtype=np.float64, keepdims=True))
    # What is constant but for rounding stays at zero: nothing is there to be made larger.
    least = np.finfo(np.float32).eps * np.abs(x).max(axis=spatial, keepdims=True, initial=0)
    return np.asarray(rest / np.where(deviation > least, deviation, 1.0), np.float32)


def own_axes(scale: Scaling, axes: Sequence[str]) -> tuple[int, ...]:
    """Say along which axes an item loses its own mean.

    Parameters
    ----------
    scale : {"auto", "channel", "item", "band", "none"}
    axes : sequence of str
        Names of the grid's axes.

    Raises
    ------
    ExperimentError
        If the grid has no bands.

    Examples
    --------
    >>> own_axes("auto", ["mel band", "time"]), own_axes("band", ["mel band", "time"]), own_axes("auto", ["time"])
    ((0, 1), (1,), ())
    """
    times = tuple(place for place, name in enumerate(axes) if name == TIME)
    has_bands = 0 < len(times) < len(axes)
    if scale == "item" or (scale == "auto" and has_bands):
        return tuple(range(len(axes)))
    if scale != "band":
        return ()
    if not has_bands:
        raise ExperimentError(
            f"scale: 'band' expected a grid with the axis {TIME!r} and another, got the axes {list(axes)}; "
            "choose 'item' or 'channel', or an adapter that makes such grids"
        )
    return times


def scaler_for(scale: Scaling, train: Rows, axes: Sequence[str], ids: bool) -> Scaler:
    """Make the scaler that a recipe asks for.

    Parameters
    ----------
    scale : {"auto", "channel", "item", "band", "none"}
    train : Rows
        Grids of training items, read where statistics over all of them are needed.
    axes : sequence of str
        Names of the grid's axes.
    ids : bool
        Whether grids are ids, which have no scale.

    Raises
    ------
    ExperimentError
        As `own_axes`.
    """
    if ids or scale == "none":
        return Scaler.identity()
    along = own_axes(scale, axes)
    return Scaler.by_item(along) if along else Scaler.fitted(train.segments())
