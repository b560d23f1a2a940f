"""Game boards as grids, one plane a piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project

Squares = NDArray[np.str_]
MOST_VALUES = 64  # chess has 13; what has more is a picture or a table of numbers
EMPTY = "."  # an empty square of a FEN record
FEN = re.compile(r"\s*([A-Za-z0-9]+(?:/[A-Za-z0-9]+)+)(?:\s.*)?", re.DOTALL)


@dataclass(repr=False, eq=False)
class Board(Adapter):
    """Game boards, one plane a piece: 1 where it stands, 0 elsewhere.

    Items are arrays of whole numbers or of characters, shape (rows, columns); lists of
    such rows; lists of strings, one a row (``["X.O", "...", "OX."]``); or records in the
    Forsyth–Edwards notation of chess, of which the placement of the pieces is read and an
    empty square is ``.``. All boards have the size of the first training item. A value
    that training items do not have is zero in all planes.

    A game whose pieces share squares writes its boards as named ``planes``: items are then
    arrays of shape (rows, columns, planes) of numbers from 0, for nothing there, to 1.

    Boards have no augmentations: a game may tell left from right, or who moves upwards.

    Parameters
    ----------
    empty : str or int, optional
        The value of an empty square, which then has no plane.
    planes : str
        Names, with commas between them, of the planes of items that are planes already;
        empty for boards of squares.

    Examples
    --------
    >>> adapter = Board(empty=".").fit([["X.O", "...", "OX."]])
    >>> adapter.grid_.channels
    ('O', 'X')
    >>> adapter.transform([["..X", "...", "O.."]])[0, :, :, 1].tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]

    References
    ----------
    Maddison et al. (2015). Move evaluation in Go using deep convolutional neural
    networks. arXiv:1412.6564.
    """

    empty: str | int | None = None
    planes: str = ""

    name: ClassVar[str] = "board"
    modality: ClassVar[str] = "board"
    inverse: ClassVar[Honesty] = "exact"

    def _read(self, item: Any) -> Squares | FloatArray:
        return _planes(item, len(self._names)) if self.planes else self._squares(item)

    @property
    def _names(self) -> tuple[str, ...]:
        names = tuple(name.strip() for name in self.planes.split(","))
        if len(set(names)) < len(names) or not all(names):
            raise DataError(f"board: expected planes of different names, got {self.planes!r}; separate them by commas")
        return names

    def _squares(self, item: Any) -> Squares:
        if isinstance(item, str):
            return _fen(item)
        if not isinstance(item, Sequence | np.ndarray) or len(item) == 0:
            raise DataError(f"expected a board as rows of squares, got {type(item).__name__} {item!r:.40}")
        rows = [list(row) if isinstance(row, Sequence | np.ndarray) else [] for row in item]
        if not rows[0] or {len(row) for row in rows} != {len(rows[0])}:
            raise DataError(
                f"expected rows of equal length, got {[len(row) for row in rows][:10]} squares; fill them up"
            )
        return np.asarray([[_square(value) for value in row] for row in rows])

    def _fit(self, values: Sequence[Squares | FloatArray]) -> GridSpec:
        rows, columns = values[0].shape[:2]
        for value in values:
            _require_size(value, (rows, columns))
        axes = (Axis.counted("row", rows), Axis.counted("column", columns))
        if self.planes:
            return GridSpec(axes, self._names, "presence")
        found = {str(square) for value in values for square in np.unique(value)} - {str(self.empty)}
        if not 0 < len(found) <= MOST_VALUES:
            raise DataError(
                f"board: expected 1 to {MOST_VALUES} values besides the empty one, got {len(found)} "
                f"({', '.join(sorted(found)[:8])}); a picture is for the adapter 'image'"
            )
        return GridSpec(axes, _sorted(found), "presence")

    def _grid(self, value: Squares | FloatArray) -> GridArray:
        _require_size(value, self.grid_.spatial)
        if self.planes:
            return np.asarray(value, dtype=np.float32)
        return np.asarray(value[..., None] == np.asarray(self.grid_.channels), dtype=np.float32)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Give relevance as it is: cells are squares."""
        self._require_fitted()
        _require_size(self._read(item), self.grid_.spatial)
        return project(relevance, self.grid_.axes, self.grid_.axes)

    def inverse_transform(self, grids: GridArray) -> list[Squares] | list[FloatArray]:
        """Boards of strings, or planes; an unknown value has become the empty one, or ``?`` if there is none."""
        self._require_fitted()
        if self.planes:
            return list(np.asarray(grids, dtype=np.float64))
        names = np.asarray([*self.grid_.channels, "?" if self.empty is None else str(self.empty)])
        dense = np.asarray(grids)
        planes = np.where(dense.max(axis=-1) > 0.5, dense.argmax(axis=-1), len(names) - 1)
        return list(names[planes])

    def _preview(self, value: Squares | FloatArray) -> dict[str, Any]:
        return {"kind": "board", "rows": self._letters(value).tolist() if self.planes else value.tolist()}

    def _letters(self, value: Squares | FloatArray) -> Squares:
        """Give the first letter of each square's strongest plane; a point where there is nothing."""
        letters = np.asarray([*(name[:1] for name in self._names), EMPTY])
        strongest = np.where(value.any(axis=-1), value.argmax(axis=-1), len(self._names))
        return np.asarray(letters[strongest])


def _square(value: Any) -> str:
    if isinstance(value, str) and len(value) == 1:
        return str(value)
    if isinstance(value, int | float | np.number | np.bool_) and float(value).is_integer():
        return str(int(value))
    raise DataError(f"expected squares of one character or whole number each, got {value!r:.40}")


def _planes(item: Any, count: int) -> FloatArray:
    try:
        value = np.asarray(item, dtype=np.float64)
    except (TypeError, ValueError):
        value = np.empty(())
    if value.ndim != 3 or value.shape[2] != count or 0 in value.shape:
        raise DataError(
            f"expected numbers of shape (rows, columns, {count}), got {type(item).__name__} {item!r:.40}; "
            "give planes one name each"
        )
    if not (value.min() >= 0 and value.max() <= 1):
        raise DataError(f"expected planes of numbers from 0 to 1, got {value.min()} to {value.max()}; scale them")
    return value


def _fen(record: str) -> Squares:
    """Read the first field of a FEN record: rows from the top, digits for runs of empty squares."""
    match = FEN.fullmatch(record)
    if match is None:
        raise DataError(f"expected a board as rows of squares, or in FEN, got {record!r:.40}; split it into its rows")
    rows = [re.sub(r"\d+", lambda run: EMPTY * int(run[0][:4]), row) for row in match[1].split("/")]
    if len({len(row) for row in rows}) != 1:
        raise DataError(
            f"expected ranks of equal length, got {[len(row) for row in rows][:10]} squares in {record!r:.40}"
        )
    return np.asarray([list(row) for row in rows])


def _require_size(value: Squares | FloatArray, size: tuple[int, ...]) -> None:
    if value.shape[:2] != size:
        raise DataError(
            f"board: expected {size[0]} × {size[1]} squares as in training, got {' × '.join(map(str, value.shape[:2]))}"
        )


def _sorted(values: set[str]) -> tuple[str, ...]:
    """Sort numbers by size, before anything else by spelling."""
    numbers = {value: float(value) for value in values if re.fullmatch(r"-?[0-9]+", value)}
    return tuple(sorted(values, key=lambda value: (value not in numbers, numbers.get(value, 0.0), value)))
