"""The vocabulary that grids are described in: axes, grids, attributions.

A leaf module: it imports numpy alone, so that pages about grids need neither
librosa nor Keras.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Axis:
    """One spatial dimension of a grid.

    Parameters
    ----------
    name : str
        What the axis counts, such as ``"time"`` or ``"column"``.
    unit : str
        Unit of the edges (``"s"``, ``"Hz"``, ``"px"``); empty for none.
    edges : tuple of float
        The ``size + 1`` borders of the cells, strictly monotonic. Edges and not
        centres: extents are what one draws and maps back.
    labels : tuple of str, optional
        One name a cell, where cells have names (columns, tokens).

    Examples
    --------
    >>> Axis("time", "s", (0.0, 0.5, 1.0)).size
    2
    """

    name: str
    unit: str
    edges: tuple[float, ...]
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.edges) < 2:
            raise ValueError(f"axis {self.name!r}: expected at least 2 edges, got {len(self.edges)}")
        steps = np.diff(np.asarray(self.edges, dtype=float))
        if not (np.all(steps > 0) or np.all(steps < 0)):
            raise ValueError(f"axis {self.name!r}: expected strictly monotonic edges, got {self.edges[:6]}")
        if self.labels and len(self.labels) != self.size:
            raise ValueError(f"axis {self.name!r}: expected {self.size} labels, got {len(self.labels)}")

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.edges) - 1

    @classmethod
    def counted(cls, name: str, size: int, labels: tuple[str, ...] = (), unit: str = "") -> Axis:
        """Make an axis whose cells are numbered: edges 0, 1, …, ``size``."""
        return cls(name, unit, tuple(float(i) for i in range(size + 1)), labels)

    def cell_of(self, position: float) -> int:
        """Index of the cell that holds ``position`` (in the axis' unit).

        Raises
        ------
        ValueError
            If the position lies outside the axis.
        """
        edges = np.asarray(self.edges)
        ascending = edges if edges[0] < edges[-1] else edges[::-1]
        if not ascending[0] <= position <= ascending[-1]:
            raise ValueError(
                f"axis {self.name!r}: expected a position in {ascending[0]}..{ascending[-1]}, got {position}"
            )
        cell = min(int(np.searchsorted(ascending, position, side="right")) - 1, self.size - 1)
        return cell if edges[0] < edges[-1] else self.size - 1 - cell

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"name": self.name, "unit": self.unit, "edges": list(self.edges), "labels": list(self.labels)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Axis:
        """Inverse of `to_json`."""
        return cls(data["name"], data["unit"], tuple(data["edges"]), tuple(data["labels"]))


@dataclass(frozen=True)
class GridSpec:
    """What a fitted adapter makes: the shape of one grid, and what its cells mean.

    Parameters
    ----------
    axes : tuple of Axis
        The spatial dimensions, in order.
    channels : tuple of str
        Names of the channels, the last dimension. Empty for a grid of ids.
    quantity, unit : str
        What a cell's value measures, such as ``"level"`` in ``"dB"``.
    vocabulary : tuple of str
        For a grid of integer ids: what each id stands for. Id 0 is padding.

    Examples
    --------
    >>> GridSpec((Axis.counted("row", 8), Axis.counted("column", 8)), ("grey",), "brightness").shape
    (8, 8, 1)
    """

    axes: tuple[Axis, ...]
    channels: tuple[str, ...]
    quantity: str
    unit: str = ""
    vocabulary: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if bool(self.channels) == bool(self.vocabulary):
            raise ValueError("expected either channels (a dense grid) or a vocabulary (a grid of ids)")
        if self.vocabulary and len(self.axes) != 1:
            raise ValueError(f"expected 1 axis for a grid of ids, got {len(self.axes)}")

    @property
    def spatial(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return tuple(axis.size for axis in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one grid: ``(*spatial, channels)``, or ``(length,)`` for ids."""
        return (*self.spatial, len(self.channels)) if self.channels else self.spatial

    @property
    def vocabulary_size(self) -> int:
        """Number of ids; 0 for a dense grid."""
        return len(self.vocabulary)

    @property
    def dtype(self) -> str:
        """``"int32"`` for ids, ``"float32"`` otherwise."""
        return "int32" if self.vocabulary else "float32"

    def describe(self) -> str:
        """Give one line for people: ``time 40 × mel band 64 × 1 channel, level in dB``."""
        sizes = " × ".join(f"{axis.name} {axis.size}" for axis in self.axes)
        depth = (
            f"ids of {self.vocabulary_size} tokens"
            if self.vocabulary
            else f"{len(self.channels)} channel" + "s" * (len(self.channels) != 1)
        )
        return f"{sizes} × {depth}, {self.quantity}" + (f" in {self.unit}" if self.unit else "")

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "axes": [axis.to_json() for axis in self.axes],
            "channels": list(self.channels),
            "quantity": self.quantity,
            "unit": self.unit,
            "vocabulary": list(self.vocabulary),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> GridSpec:
        """Inverse of `to_json`."""
        return cls(
            tuple(Axis.from_json(axis) for axis in data["axes"]),
            tuple(data["channels"]),
            data["quantity"],
            data["unit"],
            tuple(data["vocabulary"]),
        )


@dataclass(frozen=True)
class Attribution:
    """Relevance in the coordinates of the source item.

    Parameters
    ----------
    axes : tuple of Axis
        The item's own axes: pixels, seconds × Hz, character spans, columns.
    values : ndarray, shape ``tuple(axis.size for axis in axes)``
        Relevance of each region. Its sum is the relevance that was mapped back.

    Examples
    --------
    >>> Attribution((Axis.counted("column", 2),), np.array([0.25, 0.75])).total
    1.0
    """

    axes: tuple[Axis, ...]
    values: FloatArray

    def __post_init__(self) -> None:
        expected = tuple(axis.size for axis in self.axes)
        if self.values.shape != expected:
            raise ValueError(f"expected relevance of shape {expected}, got {self.values.shape}")

    @property
    def total(self) -> float:
        """Sum of the relevance."""
        return math.fsum(self.values.ravel().tolist())


def redistribute(values: FloatArray, dimension: int, source: FloatArray, target: FloatArray) -> FloatArray:
    """Spread sums over cells with edges ``source`` onto cells with edges ``target``.

    Each source cell's amount goes to the target cells in proportion to their
    overlap, and amounts that fall outside the target go to its nearest cell, so
    that the total is preserved exactly up to rounding.

    Parameters
    ----------
    values : ndarray
        Amounts a cell.
    dimension : int
        The dimension of ``values`` that ``source`` describes.
    source, target : ndarray
        Strictly increasing edges in one common unit.

    Returns
    -------
    ndarray
        Like ``values``, with ``len(target) - 1`` cells along ``dimension``.

    Examples
    --------
    >>> redistribute(np.array([4.0]), 0, np.array([0.0, 2.0]), np.array([0.0, 1.0, 2.0]))
    array([2., 2.])
    """
    amounts = np.moveaxis(np.asarray(values, dtype=float), dimension, -1)
    so_far = np.concatenate([np.zeros((*amounts.shape[:-1], 1)), np.cumsum(amounts, axis=-1)], axis=-1)
    inner = np.clip(target[1:-1], source[0], source[-1])
    cell = np.clip(np.searchsorted(source, inner, side="right") - 1, 0, len(source) - 2)
    inside = (inner - source[cell]) / (source[cell + 1] - source[cell])
    # Differences of the running sum: the cost is linear, where a matrix of overlaps would be quadratic.
    at_edges = so_far[..., cell] + inside * amounts[..., cell]
    moved = np.diff(np.concatenate([so_far[..., :1], at_edges, so_far[..., -1:]], axis=-1), axis=-1)
    return np.moveaxis(moved, -1, dimension)


def project(relevance: FloatArray, source: tuple[Axis, ...], target: tuple[Axis, ...]) -> Attribution:
    """Carry relevance from a grid's axes, given in an item's coordinates, to the item's own axes.

    Parameters
    ----------
    relevance : ndarray, shape ``tuple(axis.size for axis in source)``
    source, target : tuple of Axis
        As many axes each, increasing, in common units.

    Returns
    -------
    Attribution
        On ``target``, with the total of ``relevance``.

    Raises
    ------
    ValueError
        If ``relevance`` does not have the shape of ``source``.

    Examples
    --------
    >>> project(np.array([4.0]), (Axis("x", "px", (0, 2)),), (Axis.counted("x", 2, unit="px"),)).values
    array([2., 2.])
    """
    expected = tuple(axis.size for axis in source)
    if relevance.shape != expected:
        raise ValueError(f"expected relevance of shape {expected}, got {relevance.shape}")
    values = np.asarray(relevance, dtype=float)
    for dimension, (here, there) in enumerate(zip(source, target, strict=True)):
        values = redistribute(values, dimension, np.asarray(here.edges), np.asarray(there.edges))
    return Attribution(target, values)
