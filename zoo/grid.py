"""What the zoo needs to know about a grid: its shape, and its vocabulary if it holds ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from zoo.errors import ZooError


class GridLike(Protocol):
    """Anything that tells the shape of one grid, such as `adapters.grid.GridSpec`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """``(*spatial, channels)``, or ``(length,)`` for ids."""

    @property
    def vocabulary_size(self) -> int:
        """Number of ids; 0 for a dense grid."""


@dataclass(frozen=True)
class Grid:
    """The shape of one grid.

    Parameters
    ----------
    shape : tuple of int
        ``(*spatial, channels)`` with 1 to 3 spatial axes, or ``(length,)`` for ids.
    vocabulary_size : int
        Number of ids, padding included; 0 for a dense grid.

    Raises
    ------
    ZooError
        If a size is below 1 or the number of axes does not fit.

    Examples
    --------
    >>> Grid((28, 28, 1)).shape
    (28, 28, 1)
    >>> Grid((60,), vocabulary_size=5000).vocabulary_size
    5000
    """

    shape: tuple[int, ...]
    vocabulary_size: int = 0

    def __post_init__(self) -> None:
        check_grid(self)


def check_grid(grid: GridLike) -> None:
    """Raise a `ZooError` unless the shape is one that networks can be drawn on."""
    shape, ids = grid.shape, grid.vocabulary_size
    axes = (1,) if ids else (2, 3, 4)
    if len(shape) not in axes or any(int(size) != size or size < 1 for size in shape):
        kind = "(length,)" if ids else "(*spatial, channels) with 1 to 3 spatial axes"
        raise ZooError(f"expected a grid of shape {kind} and sizes of 1 or more, got {shape}")


def spatial(grid: GridLike) -> tuple[int, ...]:
    """Sizes of the spatial axes."""
    return grid.shape if grid.vocabulary_size else grid.shape[:-1]


def rank(grid: GridLike) -> int:
    """Count the spatial axes that have more than one cell; at least 1."""
    return max(1, sum(size > 1 for size in spatial(grid)))


def written(sizes: Iterable[int]) -> str:
    """Sizes as people write them: ``8×8×1``."""
    return "×".join(str(size) for size in sizes)
