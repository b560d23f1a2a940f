"""Arrays with their labels in ``.npz`` files."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.memory import from_arrays

WHOLE = (("X", "y"), ("x", "y"), ("items", "labels"))
SPLIT = (("x_train", "y_train", "x_test", "y_test"), ("X_train", "y_train", "X_test", "y_test"))
MOST_BYTES = 2**34  # of all arrays, unpacked


def load_npz(path: Path, modality: str | None = None) -> Dataset:
    """Load arrays ``X`` and ``y``, or ``items`` and ``labels``; or ``x_train``, ``y_train``, ``x_test``, ``y_test``.

    Arrays ``groups`` and ``parts`` (``"train"`` or ``"test"``) beside ``X`` and ``y`` are
    what their names say. Objects are refused: they would have to be unpickled, which runs
    code from the file.

    Parameters
    ----------
    path : path
    modality : {"image", "sound", "text", "series", "table"}, optional
        By default what the shape of the items says; see `adapters.sources.memory.from_arrays`.

    Raises
    ------
    DataError
        If the file is damaged, has no such arrays, or is larger than 16 GiB.
    """
    arrays = _arrays(path)
    for train, train_labels, test, test_labels in SPLIT:
        if {train, train_labels, test, test_labels} <= set(arrays):
            arrays["items"] = np.concatenate([arrays[train], arrays[test]])
            arrays["labels"] = np.concatenate([arrays[train_labels].ravel(), arrays[test_labels].ravel()])
            arrays["parts"] = np.repeat(["train", "test"], [len(arrays[train]), len(arrays[test])])
    for names in WHOLE:
        if set(names) <= set(arrays):
            items, labels = (arrays[name] for name in names)
            groups, parts = arrays.get("groups"), arrays.get("parts")
            made = from_arrays(
                _listed(items), labels.ravel(), modality=modality, groups=groups, parts=parts, name=path.stem
            )
            return _named(path, made)
    expected = ", or ".join(" and ".join(names) for names in (*WHOLE, *SPLIT))
    raise DataError(f"{path}: expected arrays {expected}, got {', '.join(arrays)}; save them under these names")


def _listed(items: Any) -> Any:
    return items.tolist() if items.dtype.kind == "U" else items


def _named(path: Path, dataset: Dataset) -> Dataset:
    provenance = replace(dataset.provenance, title=f"{len(dataset)} items of {path.name}")
    return replace(dataset, provenance=provenance)


def _arrays(path: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > MOST_BYTES:
            raise DataError(f"{path}: expected at most {MOST_BYTES // 2**30} GiB of arrays, got {size / 2**30:.0f}")
        with np.load(path, allow_pickle=False) as arrays:
            found = dict(arrays)
    except DataError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: expected arrays saved by numpy.savez, without objects, got {error}") from error
    for name, values in found.items():
        if not isinstance(values, np.ndarray) or values.ndim == 0:
            raise DataError(f"{path}: expected arrays of at least one dimension, got {name!r}; leave it out")
    return found
