"""Fitted adapters on disk: JSON for what people read, npz for arrays, no pickle."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from adapters.base import Adapter
from adapters.errors import DataError
from adapters.grid import GridSpec
from adapters.registry import from_settings

SCHEMA = 1
DESCRIPTION, ARRAYS = "adapter.json", "adapter.npz"


def save(adapter: Adapter, folder: Path) -> None:
    """Write a fitted adapter to ``adapter.json`` and ``adapter.npz``.

    Parameters
    ----------
    adapter : Adapter
        Fitted. What it learned are its attributes that end in ``_``: arrays, or data
        that JSON can hold.
    folder : path
        Made if it does not exist.

    Raises
    ------
    DataError
        If the adapter is not fitted.

    Examples
    --------
    >>> import tempfile
    >>> from adapters.text.words import Words
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Words().fit(["a b"]), Path(folder))
    ...     load(Path(folder)).transform(["b a"]).tolist()
    [[3, 2]]
    """
    adapter._require_fitted()
    learned = {name: value for name, value in vars(adapter).items() if name.endswith("_") and name != "grid_"}
    arrays = {name: value for name, value in learned.items() if isinstance(value, np.ndarray)}
    plain = {name: value for name, value in learned.items() if name not in arrays}
    description = {
        "schema": SCHEMA,
        "settings": adapter.settings(),
        "grid": adapter.grid_.to_json(),
        "learned": plain,
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(description, ensure_ascii=False, allow_nan=False, indent=1)
    (folder / DESCRIPTION).write_text(text, encoding="utf-8")
    np.savez(folder / ARRAYS, allow_pickle=False, **arrays)


def load(folder: Path) -> Adapter:
    """Read an adapter that `save` has written. Runs no code from the files.

    Raises
    ------
    DataError
        If a file is missing or damaged, or names an adapter or parameter that does
        not exist.
    """
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if description["schema"] != SCHEMA:
            raise ValueError(f"schema {description['schema']!r} instead of {SCHEMA}")
        adapter = from_settings(description["settings"])
        adapter.grid_ = GridSpec.from_json(description["grid"])
        learned: dict[str, Any] = dict(description["learned"])
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            learned.update(arrays)
    except DataError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise DataError(f"{folder}: expected a saved adapter, got {type(error).__name__}: {error}") from error
    for name, value in learned.items():
        if not name.endswith("_") or name.startswith("_"):
            raise DataError(f"{folder}: expected names of learned attributes, got {name!r}")
        setattr(adapter, name, value)
    return adapter
