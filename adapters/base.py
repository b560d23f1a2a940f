"""The contract of an adapter: raw items in, grids with named axes out, and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from adapters.errors import DataError, ItemError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec
from adapters.parameters import check_parameters

GridArray = NDArray[Any]
Honesty = Literal["exact", "approximate", "none"]


class UnfittedError(DataError, NotFittedError):
    """An adapter was asked for grids before it has learned what they are."""


@dataclass(frozen=True)
class Reading:
    """Items read once: what could be decoded, and what could not, with its reason.

    Parameters
    ----------
    values : list
        The decoded items, for `Adapter.fit_read` and `Adapter.grids`.
    kept : ndarray of int
        For each decoded item, its position among the items that were given.
    errors : list of ItemError
        One for each item that was left out.
    """

    values: list[Any]
    kept: NDArray[np.int64]
    errors: list[ItemError]


def name_of(item: Any, position: int) -> str:
    """Name an item as a person would: its path, or its place in the list."""
    return str(item) if isinstance(item, Path) else f"items[{position}]"


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
    inverse : {"exact", "approximate", "none"}
        What `inverse_transform` gives back.
    augmentations : tuple of str
        Transformations of the grid that leave the label alone, such as
        ``"shift:time"``.
    """

    name: ClassVar[str]
    modality: ClassVar[str]
    inverse: ClassVar[Honesty] = "none"
    augmentations: ClassVar[tuple[str, ...]] = ()
    grid_: GridSpec

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
        values, kept, errors = [], [], []
        for position, item in enumerate(items):
            try:
                values.append(self._read(item))
            except DataError as error:
                reason = error.reason if isinstance(error, ItemError) else str(error)
                errors.append(ItemError(name_of(item, position), reason))
            else:
                kept.append(position)
        return Reading(values, np.asarray(kept, dtype=np.int64), errors)

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
        if len(values) == 0:
            return np.empty((0, *self.grid_.shape), dtype=self.grid_.dtype)
        return np.ascontiguousarray(self._grids(values), dtype=self.grid_.dtype)

    def settings(self) -> dict[str, Any]:
        """Name and parameters as plain data: what makes this adapter again."""
        return {"name": self.name, **{f.name: getattr(self, f.name) for f in fields(self)}}

    def _validate(self) -> None:
        """Check the parameters against their annotations; a member adds what concerns several at once."""
        check_parameters(self)

    def _all_or_raise(self, items: Sequence[Any]) -> list[Any]:
        reading = self.read(items)
        if reading.errors:
            raise reading.errors[0]
        return reading.values

    def _require_fitted(self) -> None:
        if not hasattr(self, "grid_"):
            raise UnfittedError(f"{type(self).__name__}: expected a fitted adapter; call fit(items) first")
