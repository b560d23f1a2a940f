"""Scales: where a value lies on a line, and which values a reader wants marked there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adapters.grid import Axis
from reports.wording import number


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: ``at`` is 0 at its start and 1 at its end."""

    at: float
    text: str


@dataclass(frozen=True)
class Scale:
    """A linear scale from ``low`` to ``high``."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Fraction of the way from ``low`` to ``high``, within 0..1."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    @classmethod
    def around(cls, values: Sequence[float], room: float = 0.06) -> Scale:
        """Make a scale that holds all finite values, with some room at both ends."""
        finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
        low, high = min(finite), max(finite)
        margin = room * (high - low) or 0.5 * abs(high) or 1.0
        return cls(low - margin, high + margin)

    @classmethod
    def of_shares(cls, values: Sequence[float], room: float = 0.06) -> Scale:
        """Like `around` for values from 0 to 1, with no tick that no share can reach."""
        scale = cls.around(values, room)
        low = max(scale.low, -room * scale.high)
        return cls(low, min(scale.high, 1 + room * (1 - low)))

    def scaled(self, factor: float) -> Scale:
        """Give the same scale in a smaller unit: ``factor`` of it make one of the old."""
        return Scale(factor * self.low, factor * self.high)

    def ticks(self, most: int = 5) -> list[Tick]:
        """Round values on the scale."""
        return [Tick(self.at(value), number(value)) for value in round_values(self.low, self.high, most)]


def round_values(low: float, high: float, most: int = 5) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten between two values, about ``most`` of them.

    Examples
    --------
    >>> round_values(0.0, 0.43, 5)
    [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.7)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def axis_ticks(axis: Axis, most: int = 5) -> list[Tick]:
    """Mark a grid's axis, drawn with cells of equal size.

    Named cells are marked at their centres, thinned evenly. Otherwise round values
    of the unit are marked where they lie; on uneven edges (mel bands) they are
    thinned so that the marks keep their distance.
    """
    if axis.labels:
        step = math.ceil(axis.size / most)
        return [Tick((cell + 0.5) / axis.size, axis.labels[cell]) for cell in range(0, axis.size, step)]
    edges = np.asarray(axis.edges, dtype=float)
    backwards = edges[0] > edges[-1]
    rising = edges[::-1] if backwards else edges
    steps = np.diff(rising)
    even = bool(np.allclose(steps, steps[0], rtol=1e-3))
    wanted = round_values(rising[0], rising[-1], most) if even else _steps_of_1_2_5(rising[0], rising[-1])
    places = np.interp(wanted, rising, np.linspace(0.0, 1.0, rising.size))
    ticks = [
        Tick(1 - at if backwards else at, number(value)) for at, value in zip(places.tolist(), wanted, strict=True)
    ]
    return ticks if even else _thinned(ticks, 0.7 / most)


def _steps_of_1_2_5(low: float, high: float) -> list[float]:
    largest = max(abs(low), abs(high))
    powers = range(math.floor(math.log10(largest)) - 3, math.floor(math.log10(largest)) + 1)
    series = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    return sorted({value for size in (0.0, *series) for value in (size, -size) if low <= value <= high})


def _thinned(ticks: list[Tick], distance: float) -> list[Tick]:
    kept: list[Tick] = []
    for tick in sorted(ticks, key=lambda tick: -tick.at):  # from the end: there the unit's values lie apart
        if all(abs(tick.at - other.at) >= distance for other in kept):
            kept.append(tick)
    return kept[::-1]
