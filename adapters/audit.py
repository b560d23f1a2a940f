"""What a data set consists of, as a hash; and what in it may mislead: duplicates, clashes, rare classes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset
from adapters.flat import flatness
from adapters.reading import name_of

EXAMPLES = 5  # of each finding
SHOWN = 60  # characters of an item


@dataclass(frozen=True)
class Finding:
    """One thing that may mislead, with its count and examples in words."""

    what: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """What `audit` found.

    Parameters
    ----------
    fingerprint : str
        See `fingerprint`.
    duplicates : Finding
        Items that equal an earlier one.
    crossing : Finding
        Items of the official test part that equal a training item.
    clashes : Finding
        Different contents that occur with more than one label.
    rare : Finding
        Classes with fewer items than folds.
    flat : Finding
        Items that are empty, or the same everywhere.
    """

    fingerprint: str
    duplicates: Finding
    crossing: Finding
    clashes: Finding
    rare: Finding
    flat: Finding

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that found something."""
        found = (self.duplicates, self.crossing, self.clashes, self.rare, self.flat)
        return tuple(finding for finding in found if finding.count)


def audit(dataset: Dataset, folds: int = 5) -> Audit:
    """Look through a data set for what makes a score mean less than it seems to.

    Every item is read and hashed once. Items are equal if their content is, byte by
    byte; files count by their bytes.

    Parameters
    ----------
    dataset : Dataset
    folds : int
        A class needs an item for each.

    Examples
    --------
    >>> from adapters.sources.memory import from_arrays
    >>> found = audit(from_arrays(["a", "b", "a", " "], ["x", "y", "y", "y"]), folds=2)
    >>> [(finding.what, finding.count) for finding in found.findings][:2]
    [('items that equal an earlier one', 1), ('contents with more than one label', 1)]
    """
    digests, flat = _read(dataset)
    places = defaultdict(list)
    for position, key in enumerate(digests):
        places[key].append(position)
    twins = [same for same in places.values() if len(same) > 1]
    return Audit(
        _fingerprint(dataset, digests),
        Finding("items that equal an earlier one", len(digests) - len(places), _examples(dataset, twins)),
        _crossing(dataset, twins),
        _clashes(dataset, twins),
        _rare(dataset, folds),
        Finding("empty or constant items", len(flat), tuple(flat[:EXAMPLES])),
    )


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
    return _fingerprint(dataset, [digest(item) for item in dataset.items])


def digest(item: Any) -> bytes:
    """Hash one item by its content.

    Parameters
    ----------
    item : path, bytes, array, mapping, sequence, Pillow image, or a plain value
        Of a file that cannot be read the name counts; of dates and the like, the text.

    Returns
    -------
    bytes
        32 bytes; items of different types differ.
    """
    return _hashed(*_content(item))


def _read(dataset: Dataset) -> tuple[list[bytes], list[str]]:
    """Digests of all items, and the names of those in which nothing varies."""
    digests, flat = [], []
    for position, item in enumerate(dataset.items):
        kind, content = _content(item)
        digests.append(_hashed(kind, content))
        reason = "" if kind == "unreadable file" else flatness(item, dataset.modality, content)
        if reason:
            flat.append(f"{_shown(item, position)}: {reason}")
    return digests, flat


def _fingerprint(dataset: Dataset, digests: Sequence[bytes]) -> str:
    total = hashlib.sha256(dataset.modality.encode())
    for one in digests:
        total.update(one)
    for names in (dataset.labels, dataset.groups, dataset.parts):
        total.update(digest(None if names is None else [str(name) for name in names]))
    return total.hexdigest()[:32]


def _examples(dataset: Dataset, twins: Sequence[Sequence[int]]) -> tuple[str, ...]:
    most = sorted(twins, key=len, reverse=True)[:EXAMPLES]
    return tuple(f"{_shown(dataset.items[same[0]], same[0])}: {len(same)} times" for same in most)


def _crossing(dataset: Dataset, twins: Sequence[Sequence[int]]) -> Finding:
    found = []
    if dataset.parts is not None:
        for same in twins:
            parts = dataset.parts[same].tolist()
            if "train" in parts:
                found += [position for position, part in zip(same, parts, strict=True) if part == "test"]
    names = tuple(_shown(dataset.items[position], position) for position in found[:EXAMPLES])
    return Finding("test items that equal a training item", len(found), names)


def _clashes(dataset: Dataset, twins: Sequence[Sequence[int]]) -> Finding:
    found = [(same[0], labels) for same in twins if len(labels := Counter(dataset.labels[same].tolist())) > 1]
    words = (
        f"{_shown(dataset.items[first], first)}: {', '.join(f'{name} × {count}' for name, count in labels.items())}"
        for first, labels in found[:EXAMPLES]
    )
    return Finding("contents with more than one label", len(found), tuple(words))


def _rare(dataset: Dataset, folds: int) -> Finding:
    rare = {name: count for name, count in dataset.counts.items() if count < folds}
    words = tuple(f"{name}: {count}" for name, count in list(rare.items())[:EXAMPLES])
    return Finding(f"classes with fewer than {folds} items, one a fold", len(rare), words)


def _shown(item: Any, position: int) -> str:
    """Name an item by its end of a path, its text, or its place."""
    if isinstance(item, Path):
        return "/".join(item.parts[-2:])
    if isinstance(item, str) and item.strip():
        return repr(item if len(item) <= SHOWN else f"{item[:SHOWN]}…")
    return name_of(item, position)


def _hashed(kind: str, content: bytes) -> bytes:
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
        return "mapping", json.dumps(list(item.items()), default=_plain).encode()
    if isinstance(item, list | tuple):
        return "sequence", b"".join(digest(part) for part in item)
    if type(item).__module__.startswith("PIL."):
        return f"picture {item.mode} {item.size}", item.tobytes()
    return "value", json.dumps(item, default=str).encode()


def _plain(value: Any) -> Any:
    """Give JSON what it does not know, in a row of a table: numpy's numbers, or a hash."""
    return value.item() if isinstance(value, np.generic) else digest(value).hex()
