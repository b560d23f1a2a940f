"""What a data set consists of, as a hash; and how much of it is there twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset


def fingerprint(dataset: Dataset) -> str:
    """Hash what decides a result: items, labels, groups and official split, in order.

    Files count by their content, so a folder that moved has the same fingerprint.

    Returns
    -------
    str
        32 hexadecimal digits.

    Examples
    --------
    >>> from adapters.sources.memory import from_arrays
    >>> len(fingerprint(from_arrays(["a", "b"], ["x", "y"])))
    32
    """
    total = hashlib.sha256(dataset.modality.encode())
    for item in dataset.items:
        total.update(digest(item))
    for names in (dataset.labels, dataset.groups, dataset.parts):
        total.update(digest(None if names is None else [str(name) for name in names]))
    return total.hexdigest()[:32]


def duplicates(dataset: Dataset) -> int:
    """Count the items whose content equals an earlier item's, whatever their labels."""
    return len(dataset.items) - len({digest(item) for item in dataset.items})


def digest(item: Any) -> bytes:
    """Hash one item by its content.

    Parameters
    ----------
    item : path, bytes, array, mapping, sequence, Pillow image, or what JSON can hold
        Of a file that cannot be read the name counts.

    Returns
    -------
    bytes
        32 bytes; items of different types differ.
    """
    kind, content = _content(item)
    return hashlib.sha256(kind.encode() + b"\0" + content).digest()


def _content(item: Any) -> tuple[str, bytes]:
    if isinstance(item, Path):
        try:
            return "file", item.read_bytes()
        except OSError:
            return "unreadable file", item.name.encode()
    if isinstance(item, bytes):
        return "bytes", item
    if isinstance(item, np.ndarray):
        return f"array {item.dtype.str} {item.shape}", np.ascontiguousarray(item).tobytes()
    if isinstance(item, np.generic):
        return _content(item.item())
    if isinstance(item, Mapping):
        return "mapping", b"".join(digest(key) + digest(value) for key, value in item.items())
    if isinstance(item, list | tuple):
        return "sequence", b"".join(digest(part) for part in item)
    if type(item).__module__.startswith("PIL."):
        return f"picture {item.mode} {item.size}", item.tobytes()
    return "value", json.dumps(item).encode()
