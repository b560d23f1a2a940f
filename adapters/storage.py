"""Fitted adapters on disk: JSON for what people read, npz for arrays, no pickle."""

from __future__ import annotations

import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from adapters.base import Adapter
from adapters.errors import DataError
from adapters.grid import GridSpec
from adapters.registry import from_settings

SCHEMA = 1
DESCRIPTION, ARRAYS = "adapter.json", "adapter.npz"
MOST_TEXT, MOST_BYTES = 2**28, 2**31  # of either file; a vocabulary, and a million word vectors, have room
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


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
        If a file is missing, damaged or too large, would unpack into more than lies in
        it, or names an adapter or parameter that does not exist.
    """
    try:
        _require_at_most(MOST_TEXT, folder / DESCRIPTION)
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if description["schema"] != SCHEMA:
            raise ValueError(f"schema {description['schema']!r} instead of {SCHEMA}")
        adapter = from_settings(description["settings"])
        adapter.grid_ = GridSpec.from_json(description["grid"])
        learned: dict[str, Any] = dict(description["learned"])
        _require_plain_arrays(folder / ARRAYS)
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            learned.update(arrays)
    except DataError:
        raise
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, zipfile.BadZipFile) as error:
        raise DataError(f"{folder}: expected a saved adapter, got {type(error).__name__}: {error}") from error
    for name, value in learned.items():
        if not name.endswith("_") or name.startswith("_") or name == "grid_":
            raise DataError(f"{folder}: expected names of learned attributes, got {name!r}")
        setattr(adapter, name, value)
    return adapter


def _require_at_most(most: int, path: Path) -> None:
    size = path.stat().st_size
    if size > most:
        raise ValueError(f"{path.name}: expected at most {most:,} bytes, got {size:,}")


def _require_plain_arrays(path: Path) -> None:
    """Refuse arrays that would take more memory than lies in the file, from their headers alone."""
    _require_at_most(MOST_BYTES, path)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > path.stat().st_size:
            raise ValueError(f"{path.name}: expected an array of at most the file's own bytes, got more")
        for member in members:
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{member.filename}: expected an array as it is, got a compressed one")
            with archive.open(member) as stream:
                version = npy.read_magic(stream)
                if version not in HEADERS:
                    raise ValueError(f"{member.filename}: expected a .npy array of version 1 or 2, got {version}")
                shape, _, dtype = HEADERS[version](stream)
            if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize > member.file_size:
                raise ValueError(f"{member.filename}: expected an array of at most {member.file_size:,} bytes")
