"""Rows of a table as grids of two axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from adapters.base import GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec
from adapters.parameters import Count, Range
from adapters.table.columns import Cells, Row, TableAdapter, labels
from adapters.table.placement import PLACEMENTS

ROOM = {"deepinsight": 4}  # positions a cell, where cells may meet; otherwise 1


@dataclass(repr=False, eq=False)
class TableGrid(TableAdapter):
    """Rows of a table as pictures: each number and each category has a place on a grid.

    The places are learned from the training items and are the same for every row. Cells
    that share a place are averaged; places that no cell has are zero.

    Parameters
    ----------
    max_categories : int
        Most cells of a categorical column; its frequent values are kept.
    placement : {"given", "random", "correlation", "igtd", "deepinsight"}
        In the columns' order; on places drawn by ``seed``; correlated ones side by side,
        in a snake; by IGTD; by DeepInsight, the only one in which cells share places.
    height, width : int, optional
        Of the grid. What is not given is chosen so that all cells have a place and the
        grid is about square; DeepInsight gets four places a cell.
    seed : int
        Of the random places; the others draw nothing.

    Attributes
    ----------
    places_ : ndarray of int, shape (cells,)
        For each cell, in the order of `cell_names`, its place ``row * width + column``.

    See Also
    --------
    TableAdapter : What an item is, and how its columns become cells.

    Examples
    --------
    >>> adapter = TableGrid(placement="given", height=2).fit([{"age": 20, "sex": "f"}, {"age": 40, "sex": "m"}])
    >>> adapter.cell_names()
    ('age', 'sex=f', 'sex=m')
    >>> adapter.transform([{"age": 40, "sex": "m"}])[0, :, :, 0]
    array([[1., 0.],
           [1., 0.]], dtype=float32)

    References
    ----------
    Zhu et al. (2021), Scientific Reports 11, 11325. Sharma et al. (2019), Scientific
    Reports 9, 11399.
    """

    placement: Literal["given", "random", "correlation", "igtd", "deepinsight"] = "correlation"
    height: Count | None = None
    width: Count | None = None
    seed: Annotated[int, Range(0)] = 0

    name: ClassVar[str] = "table-grid"

    @property
    def inverse(self) -> Honesty:  # type: ignore[override]
        """Tell what `inverse_transform` gives back: cells that share a place are averaged for good."""
        return "approximate" if self.placement == "deepinsight" else "exact"

    def cell_names(self) -> tuple[str, ...]:
        """Names of the cells: the column, or column and category."""
        return tuple(name for column in self.columns_ for name in labels(column))

    def _fit(self, values: Sequence[Row]) -> GridSpec:
        self._learn(values)
        cells = self._cells(values).astype(float)
        height, width = self._size(cells.shape[1])
        self.places_ = PLACEMENTS[self.placement](cells, height, width, self.seed)
        axes = Axis.counted("grid row", height, unit="cell"), Axis.counted("grid column", width, unit="cell")
        return GridSpec(axes, ("value",), "standardised value")

    def _size(self, count: int) -> tuple[int, int]:
        room = count * ROOM.get(self.placement, 1)
        width = self.width or math.ceil(room / self.height if self.height else math.sqrt(room))
        height = self.height or math.ceil(room / width)
        if height * width < count and self.placement not in ROOM:
            raise DataError(
                f"table-grid: expected a place for each of {count} cells, got {height} × {width}; "
                "leave out height or width, or raise them"
            )
        return height, width

    def _grid(self, value: Row) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[Row]) -> GridArray:
        places = np.zeros((math.prod(self.grid_.spatial), len(values)), dtype=np.float32)
        np.add.at(places, self.places_, self._cells(values).T)
        places /= np.maximum(self._sharers(), 1)[:, None]
        return places.T.reshape(len(values), *self.grid_.shape)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the columns: cells that share a place share its relevance.

        What fell on a place without a cell goes to the nearest place that has one.
        """
        self._require_fitted()
        if relevance.shape != self.grid_.spatial:
            raise ValueError(f"expected relevance of shape {self.grid_.spatial}, got {relevance.shape}")
        sharers = self._sharers()
        empty = (sharers == 0).reshape(self.grid_.spatial)
        rows, columns = distance_transform_edt(empty, return_distances=False, return_indices=True)
        home = np.ravel_multi_index((rows, columns), self.grid_.spatial).ravel()
        moved = np.bincount(home, weights=np.asarray(relevance, dtype=float).ravel(), minlength=len(sharers))
        owners = np.repeat(np.arange(self.n_features_in_), [len(labels(column)) for column in self.columns_])
        shares = (moved / np.maximum(sharers, 1))[self.places_]
        amounts = np.bincount(owners, weights=shares).astype(float)
        return Attribution((Axis.counted("column", len(amounts), tuple(self.feature_names_in_)),), amounts)

    def inverse_transform(self, grids: GridArray) -> list[Row]:
        """Rows again, up to float32's rounding; what was missing is the mean, or None for a category."""
        self._require_fitted()
        flat: Cells = np.asarray(grids).reshape(len(grids), -1)
        return self._rows(flat[:, self.places_])

    def _sharers(self) -> NDArray[np.int64]:
        """Count the cells of each place."""
        return np.bincount(self.places_, minlength=math.prod(self.grid_.spatial))
