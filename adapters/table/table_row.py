"""Rows of a table as grids of one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from adapters.base import GridArray, Honesty
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.table.columns import Row, TableAdapter, labels


@dataclass(repr=False, eq=False)
class TableRow(TableAdapter):
    """Rows of a table: one cell a number, one cell each category.

    The axis counts columns: the cells of a categorical column share its one step.

    Parameters
    ----------
    max_categories : int
        Most cells of a categorical column; its frequent values are kept.

    See Also
    --------
    TableAdapter : What an item is, and how its columns become cells.

    Examples
    --------
    >>> adapter = TableRow().fit([{"age": 20, "sex": "f"}, {"age": 40, "sex": "m"}])
    >>> adapter.grid_.axes[0].labels
    ('age', 'sex=f', 'sex=m')
    >>> adapter.transform([{"age": 30, "sex": "m"}])[0, :, 0]
    array([0., 0., 1.], dtype=float32)
    """

    name: ClassVar[str] = "table-row"
    rank: ClassVar[int] = 1
    inverse: ClassVar[Honesty] = "exact"

    def _fit(self, values: Sequence[Row]) -> GridSpec:
        self._learn(values)
        edges, names = [0.0], []
        for position, column in enumerate(self.columns_):
            cells = labels(column)
            edges += [position + (i + 1) / len(cells) for i in range(len(cells))]
            names += cells
        return GridSpec((Axis("column", "", tuple(edges), tuple(names)),), ("value",), "standardised value")

    def _grid(self, value: Row) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[Row]) -> GridArray:
        return self._cells(values)[..., None]

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the columns: the cells of a categorical one add up."""
        self._require_fitted()
        names = tuple(self.feature_names_in_)
        return project(relevance, self.grid_.axes, (Axis.counted("column", len(names), names),))

    def inverse_transform(self, grids: GridArray) -> list[Row]:
        """Rows again, up to float32's rounding; what was missing is the mean, or None for a category."""
        self._require_fitted()
        return self._rows(np.asarray(grids)[..., 0])
