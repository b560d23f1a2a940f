"""Time series with their classes, in the archives' own formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError, ItemError

PAIRED = re.compile(r"(?P<name>.+)_(?P<part>TRAIN|TEST)", re.IGNORECASE)
PARTS = ("train", "test")
Series = NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """One series of a file, still as text: its channels and its label."""

    number: int
    channels: tuple[str, ...]
    label: str


def load_ts(path: Path) -> Dataset:
    """Load a ``.ts`` file, or the pair ``NAME_TRAIN.ts`` and ``NAME_TEST.ts`` that it belongs to.

    Parameters
    ----------
    path : path
        One file, or a folder that holds one pair. A pair is the official split.

    Raises
    ------
    DataError
        If a file is no such file, has time stamps or no classes, or nothing in it can be
        read.
    """
    files = _files(path)
    guesses = (
        (f"{' and '.join(file.name for file in files.values())} are the official split",) if "" not in files else ()
    )
    name = PAIRED.sub(r"\g<name>", next(iter(files.values())).stem)
    return load_series(files, name, Provenance(f"Time series of {name}", guesses=guesses))


def load_series(files: Mapping[str, Path], name: str, provenance: Provenance) -> Dataset:
    """Load files of series, one a part; those that cannot be read are set aside.

    A missing value is ``?`` or ``NaN``. At the end of a series it is padding, and cut off;
    before that it is a gap, and the series is set aside. Series may differ in length; the
    channels of one series may not.
    """
    items: list[Series] = []
    labels: list[str] = []
    parts: list[str] = []
    bad: list[ItemError] = []
    for part, path in files.items():
        for line in READERS[path.suffix.lower()](path):
            try:
                items.append(_series(line, items[0].shape[1:] if items else None))
            except DataError as error:
                bad.append(ItemError(f"{path.name} line {line.number}", str(error)))
            else:
                labels.append(line.label)
                parts.append(part)
    return Dataset(
        name,
        "series",
        items,
        np.asarray(labels, dtype=str),
        provenance,
        parts=None if "" in files else np.asarray(parts, dtype=str),
        bad=tuple(bad),
    )


def _files(path: Path) -> dict[str, Path]:
    stems = sorted(path.glob("*_TRAIN.ts")) if path.is_dir() else [path]
    if len(stems) != 1:
        raise DataError(f"{path}: expected one pair NAME_TRAIN.ts and NAME_TEST.ts, got {len(stems)}; name one file")
    match = PAIRED.fullmatch(stems[0].stem)
    if match is None:
        return {"": stems[0]}
    pair = {part: stems[0].with_name(f"{match['name']}_{part.upper()}.ts") for part in PARTS}
    if all(file.is_file() for file in pair.values()):
        return pair
    return {"": stems[0]}


def _series(line: Line, shape: tuple[int, ...] | None) -> Series:
    channels = [_values(channel) for channel in line.channels]
    length = max(int(np.flatnonzero(~np.isnan(channel))[-1]) + 1 if (~np.isnan(channel)).any() else 0
                 for channel in channels)  # fmt: skip
    if length == 0:
        raise DataError("expected at least one value, got an empty series; leave it out")
    if len({len(channel) for channel in channels}) > 1:
        lengths = ", ".join(str(len(channel)) for channel in channels)
        raise DataError(f"expected channels of one length, got {lengths}; resample them")
    values = np.stack(channels, axis=-1)[:length]
    gaps = int(np.isnan(values).any(axis=1).sum())
    if gaps:
        raise DataError(f"expected a value at every time, got {gaps} gaps; fill them or leave the series out")
    one = values[:, 0] if values.shape[1] == 1 else values
    if shape is not None and one.shape[1:] != shape:
        raise DataError(f"expected {shape[0] if shape else 1} channels as before, got {values.shape[1]}")
    return one.astype(np.float32)


def _values(channel: str) -> NDArray[np.float64]:
    cells = channel.replace("?", "nan").replace(",", " ").split()
    try:
        return np.asarray(cells, dtype=np.float64)
    except ValueError as error:
        raise DataError(f"expected numbers separated by commas: {error}") from error


def _ts_lines(path: Path) -> Iterator[Line]:
    """Read the format of sktime and aeon: a header of @ lines, then channels:…:label."""
    header: dict[str, list[str]] = {}
    numbered = enumerate(_text(path).split("\n"), start=1)
    for _, line in numbered:
        words = line.split()
        if words and words[0].startswith("@"):
            header[words[0].lower()] = words[1:]
        if "@data" in header:
            break
    _require_classes(path, header)
    classes = set(header["@classlabel"][1:])
    for number, line in numbered:
        if line.strip() and not line.startswith(("#", "%")):
            *channels, label = line.strip().split(":")
            if not channels or (classes and label not in classes):
                raise DataError(
                    f"{path} line {number}: expected values, a colon and a class of {', '.join(sorted(classes))}, "
                    f"got {label[:40]!r}; correct the line or the header"
                )
            yield Line(number, tuple(channels), label)


def _require_classes(path: Path, header: Mapping[str, list[str]]) -> None:
    if "@data" not in header:
        raise DataError(f"{path}: expected a .ts file with a line @data, found none")
    if [word.lower() for word in header.get("@timestamps", ["false"])] == ["true"]:
        raise DataError(f"{path}: expected series at even times, got time stamps; resample them and leave those out")
    if header.get("@classlabel", ["false"])[:1] != ["true"]:
        raise DataError(f"{path}: expected classes (@classLabel true …), got none; gridzoo classifies")


def _ucr_lines(path: Path) -> Iterator[Line]:
    """Read the format of the UCR archive: the label, then values, separated by white space."""
    for number, line in enumerate(_text(path).split("\n"), start=1):
        label, _, values = line.strip().replace("\t", " ").partition(" ")
        if label:
            yield Line(number, (values,), _plain(path, number, label))


def _plain(path: Path, number: int, label: str) -> str:
    try:
        return f"{float(label):g}"
    except ValueError as error:
        raise DataError(f"{path} line {number}: expected a class as a number, got {label[:40]!r}") from error


def _text(path: Path) -> str:
    try:
        # Descriptions come in any encoding; a damaged number is found where numbers are read.
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise DataError(f"{path}: expected a file of time series: {error}") from error


READERS: dict[str, Callable[[Path], Iterator[Line]]] = {".ts": _ts_lines, ".tsv": _ucr_lines, ".txt": _ucr_lines}
