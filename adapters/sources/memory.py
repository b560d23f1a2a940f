"""Items that are in memory already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from adapters import MODALITIES
from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError, ItemError
from adapters.reading import name_of
from adapters.sources.cells import require_classes, word
from adapters.sources.endings import modality_of_file, modality_of_files
from adapters.suggestions import best

FILES = ("image", "sound")  # what paths may stand for
BY_DIMENSIONS = {0: "table", 1: "table", 2: "table", 3: "image", 4: "image"}


def from_arrays(
    items: Sequence[Any] | np.ndarray | pd.DataFrame,
    labels: Sequence[Any],
    *,
    modality: str | None = None,
    groups: Sequence[Any] | None = None,
    parts: Sequence[Any] | None = None,
    name: str = "data",
) -> Dataset:
    """Make a data set of items in memory.

    Parameters
    ----------
    items : sequence
        A data frame or an array ``(n, columns)`` is a table, an array ``(n, rows,
        columns)`` or with channels are images; so are Pillow images. Paths are what their
        endings say, and so are strings that all end as names of pictures or of sounds do;
        other strings are texts, lists and mappings are rows, tuples ``(samples, rate)`` are
        sounds, and arrays of one or two dimensions each are series.
    labels : sequence, shape (n,)
        Items whose label is None or not a number are set aside.
    modality : {"image", "sound", "text", "series", "table", "board"}, optional
        Needed where the rule above is wrong, and for boards.
    groups : sequence, shape (n,), optional
        What must not be in training and test at once.
    parts : sequence, shape (n,), optional
        The official split: ``"train"`` or ``"test"``.
    name : str

    Raises
    ------
    DataError
        If the modality is unknown or cannot be guessed, lengths differ, or labels are no classes.

    Examples
    --------
    >>> from_arrays(["so good", "so bad"], ["+", "-"]).modality
    'text'
    """
    every = listed(items)
    if not every:
        raise DataError(f"{name}: expected labelled items, got none")
    kind = modality or modality_of(items)
    if kind not in MODALITIES:
        raise DataError(f"{name}: expected a modality of {', '.join(MODALITIES)}, got {kind!r}; pass modality=")
    if kind == "table":
        every = [dict(item) if isinstance(item, pd.Series) else item for item in every]
    every = with_paths(every, kind)
    settings, reasons = best(every, kind)
    said = () if modality else (f"{kind}, from the type of the items ({type(items).__name__})",)
    made = Dataset(
        name=name,
        modality=kind,
        items=every,
        labels=np.asarray([word(label) for label in labels]),
        provenance=Provenance(f"{len(every)} items given in memory", guesses=(*said, *reasons)),
        groups=None if groups is None else np.asarray([str(group) for group in groups]),
        parts=None if parts is None else np.asarray([str(part) for part in parts]),
        adapter=settings,
    )
    # A string says what it says: a class may be called "none".
    unlabelled = [i for i, label in enumerate(labels) if not isinstance(label, str) and pd.isna(label)]
    kept = np.setdiff1d(np.arange(len(made)), unlabelled)
    require_classes(name, made.labels[kept].tolist())
    bad = [ItemError(name_of(every[i], i), f"expected a class, got {labels[i]!r}") for i in unlabelled]
    return made.take(kept, bad) if bad else made


def listed(items: Sequence[Any] | np.ndarray | pd.DataFrame) -> list[Any]:
    """List items one by one; a data frame's are its rows.

    Raises
    ------
    DataError
        If they cannot be counted, or are a sparse matrix.
    """
    if isinstance(items, pd.DataFrame):
        return items.to_dict("records")
    if issparse(items) or not isinstance(items, Sized):
        raise DataError(f"expected a list of items, an array or a data frame, got {type(items).__name__}; make it one")
    return list(items if isinstance(items, Sequence | pd.Series) else np.asarray(items))


def with_paths(items: list[Any], modality: str) -> list[Any]:
    """Take strings for paths where items of a modality lie in files."""
    return [Path(item) if isinstance(item, str) else item for item in items] if modality in FILES else items


def modality_of(items: Any) -> str | None:
    """Tell the modality of items in memory, or of the files that they name; None if nothing tells it.

    Examples
    --------
    >>> modality_of([[1, 2], [3, 4]]), modality_of(["so good"]), modality_of(["a.png", "b.png"])
    ('table', 'text', 'image')
    >>> modality_of(pd.Series(["so good", "so bad"], index=[7, 8])), modality_of(np.zeros((5, 8, 8)))
    ('text', 'image')
    """
    if issparse(items) or isinstance(items, pd.DataFrame):
        return "table"
    if not isinstance(items, Sequence):  # an array, a column, a tensor
        items = np.asarray(items)
        if items.dtype.kind in "biufc":
            return BY_DIMENSIONS.get(items.ndim)
        if items.ndim != 1:
            return "table"
    return _modality_by_first(items, items[0]) if len(items) else None


def _modality_by_first(items: Sequence[Any] | np.ndarray, first: Any) -> str | None:
    if isinstance(first, Path):
        return kind if (kind := modality_of_file(first)) in FILES else None
    if isinstance(first, str):
        return _named_files(items, first) or "text"
    if isinstance(first, tuple) and len(first) == 2 and isinstance(first[0], np.ndarray):
        return "sound"
    if isinstance(first, Mapping | pd.Series | list | tuple):
        return "table"
    if isinstance(first, np.ndarray):
        return "series" if first.ndim in (1, 2) else "image"
    return "image" if type(first).__module__.startswith("PIL.") else None


def _named_files(items: Any, first: str) -> str | None:
    """Tell what strings stand for that all end as names of pictures, or of sounds, do; None if they do not."""
    if modality_of_file(first) not in FILES:  # most texts, without a look at all of them
        return None
    return modality_of_files(map(str, items))
