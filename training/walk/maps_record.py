"""Maps on their way through a network, as plain data: what is read, matched, changed and stacked.

A leaf module, like `training.records`. Rows and columns are those of the grid; a grid with
one axis has one row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plane:
    """Cells of a map that are shown: all, every n-th, or a part.

    Parameters
    ----------
    values : list of list of float
        Rows × columns.
    size : list of int
        Rows and columns of the whole map.
    start : list of int
        Row and column of the first cell that is shown.
    every : list of int
        Steps from one cell that is shown to the next.
    """

    values: list[list[float]]
    size: list[int]
    start: list[int]
    every: list[int]


@dataclass(frozen=True)
class Named:
    """A map with its name: a channel of an input, or of a layer's output."""

    name: str
    plane: Plane


@dataclass(frozen=True)
class Reading:
    """What the first layer reads: scaled cells, or the vectors of ids.

    Parameters
    ----------
    maps : list of Named
        Up to four channels; where ids have vectors, one map whose rows are dimensions.
    channels : int
        How many there are.
    mean, deviation : list of float
        Of the channels that are shown, over the training items: a cell less the mean, over
        the deviation, is what is read. Empty where nothing is scaled.
    tokens : list of str
        What each cell stands for; empty for grids of numbers.
    """

    maps: list[Named]
    channels: int
    mean: list[float]
    deviation: list[float]
    tokens: list[str]


@dataclass(frozen=True)
class Slice:
    """Cells under a window, and the weights they meet.

    Parameters
    ----------
    names : list of str
        Of the rows where each row is an input channel; else of the one channel.
    under, weights : list of list of float
    """

    names: list[str]
    under: list[list[float]]
    weights: list[list[float]]


@dataclass(frozen=True)
class Placed:
    """A filter at its best match.

    Parameters
    ----------
    channel : int
    cell : list of int
        Of its map.
    start : list of int
        First row and column of the window; negative in the padding.
    slices : list of Slice
        The input channels that add most.
    rest : float
        What all other channels add.
    bias : float
    value : float
        The cell of the map: all products, and the bias.
    plane : Plane
        The filtered map.
    """

    channel: int
    cell: list[int]
    start: list[int]
    slices: list[Slice]
    rest: float
    bias: float
    value: float
    plane: Plane


@dataclass(frozen=True)
class Matching:
    """The first convolution.

    Parameters
    ----------
    layer : str
    count : int
        Filters; ``filters`` may hold fewer.
    kernel, stride, dilation, before : list of int
        Rows and columns of the window, its steps, the steps between its cells, and the zeros
        before the first cell.
    channels : int
        Input channels of a filter.
    prepared : list of str
        Layers between what is read and the convolution.
    inputs : list of Named
        What the windows lie on.
    filters : list of Placed
        Those with the highest peaks, as they are passed on.
    """

    layer: str
    count: int
    kernel: list[int]
    stride: list[int]
    dilation: list[int]
    before: list[int]
    channels: int
    prepared: list[str]
    inputs: list[Named]
    filters: list[Placed]


@dataclass(frozen=True)
class Passing:
    """What a layer makes of one map.

    Parameters
    ----------
    channel : int
    before, after : Plane
    cell : list of int
        The cell of ``after`` that is spoken of, and
    inputs : list of float
        the cells of ``before`` that it is made from: all, or none where they are too many.
    output : float
    factor, offset : float or None
        Of a normalisation: the cell times the factor plus the offset.
    """

    channel: int
    before: Plane
    after: Plane
    cell: list[int]
    inputs: list[float]
    output: float
    factor: float | None
    offset: float | None


@dataclass(frozen=True)
class Change:
    """A layer that treats all cells, or all windows, of a map alike.

    Parameters
    ----------
    kind : {"normalise", "activate", "pool"}
    layer : str
    name : str
        Such as ``"relu"``, ``"max"``, ``"average"``.
    follows : bool
        Whether it reads what the convolution, or the change before it, gives, and no other
        layer does; else it lies further on, and
    skipped : int
        so many layers in between are not shown.
    channels : int
    size, stride, before : list of int
        Of the windows; the size is empty where there are none.
    curve : list of [float, float]
        Of an activation: inputs and outputs.
    lowered : float
        Of an activation: the share of cells of all maps that are 0 after it.
    maps : list of Passing
    """

    kind: str
    layer: str
    name: str
    follows: bool
    skipped: int
    channels: int
    size: list[int]
    stride: list[int]
    before: list[int]
    curve: list[list[float]]
    lowered: float
    maps: list[Passing]


@dataclass(frozen=True)
class Level:
    """A stage's maps; of a stage without cells, its numbers as one row."""

    name: str
    channels: int
    shape: list[int]
    maps: list[Named]


@dataclass(frozen=True)
class Hidden:
    """A fully connected layer before the last."""

    layer: str
    units: int
    activation: str
    values: Plane


def named_from_json(parts: Any) -> list[Named]:
    """Read named maps from plain data."""
    return [Named(part["name"], Plane(**part["plane"])) for part in parts]


def matching_from_json(part: Mapping[str, Any]) -> Matching:
    """Read a convolution from plain data."""
    filters = [
        Placed(**{**one, "slices": [Slice(**own) for own in one["slices"]], "plane": Plane(**one["plane"])})
        for one in part["filters"]
    ]
    return Matching(**{**part, "inputs": named_from_json(part["inputs"]), "filters": filters})


def change_from_json(part: Mapping[str, Any]) -> Change:
    """Read a change from plain data."""
    maps = [Passing(**{**one, **{side: Plane(**one[side]) for side in ("before", "after")}}) for one in part["maps"]]
    return Change(**{**part, "maps": maps})
