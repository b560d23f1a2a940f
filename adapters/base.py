"""The contract of an adapter: raw items in, grids with named axes out, and back."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from adapters import figure as figures
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec
from adapters.parameters import check_parameters
from adapters.reading import Decoder, Reading, Values, read_all

GridArray = NDArray[Any]
Honesty = Literal["exact", "approximate", "none"]
ROWS = ("series", "table")  # modalities whose items can be rows of one array
MOST_ITEMS, MOST_CELLS = 4096, 2**24  # of the grids that are computed at once


class UnfittedError(DataError, NotFittedError):
    """An adapter was asked for grids before it has learned what they are."""


class Adapter(TransformerMixin, BaseEstimator, ABC):
    """Turn items of one modality into grids; a scikit-learn transformer.

    A member is a ``@dataclass(repr=False, eq=False)`` whose fields are its
    parameters. It writes `_read` (decode one item; stateless), `_fit` (learn the
    axes from decoded training items), `_grid` (one decoded item to its grid) and
    `backproject`. The base class validates, names faulty items and stacks.

    Attributes
    ----------
    grid_ : GridSpec
        After `fit`: axes, channels, quantity and unit.
    name, modality : str
        Its name in the registry; one of the modalities of `adapters.MODALITIES`.
    rank : int
        How many axes its grids have.
    inverse : {"exact", "approximate", "none"}
        What `inverse_transform` gives back.
    augmentations : tuple of str
        Transformations of the grid that leave the label alone, such as
        ``"shift:time"``.
    threaded : bool
        Whether `read` decodes on all cores at once, where an item takes long enough. It pays where `_read` spends its time
        in code that releases Python's lock (Pillow, libsndfile); `_read` must then not
        touch what threads share.
    """

    name: ClassVar[str]
    modality: ClassVar[str]
    rank: ClassVar[int] = 2
    inverse: ClassVar[Honesty] = "none"
    augmentations: ClassVar[tuple[str, ...]] = ()
    threaded: ClassVar[bool] = False
    grid_: GridSpec

    def __sklearn_tags__(self) -> Any:
        """Say that grids are float32, and that items are no rows of an array; of numbers and tables they are."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = self.modality in ROWS
        tags.input_tags.string = self.modality == "text"
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    @abstractmethod
    def _read(self, item: Any) -> Any:
        """Decode one item without learning from it; raise `DataError` with the reason if it is bad."""

    @abstractmethod
    def _fit(self, values: Sequence[Any]) -> GridSpec:
        """Learn what the grid is from decoded training items."""

    @abstractmethod
    def _grid(self, value: Any) -> GridArray:
        """Turn one decoded item into a grid of shape ``grid_.shape``."""

    def _grids(self, values: Sequence[Any]) -> GridArray:
        """Turn many decoded items into grids; a member overrides it where a batch is faster."""
        return np.stack([self._grid(value) for value in values])

    @abstractmethod
    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance on the grid to the item's own coordinates.

        Parameters
        ----------
        relevance : ndarray, shape ``grid_.spatial``
            Relevance of each cell.
        item : object
            The raw item that the grid came from.

        Returns
        -------
        Attribution
            Its total equals ``relevance.sum()``.
        """

    @abstractmethod
    def _preview(self, value: Any) -> dict[str, Any]:
        """Show a decoded item as a person knows it; see `preview`."""

    def preview(self, item: Any) -> dict[str, Any]:
        """Give the item as a person knows it, as plain data for a report.

        Returns
        -------
        dict
            ``kind`` and what that kind needs: ``image`` (``pixels``: rows × columns ×
            1 or 3, whole numbers 0–255), ``sound`` (``samples`` −1..1, ``rate`` in Hz),
            ``text`` (``text``), ``series`` (``values``: time × channels), ``table``
            (``row``: column to value), ``board`` (``rows`` of squares, strings).
        """
        return self._preview(self._read(item))

    def figure(self, item: Any) -> figures.Figure:
        """Draw one item's grid, with the names and units of its axes.

        Returns
        -------
        plotly.graph_objects.Figure

        Raises
        ------
        ItemError
            If the item is bad.
        """
        return figures.draw(self.transform([item])[0], self.grid_, self.axes_for(item))

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Axes of this item's grid, where they differ from ``grid_.axes`` (tokens, original pixels)."""
        self._require_fitted()
        return self.grid_.axes

    def inverse_transform(self, grids: GridArray) -> list[Any]:
        """Turn grids back into decoded items, as far as the tag ``inverse`` says.

        Raises
        ------
        DataError
            If this adapter has no inverse.
        """
        raise DataError(f"{type(self).__name__}: expected an adapter with an inverse, but its inverse is 'none'")

    def read(self, items: Sequence[Any]) -> Reading:
        """Decode every item; bad ones are set aside and named, never dropped silently."""
        self._validate()
        return read_all(self.listed(items), self.decoder)

    @property
    def decoder(self) -> Decoder:
        """What decodes this adapter's items."""
        return Decoder(self._read, self.threaded)

    def listed(self, items: Sequence[Any]) -> list[Any]:
        """List items one by one; a member overrides it for collections that iterate over something else.

        Raises
        ------
        DataError
            If they are no collection of items, but a single one, a sparse matrix or an array of numbers.
        """
        if issparse(items):
            raise DataError("expected items, got a sparse matrix; sparse input is not supported, pass items.toarray()")
        if isinstance(items, str | bytes | Path | Mapping):
            raise DataError(f"expected a list of items, got one {type(items).__name__}; write [item]")
        listed = items if isinstance(items, Iterable) else np.asarray(items)
        if isinstance(listed, np.ndarray) and listed.ndim == 1 and listed.dtype.kind in "biufc":
            raise DataError(
                f"expected items, got an array of shape {listed.shape}. Reshape your data: one item is items[None]"
            )
        return list(listed)

    def fit(self, items: Sequence[Any], y: Any = None) -> Self:
        """Learn the grid from training items.

        Parameters
        ----------
        items : sequence
            Raw items.
        y : object
            Ignored; there for scikit-learn.

        Raises
        ------
        ItemError
            At the first bad item.
        DataError
            If there is no item at all.
        """
        return self.fit_read(self._all_or_raise(items))

    def fit_read(self, values: Sequence[Any]) -> Self:
        """Learn the grid from items that `read` has decoded."""
        self._validate()
        if len(values) == 0:
            raise DataError(f"{type(self).__name__}: expected at least 1 readable item, got none")
        self.grid_ = self._fit(values)
        return self

    def transform(self, items: Sequence[Any]) -> GridArray:
        """Turn items into grids.

        Returns
        -------
        ndarray, shape ``(n, *grid_.shape)``
            float32, or int32 for ids.

        Raises
        ------
        ItemError
            At the first bad item; `read` sets them aside instead.
        """
        return self.grids(self._all_or_raise(items))

    def grids(self, values: Sequence[Any]) -> GridArray:
        """Turn items that `read` has decoded into grids, as `transform` does."""
        self._require_fitted()
        if 0 < len(values) <= self._items_at_once():
            return next(self.grid_chunks(values))
        grids = np.empty((len(values), *self.grid_.shape), dtype=self.grid_.dtype)
        start = 0
        for chunk in self.grid_chunks(values):
            grids[start : start + len(chunk)] = chunk
            start += len(chunk)
        return grids

    def grid_chunks(self, values: Sequence[Any]) -> Iterator[GridArray]:
        """Give what `grids` gives in parts that a computer's memory can hold, in order."""
        self._require_fitted()
        step = self._items_at_once()
        for start in range(0, len(values), step):
            yield np.ascontiguousarray(self._grids(values[start : start + step]), dtype=self.grid_.dtype)

    def _items_at_once(self) -> int:
        return max(1, min(MOST_ITEMS, MOST_CELLS // max(1, math.prod(self.grid_.shape))))

    def settings(self) -> dict[str, Any]:
        """Name and parameters as plain data: what makes this adapter again."""
        return {"name": self.name, **{f.name: getattr(self, f.name) for f in fields(self)}}

    def __repr__(self) -> str:
        parameters = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))
        grid = self.grid_.describe() if hasattr(self, "grid_") else "not fitted"
        return f"{type(self).__name__}({parameters})\n  {grid}"

    def _validate(self) -> None:
        """Check the parameters against their annotations; a member adds what concerns several at once."""
        check_parameters(self)

    def _all_or_raise(self, items: Sequence[Any]) -> Values:
        reading = self.read(items)
        if reading.errors:
            raise reading.errors[0]
        return reading.values

    def _require_fitted(self) -> None:
        if not hasattr(self, "grid_"):
            raise UnfittedError(f"{type(self).__name__}: expected a fitted adapter; call fit(items) first")
