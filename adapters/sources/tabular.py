"""Tables, and the nucleotide windows that come in the same file format."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import about
from adapters.sources.home import find

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
CENSUS = (
    "age",
    "workclass",
    "weight",
    "education",
    "years of education",
    "marital status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital gain",
    "capital loss",
    "hours a week",
    "native country",
)
BODY = ("pregnancies", "glucose", "blood pressure", "skin fold", "insulin", "body mass index", "pedigree", "age")
KERNEL = ("area", "perimeter", "compactness", "length", "width", "asymmetry", "groove")
MISSING = "?"
ATTRIBUTE = re.compile(r"@attribute\s+(?:'([^']*)'|(\S+))", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Files of rows whose last cell is the class.

    Parameters
    ----------
    files : dict of str to str
        The official parts; one file without a name where there are none.
    columns : tuple of str
        Empty where the file names them itself (ARFF).
    classes : dict of str to str
        What the codes mean; empty where they are words already.
    """

    files: dict[str, str]
    columns: tuple[str, ...] = ()
    classes: dict[str, str] = field(default_factory=dict)


TABLES = {
    "sonar": Table({"": "tabular/sonar.csv"}, tuple(f"band {i}" for i in range(1, 61)), {"M": "mine", "R": "rock"}),
    "german": Table({"": "tabular/german.csv"}, LOAN, {"1": "good", "2": "bad"}),
    "phoneme": Table(
        {"": "tabular/phoneme.csv"}, tuple(f"harmonic {i}" for i in range(1, 6)), {"0": "nasal", "1": "oral"}
    ),
    "pendigits": Table({"": "tabular/pendigits.arff"}, PEN),
    "adult": Table(
        {"train": "tabular/adult-train.csv", "test": "tabular/adult-test.csv"},
        CENSUS,
        {"<=50K": "at most 50K", ">50K": "over 50K", "<=50K.": "at most 50K", ">50K.": "over 50K"},
    ),
    "banknote": Table({"": "tabular/banknote_authentication.csv"}, ("variance", "skewness", "curtosis", "entropy")),
    "ionosphere": Table(
        {"": "tabular/ionosphere.csv"},
        tuple(f"pulse {i} {part}" for i in range(1, 18) for part in ("real", "imaginary")),
        {"g": "good", "b": "bad"},
    ),
    "letter": Table({"": "tabular/letter.arff"}),
    "mammography": Table(
        {"": "tabular/mammography.csv"},
        tuple(f"attribute {i}" for i in range(1, 7)),
        {"'-1'": "no calcification", "'1'": "calcification"},
    ),
    "pima": Table({"": "tabular/pima-indians-diabetes.csv"}, BODY, {"0": "no diabetes", "1": "diabetes"}),
    "segment": Table({"": "tabular/segment.arff"}),
    "vehicle": Table({"": "tabular/vehicle.arff"}),
    "wheat": Table({"": "tabular/wheat-seeds.csv"}, KERNEL, {"1": "Kama", "2": "Rosa", "3": "Canadian"}),
}


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load a table, or ``dna-splice``."""
    return _splice(name, data_home) if name == "dna-splice" else _table(name, data_home)


def _table(name: str, data_home: Path | None) -> Dataset:
    table = TABLES[name]
    paths = {part: find(data_home, file) for part, file in table.files.items()}
    columns = table.columns or _attributes(next(iter(paths.values())))[:-1]
    read = {part: _rows(path, len(columns) + 1) for part, path in paths.items()}
    rows = [row for part in read.values() for row in part]
    readers = [_reader([row[i] for row in rows]) for i in range(len(columns))]
    items = [
        {
            column: None if cell == MISSING else read(cell)
            for column, read, cell in zip(columns, readers, row, strict=False)
        }
        for row in rows
    ]
    unknown = {row[-1] for row in rows} - set(table.classes) if table.classes else set()
    if unknown:
        raise DataError(f"{paths}: expected classes of {', '.join(table.classes)}, got {min(unknown)!r}")
    labels = np.asarray([table.classes.get(row[-1], row[-1]) for row in rows])
    parts = None if "" in read else np.repeat(list(read), [len(part) for part in read.values()])
    return Dataset(name, "table", items, labels, about(name), parts=parts)


def _splice(name: str, data_home: Path | None) -> Dataset:
    rows = _rows(find(data_home, f"{name}/splice.arff"), 62)
    windows = ["".join(row[1:-1]) for row in rows]
    settings = {"name": "characters", "max_length": 60, "lower": False}
    return Dataset(name, "text", windows, np.asarray([row[-1] for row in rows]), about(name), adapter=settings)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("latin-1")


def _attributes(path: Path) -> tuple[str, ...]:
    return tuple(quoted or bare for quoted, bare in ATTRIBUTE.findall(_text(path)))


def _rows(path: Path, width: int) -> list[list[str]]:
    """Read the rows of a CSV file without header, or of an ARFF file, gzipped or not."""
    body = [line for line in _text(path).splitlines() if line.strip() and line[0] not in "%@"]
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO("\n".join(body)))]
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise DataError(f"{path} row {number}: expected {width} cells, got {len(row)}")
    return rows


def _reader(cells: list[str]) -> Callable[[str], Any]:
    try:
        [float(cell) for cell in cells if cell != MISSING]
    except ValueError:
        return str
    return float
