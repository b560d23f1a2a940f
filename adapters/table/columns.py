"""Columns of a table as cells: numbers standardised, categories one-hot, gaps filled."""

from __future__ import annotations

import math
import numbers
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adapters.base import Adapter
from adapters.errors import DataError
from adapters.grid import FloatArray
from adapters.parameters import Count

Row = dict[str, float | str | None]
Column = dict[str, Any]
Cells = NDArray[np.float32]


@dataclass(repr=False, eq=False)
class TableAdapter(Adapter):
    """What all adapters of tables share: from rows to one cell a number or category, and back.

    Items are mappings from column to value, rows of a data frame, or sequences of
    equal length (their columns are called ``x0``, ``x1``, …). A column is numeric if
    all its training values are numbers. Numbers get the training items' mean 0 and
    standard deviation 1, as scikit-learn's ``StandardScaler`` does; a missing one
    (None or NaN) takes the mean. A category that is missing, or that training items
    do not have, is zero in all its cells.

    Parameters
    ----------
    max_categories : int
        Most cells of a categorical column; its frequent values are kept.

    Attributes
    ----------
    columns_ : list of dict
        Each column's ``name``, ``categories`` (empty if numeric), ``mean``, ``scale``,
        and how many training items were ``missing``.
    """

    max_categories: Count = 20

    modality: ClassVar[str] = "table"

    def __sklearn_tags__(self) -> Any:
        """Say that missing values, categories and strings are welcome."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = tags.input_tags.categorical = tags.input_tags.string = True
        return tags

    @property
    def feature_names_in_(self) -> NDArray[np.object_]:
        """Names of the columns, after `fit`."""
        return np.asarray([column["name"] for column in self.columns_], dtype=object)

    @property
    def n_features_in_(self) -> int:
        """Number of columns, after `fit`."""
        return len(self.columns_)

    def listed(self, items: Sequence[Any]) -> list[Any]:
        """List rows; a data frame is taken row by row, not column by column."""
        return super().listed(items.to_dict("records") if isinstance(items, pd.DataFrame) else items)

    def _read(self, item: Any) -> Row:
        if isinstance(item, Mapping | pd.Series):
            return {str(column): _value(str(column), value) for column, value in item.items()}
        if isinstance(item, str | bytes) or not isinstance(item, Sequence | np.ndarray):
            raise DataError(f"expected a mapping or a sequence of values, got {type(item).__name__}")
        return {f"x{i}": _value(f"x{i}", value) for i, value in enumerate(item)}

    def _preview(self, value: Row) -> dict[str, Any]:
        # Pairs, since JSON's objects may come back in another order than the table's.
        return {"kind": "table", "row": [[name, cell] for name, cell in value.items()]}

    def _learn(self, rows: Sequence[Row]) -> None:
        """Learn the columns from training rows."""
        names = list(rows[0])
        if not names:
            raise DataError(f"0 feature(s) (shape=({len(rows)}, 0)) while a minimum of 1 is required.")
        for row in rows:
            self._require_columns(row, names)
        self.columns_ = [_column(name, [row[name] for row in rows], self.max_categories) for name in names]

    def _cells(self, rows: Sequence[Row]) -> Cells:
        """Turn rows into cells, side by side in the order of the columns."""
        names = [column["name"] for column in self.columns_]
        for row in rows:
            self._require_columns(row, names)
        blocks = [_block(column, [row[column["name"]] for row in rows]) for column in self.columns_]
        return np.concatenate(blocks, axis=1, dtype=np.float32, casting="same_kind")

    def _rows(self, cells: Cells) -> list[Row]:
        """Turn cells into rows again: what was missing is the mean, or None for a category."""
        stops = np.cumsum([len(labels(column)) for column in self.columns_])[:-1]
        split = [np.split(row, stops) for row in cells]
        return [{c["name"]: _original(c, part) for c, part in zip(self.columns_, row, strict=True)} for row in split]

    def _require_columns(self, row: Row, expected: list[str]) -> None:
        if list(row) == expected or set(row) == set(expected):
            return
        absent, extra = [c for c in expected if c not in row], [c for c in row if c not in expected]
        raise DataError(
            f"X has {len(row)} features, but {type(self).__name__} is expecting {len(expected)} features as input, "
            f"the same columns in every row; missing {absent}, unexpected {extra}"
        )


def labels(column: Column) -> list[str]:
    """Name the cells of a column: itself, or each of its categories.

    Examples
    --------
    >>> labels({"name": "sex", "categories": ["f", "m"]})
    ['sex=f', 'sex=m']
    """
    return [f"{column['name']}={category}" for category in column["categories"]] or [column["name"]]


def _column(name: str, values: list[float | str | None], max_categories: int) -> Column:
    present = [value for value in values if value is not None]
    column: Column = {"name": name, "categories": [], "mean": 0.0, "scale": 1.0}
    column["missing"] = len(values) - len(present)
    if any(isinstance(value, str) for value in present):
        counts = Counter(_category(value) for value in present)
        kept = sorted(counts, key=lambda category: (-counts[category], category))[:max_categories]
        return column | {"categories": sorted(kept)}
    if present:
        column["mean"], deviation = float(np.mean(present)), float(np.std(present))  # type: ignore[arg-type]
        # A constant column has a deviation of rounding errors; dividing by it would blow them up.
        column["scale"] = deviation if deviation > 1e-12 * abs(column["mean"]) else 1.0
    return column


def _value(column: str, value: Any) -> float | str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        raise DataError(
            f"column {column!r}: expected a real number, got {type(value).__name__}. Complex data not supported; make it two columns"
        )
    if not isinstance(value, numbers.Real | np.bool_):
        raise DataError(f"column {column!r}: expected a number, a string or nothing, got {type(value).__name__}")
    number = float(value)
    if math.isinf(number):
        raise DataError(f"column {column!r}: expected a finite number, got {number}; correct it or leave it empty")
    return None if math.isnan(number) else number


def _category(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _block(column: Column, values: list[float | str | None]) -> FloatArray:
    """Turn one column's values into its cells, shape (rows, cells)."""
    if column["categories"]:
        known = [None if value is None else _category(value) for value in values]
        return np.asarray([[category == name for category in column["categories"]] for name in known], dtype=float)
    if words := [value for value in values if isinstance(value, str)]:
        raise DataError(f"column {column['name']!r}: expected a number as in the training items, got {words[0]!r}")
    filled = np.asarray([column["mean"] if value is None else value for value in values], dtype=float)
    return np.asarray((filled - column["mean"]) / column["scale"])[:, None]


def _original(column: Column, cells: Cells) -> float | str | None:
    if not column["categories"]:
        return float(cells[0]) * float(column["scale"]) + float(column["mean"])
    return str(column["categories"][int(cells.argmax())]) if cells.max() > 0.5 else None
