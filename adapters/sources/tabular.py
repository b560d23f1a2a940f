"""Tables, and the nucleotide windows that come in the same file format."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError
from adapters.sources.home import find

UCI = "UCI Machine Learning Repository"
LOAN = (
    "account status",
    "months",
    "credit history",
    "purpose",
    "amount",
    "savings",
    "employed since",
    "instalment rate",
    "personal status",
    "guarantors",
    "resident since",
    "property",
    "age",
    "other instalments",
    "housing",
    "credits",
    "job",
    "dependants",
    "telephone",
    "foreign worker",
)
PEN = tuple(f"{axis}{point}" for point in range(1, 9) for axis in "xy")


@dataclass(frozen=True)
class Table:
    """A file of rows whose last cell is the class."""

    file: str
    columns: tuple[str, ...]
    provenance: Provenance
    classes: dict[str, str]


TABLES = {
    "sonar": Table(
        "tabular/sonar.csv",
        tuple(f"band {i}" for i in range(1, 61)),
        Provenance(
            "Sonar echoes of mines and rocks",
            UCI,
            "CC BY 4.0",
            "Gorman, Sejnowski 1988, doi:10.1016/0893-6080(88)90023-8",
        ),
        {"M": "mine", "R": "rock"},
    ),
    "german": Table(
        "tabular/german.csv",
        LOAN,
        Provenance("German credit", UCI, "CC BY 4.0", "Hofmann 1994, doi:10.24432/C5NC77"),
        {"1": "good", "2": "bad"},
    ),
    "phoneme": Table(
        "tabular/phoneme.csv",
        tuple(f"harmonic {i}" for i in range(1, 6)),
        Provenance("Nasal and oral vowels", "ELENA project", "", "Guérin-Dugué et al. 1995, ELENA R3-B4-P"),
        {"0": "nasal", "1": "oral"},
    ),
    "pendigits": Table(
        "tabular/pendigits.arff.gz",
        PEN,
        Provenance("Digits written on a tablet", UCI, "CC BY 4.0", "Alpaydin, Alimoglu 1998, doi:10.24432/C5MG6K"),
        {str(digit): str(digit) for digit in range(10)},
    ),
}
SPLICE = Provenance(
    "Splice junctions of primate genes", UCI, "CC BY 4.0", "Noordewier, Towell, Shavlik 1991, doi:10.24432/C5M888"
)


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load ``sonar``, ``german``, ``phoneme``, ``pendigits`` or ``dna-splice``."""
    return _splice(name, data_home) if name == "dna-splice" else _table(name, data_home)


def _table(name: str, data_home: Path | None) -> Dataset:
    table = TABLES[name]
    path = find(data_home, table.file)
    rows = _rows(path, len(table.columns) + 1)
    readers = [_reader([row[i] for row in rows]) for i in range(len(table.columns))]
    items = [
        {column: read(cell) for column, read, cell in zip(table.columns, readers, row, strict=False)} for row in rows
    ]
    unknown = {row[-1] for row in rows} - set(table.classes)
    if unknown:
        raise DataError(f"{path}: expected classes of {', '.join(table.classes)}, got {min(unknown)!r}")
    return Dataset(name, "table", items, np.asarray([table.classes[row[-1]] for row in rows]), table.provenance)


def _splice(name: str, data_home: Path | None) -> Dataset:
    rows = _rows(find(data_home, f"{name}/splice.arff"), 62)
    windows = ["".join(row[1:-1]) for row in rows]
    settings = {"name": "characters", "max_length": 60, "lower": False}
    return Dataset(name, "text", windows, np.asarray([row[-1] for row in rows]), SPLICE, adapter=settings)


def _rows(path: Path, width: int) -> list[list[str]]:
    """Read the rows of a CSV file without header, or of an ARFF file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("latin-1")
    body = [line for line in text.splitlines() if line.strip() and line[0] not in "%@"]
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO("\n".join(body)))]
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise DataError(f"{path} row {number}: expected {width} cells, got {len(row)}")
    return rows


def _reader(cells: list[str]) -> Callable[[str], Any]:
    try:
        [float(cell) for cell in cells]
    except ValueError:
        return str
    return float
