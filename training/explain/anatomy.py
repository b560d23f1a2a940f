"""What happens inside a network, as plain data: filters, stages, fields, matching items.

A leaf module, like `training.records`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.records import Settings

Span = tuple[float, float]


@dataclass(frozen=True)
class Match:
    """A training item that activates a feature strongly.

    Parameters
    ----------
    item : int
        Position in `Explanation.gallery`.
    activation : float
    spans : list of (float, float)
        What the most active cell sees, along each axis of the item.
    whole : list of (float, float)
        Where those axes start and end.
    """

    item: int
    activation: float
    spans: list[Span]
    whole: list[Span]


@dataclass(frozen=True)
class Feature:
    """One channel of a stage: its map on the item, and the training items that activate it most."""

    channel: int
    values: list[Any]
    matches: list[Match]


@dataclass(frozen=True)
class Stage:
    """What a stage makes of the item.

    Parameters
    ----------
    name : str
    channels : int
    shape : list of int
        Cells along each axis.
    size, stride : list of int
        Receptive field in cells of the grid, by the layers' arithmetic.
    axes : list of dict
        Where the stage's cells lie, in the item's units.
    features : list of Feature
        The most active channels on this item.
    cell : list of int
        The cell whose fields are given: the most active one.
    theoretical : list of (float, float)
        What that cell can see, along each axis of the item.
    effective : list of (float, float)
        Where its gradient lies: two standard deviations to either side of the mean.
        Empty if it has no gradient.
    """

    name: str
    channels: int
    shape: list[int]
    size: list[int]
    stride: list[int]
    axes: list[Settings]
    features: list[Feature]
    cell: list[int]
    theoretical: list[Span]
    effective: list[Span]


@dataclass(frozen=True)
class Filters:
    """The kernels of the first convolution.

    Parameters
    ----------
    layer : str
    count : int
        How many there are; ``values`` may hold fewer.
    values : list
        Nested lists: filter × kernel × input channel.
    inputs : list of str
        Names of the input channels.
    """

    layer: str
    count: int
    values: list[Any]
    inputs: list[str]


@dataclass(frozen=True)
class Shown:
    """An item that is not the explained one: a training item."""

    name: str
    label: str
    preview: Settings


def stage_from_json(part: Mapping[str, Any]) -> Stage:
    """Read a stage from plain data."""
    features = [
        Feature(one["channel"], one["values"], [_match(match) for match in one["matches"]]) for one in part["features"]
    ]
    fields = {name: _spans(part[name]) for name in ("theoretical", "effective")}
    return Stage(**{**part, **fields, "features": features})


def _match(part: Mapping[str, Any]) -> Match:
    return Match(part["item"], part["activation"], _spans(part["spans"]), _spans(part["whole"]))


def _spans(pairs: Any) -> list[Span]:
    return [(low, high) for low, high in pairs]
