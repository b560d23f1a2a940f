"""How a network learns from one item, as plain data: chains of slopes, one step downhill.

A leaf module, like `training.records`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Factor:
    """A link of a chain: what its slope is of, and how large it is."""

    name: str
    value: float


@dataclass(frozen=True)
class Chain:
    """The slope of the error along one weight, as a product of slopes.

    Parameters
    ----------
    layer : str
    weight : str
        Which of the layer's.
    value : float
        The weight as it is.
    factors : list of Factor
        From the error down to the weight, at the place that adds most.
    product : float
        Of the factors.
    places : int
        At how many places the weight is used; the products of all are added.
    total : float
        That sum.
    automatic : float
        The same slope by automatic differentiation.
    """

    layer: str
    weight: str
    value: float
    factors: list[Factor]
    product: float
    places: int
    total: float
    automatic: float


@dataclass(frozen=True)
class Descent:
    """One step of plain gradient descent with all weights that are trained.

    Parameters
    ----------
    rate : float
        Each weight less the rate times its slope.
    weights : int
        How many are moved.
    length : float
        Of the gradient: the root of the sum of all squared slopes.
    before : float
        The error.
    after : float or None
        The error after the step; None where the step is so long that numbers overflow.
    probabilities : list of float
        Of the classes, after the step; empty where numbers overflow.
    rates, errors : list of float
        The error after a step at other rates, in rising order, from 0 on; without those that overflow.
    """

    rate: float
    weights: int
    length: float
    before: float
    after: float | None
    probabilities: list[float]
    rates: list[float]
    errors: list[float]


def chain_from_json(part: Mapping[str, Any]) -> Chain:
    """Read a chain from plain data."""
    return Chain(**{**part, "factors": [Factor(**one) for one in part["factors"]]})
