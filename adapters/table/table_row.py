"""Rows of a table as grids."""

from __future__ import annotations

import math
import numbers
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count

Row = dict[str, float | str | None]


@dataclass(repr=False, eq=False)
class TableRow(Adapter):
    """Rows of a table: one cell a number, one cell each category.

    Items are mappings from column to value, rows of a data frame, or sequences of
    equal length (their columns are called ``x0``, ``x1``, …). A column is numeric if
    all its training values are numbers. Numbers get the training items' mean 0 and
    standard deviation 1, as scikit-learn's ``StandardScaler`` does; a missing one
    (None or NaN) takes the mean. A category that is missing, or that training items
    do not have, is zero in all its cells.

    The axis counts columns: the cells of a categorical column share its one step.

    Parameters
    ----------
    max_categories : int
        Most cells of a categorical column; its frequent values are kept.

    Attributes
    ----------
    columns_ : list of dict
        Each column's ``name``, ``categories`` (empty if numeric), ``mean``, ``scale``,
        and how many training items were ``missing``.

    Examples
    --------
    >>> adapter = TableRow().fit([{"age": 20, "sex": "f"}, {"age": 40, "sex": "m"}])
    >>> adapter.grid_.axes[0].labels
    ('age', 'sex=f', 'sex=m')
    >>> adapter.transform([{"age": 30, "sex": "m"}])[0, :, 0]
    array([0., 0., 1.], dtype=float32)
    """

    max_categories: Count = 20

    name: ClassVar[str] = "table-row"
    modality: ClassVar[str] = "table"
    inverse: ClassVar[Honesty] = "exact"

    def listed(self, items: Sequence[Any]) -> list[Any]:
        """List rows; a data frame is taken row by row, not column by column."""
        return super().listed(items.to_dict("records") if isinstance(items, pd.DataFrame) else items)

    def _read(self, item: Any) -> Row:
        if isinstance(item, Mapping | pd.Series):
            return {str(column): _value(str(column), value) for column, value in item.items()}
        if isinstance(item, str | bytes) or not isinstance(item, Sequence | np.ndarray):
            raise DataError(f"expected a mapping or a sequence of values, got {type(item).__name__}")
        return {f"x{i}": _value(f"x{i}", value) for i, value in enumerate(item)}

    def _fit(self, values: Sequence[Row]) -> GridSpec:
        for value in values:
            _require_columns(value, list(values[0]))
        self.columns_ = [self._column(name, [value[name] for value in values]) for name in values[0]]
        edges, labels = [0.0], []
        for position, column in enumerate(self.columns_):
            cells = _labels(column)
            edges += [position + (i + 1) / len(cells) for i in range(len(cells))]
            labels += cells
        return GridSpec((Axis("column", "", tuple(edges), tuple(labels)),), ("value",), "standardised value")

    def _grid(self, value: Row) -> GridArray:
        _require_columns(value, [column["name"] for column in self.columns_])
        cells = [cell for column in self.columns_ for cell in _cells(column, value[column["name"]])]
        return np.asarray(cells, dtype=np.float32)[:, None]

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the columns: the cells of a categorical one add up."""
        self._require_fitted()
        names = tuple(column["name"] for column in self.columns_)
        return project(relevance, self.grid_.axes, (Axis.counted("column", len(names), names),))

    def inverse_transform(self, grids: GridArray) -> list[Row]:
        """Rows again, up to float32's rounding; what was missing is the mean, or None for a category."""
        self._require_fitted()
        stops = np.cumsum([len(_labels(column)) for column in self.columns_])[:-1]
        split = [np.split(np.asarray(grid)[:, 0], stops) for grid in grids]
        return [{c["name"]: _original(c, cells) for c, cells in zip(self.columns_, row, strict=True)} for row in split]

    def _preview(self, value: Row) -> dict[str, Any]:
        # Pairs, since JSON's objects may come back in another order than the table's.
        return {"kind": "table", "row": [[name, cell] for name, cell in value.items()]}

    def _column(self, name: str, values: list[float | str | None]) -> dict[str, Any]:
        present = [value for value in values if value is not None]
        column: dict[str, Any] = {"name": name, "categories": [], "mean": 0.0, "scale": 1.0}
        column["missing"] = len(values) - len(present)
        if any(isinstance(value, str) for value in present):
            counts = Counter(_category(value) for value in present)
            kept = sorted(counts, key=lambda category: (-counts[category], category))[: self.max_categories]
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
    if not isinstance(value, numbers.Real | np.bool_):
        raise DataError(f"column {column!r}: expected a number, a string or nothing, got {type(value).__name__}")
    number = float(value)
    if math.isinf(number):
        raise DataError(f"column {column!r}: expected a finite number, got {number}; correct it or leave it empty")
    return None if math.isnan(number) else number


def _require_columns(row: Row, expected: list[str]) -> None:
    if list(row) == expected or set(row) == set(expected):
        return
    absent, extra = [c for c in expected if c not in row], [c for c in row if c not in expected]
    raise DataError(f"table-row: expected {len(expected)} columns in every row; missing {absent}, unexpected {extra}")


def _category(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _labels(column: dict[str, Any]) -> list[str]:
    return [f"{column['name']}={category}" for category in column["categories"]] or [column["name"]]


def _cells(column: dict[str, Any], value: float | str | None) -> list[float]:
    if column["categories"]:
        known = None if value is None else _category(value)
        return [float(category == known) for category in column["categories"]]
    if isinstance(value, str):
        raise DataError(f"column {column['name']!r}: expected a number as in the training items, got {value!r}")
    return [0.0 if value is None else (value - column["mean"]) / column["scale"]]


def _original(column: dict[str, Any], cells: FloatArray) -> float | str | None:
    if not column["categories"]:
        return float(cells[0]) * float(column["scale"]) + float(column["mean"])
    return str(column["categories"][int(cells.argmax())]) if cells.max() > 0.5 else None
