"""Search spaces as plain data: what a tuner may change about an architecture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

Scalar = int | float | str | bool


@dataclass(frozen=True)
class Choice:
    """One of a few values.

    Parameters
    ----------
    values : tuple of int, float, str or bool
        All of one type, the more promising neighbours side by side.
    default : int, float, str or bool
        Where a search starts; filled in by `zoo.space`.
    when : tuple of (str, tuple), optional
        The field, and its values, for which this dimension matters.

    Examples
    --------
    >>> Choice((16, 32)).including(24)
    Choice(values=(16, 24, 32), default=24, when=None)
    """

    values: tuple[Scalar, ...]
    default: Scalar = 0
    when: tuple[str, tuple[Scalar, ...]] | None = None

    @property
    def count(self) -> float:
        """Number of values."""
        return len(self.values)

    def including(self, value: Scalar) -> Choice:
        """Start at ``value``, which joins the values if it is not among them."""
        values = self.values
        if value not in values:
            joined = (*values, value)
            values = joined if isinstance(value, str) else tuple(sorted(joined))
        return replace(self, values=values, default=value)


@dataclass(frozen=True)
class IntRange:
    """Whole numbers from ``low`` to ``high``, both included.

    Parameters
    ----------
    low, high : int
    step : int
        Distance between neighbours, counted from ``low``.
    log : bool
        Whether equal ratios, not equal distances, are equally likely.
    default : int
    when : tuple of (str, tuple), optional
    """

    low: int
    high: int
    step: int = 1
    log: bool = False
    default: int = 0
    when: tuple[str, tuple[Scalar, ...]] | None = None

    @property
    def count(self) -> float:
        """Number of values."""
        return (self.high - self.low) // self.step + 1

    def including(self, value: Scalar) -> IntRange:
        """Start at ``value``, and widen the range until it holds it."""
        number = int(value)
        return replace(self, low=min(self.low, number), high=max(self.high, number), default=number)


@dataclass(frozen=True)
class FloatRange:
    """Real numbers from ``low`` to ``high``, both included.

    Parameters
    ----------
    low, high : float
    step : float
        Distance between neighbours; 0 for none.
    log : bool
        Whether equal ratios, not equal distances, are equally likely.
    default : float
    when : tuple of (str, tuple), optional
    """

    low: float
    high: float
    step: float = 0.0
    log: bool = False
    default: float = 0.0
    when: tuple[str, tuple[Scalar, ...]] | None = None

    @property
    def count(self) -> float:
        """Number of values, which is infinite where nothing keeps neighbours apart."""
        return round((self.high - self.low) / self.step) + 1 if self.step else math.inf

    def including(self, value: Scalar) -> FloatRange:
        """Start at ``value``, and widen the range until it holds it."""
        number = float(value)
        return replace(self, low=min(self.low, number), high=max(self.high, number), default=number)


Dimension = Choice | IntRange | FloatRange
