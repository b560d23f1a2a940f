"""Labelled grids of one part of a data set, in memory or streamed from a file."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Prepare = Callable[[NDArray[Any]], NDArray[Any]]
IN_MEMORY = 2**28  # bytes of grids that a part keeps
SEGMENT = 2**26  # bytes of grids that are trained on, or predicted, at a time


class Rows(ABC):
    """Some rows of an array of grids.

    Attributes
    ----------
    rows : ndarray of int
        Positions in the array.
    """

    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one grid."""
        return tuple(self._open().shape[1:])

    def take(self, positions: NDArray[np.int64]) -> NDArray[Any]:
        """Copy some rows, shape ``(len(positions), *shape)``."""
        return np.asarray(self._open()[self.rows[positions]])

    def segments(self) -> Iterator[NDArray[Any]]:
        """Copy all rows, some at a time."""
        step = grids_in(SEGMENT, self.shape)
        for start in range(0, len(self), step):
            yield self.take(np.arange(start, min(start + step, len(self))))

    @abstractmethod
    def _open(self) -> NDArray[Any]:
        """Give the whole array."""


@dataclass(frozen=True)
class Stored(Rows):
    """Rows of a ``.npy`` file, read when they are asked for.

    Parameters
    ----------
    path : path
    rows : ndarray of int
        Positions in the file.
    """

    path: Path
    rows: NDArray[np.int64]

    def _open(self) -> NDArray[Any]:
        # The file is mapped anew each time: pages that were read count as this process' memory until it is let go.
        mapped: NDArray[Any] = np.load(self.path, mmap_mode="r", allow_pickle=False)
        return mapped


@dataclass(frozen=True)
class Held(Rows):
    """Rows of grids in memory.

    Parameters
    ----------
    grids : ndarray
    rows : ndarray of int
        Positions among them.
    """

    grids: NDArray[Any]
    rows: NDArray[np.int64]

    def _open(self) -> NDArray[Any]:
        return self.grids


@dataclass(frozen=True)
class Part:
    """Grids with what they are to teach.

    Parameters
    ----------
    x : ndarray or Rows
        Grids ``(n, *spatial, channels)``, prepared; or where they lie.
    y : ndarray
        Classes as indices, int32 of shape ``(n,)``; or standardised numbers, float32 of
        shape ``(n, outputs)``.
    prepare : callable, optional
        What turns stored grids into what the network reads: scaling, shuffling of cells.
    weights : ndarray of float32, shape ``(n,)``, optional
        How much each item counts; all the same by default.
    """

    x: NDArray[Any] | Rows
    y: NDArray[Any]
    prepare: Prepare | None = None
    weights: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.y)

    @classmethod
    def of(cls, stored: Rows, y: NDArray[Any], prepare: Prepare, weights: NDArray[np.float32] | None = None) -> Part:
        """Prepare all grids now where they fit into memory, each time they are read where they do not."""
        if len(stored) <= grids_in(IN_MEMORY, stored.shape):
            return cls(prepare(stored.take(np.arange(len(stored)))), y, weights=weights)
        return cls(stored, y, prepare, weights)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one grid."""
        return tuple(self.x.shape[1:]) if isinstance(self.x, np.ndarray) else self.x.shape

    def take(self, positions: NDArray[np.int64]) -> NDArray[Any]:
        """Give some grids as the network reads them."""
        if isinstance(self.x, np.ndarray):
            return np.asarray(self.x[positions])
        x = self.x.take(positions)
        return self.prepare(x) if self.prepare else x

    def segments(self) -> Iterator[NDArray[Any]]:
        """Give all grids as the network reads them, in order, some at a time."""
        step = grids_in(SEGMENT, self.shape)
        for start in range(0, len(self), step):
            yield self.take(np.arange(start, min(start + step, len(self))))


def grids_in(size: int, shape: tuple[int, ...]) -> int:
    """Count the grids of 4-byte cells that fit into so many bytes; at least 1."""
    return max(1, size // (4 * math.prod(shape)))
