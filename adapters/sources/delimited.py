"""CSV and TSV files: tables, or texts with their classes."""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError, ItemError
from adapters.registry import nearest

MISSING = frozenset(["", "?", "na", "n/a", "nan", "null", "none"])
SEPARATORS = (",", ";", "\t", "|")
Column = list[str]


def load_delimited(path: Path, target: str | None, group: str | None = None) -> Dataset:
    """Load a CSV or TSV file in UTF-8 whose first line names the columns.

    A single column of texts makes texts of the rows: the only one besides target and
    group that is not of numbers; or the only one of prose (mostly different values of
    three words and more). Otherwise each row is an item of a table. Empty cells, ``?``,
    ``NA``, ``NaN``, ``null`` and ``none`` are missing values.

    Parameters
    ----------
    path : path
    target : str
        The column of classes.
    group : str, optional
        The column of groups.

    Raises
    ------
    DataError
        If the file is no such table, or has no such column, or its target is no class.
    """
    header, rows, lines, separator = _table(path)
    columns = {name: [row[i].strip() for row in rows] for i, name in enumerate(header)}
    labels = _column(path, columns, target, "target")
    groups = None if group is None else _column(path, columns, group, "group")
    inputs = {name: cells for name, cells in columns.items() if name not in (target, group)}
    if not inputs:
        raise DataError(f"{path}: expected at least one column besides target and group, got {', '.join(header)}")
    text = _text_column(inputs)
    items, guesses = _rows(inputs) if text is None else (inputs[text], _text_guess(text, inputs))
    kept = [i for i, label in enumerate(labels) if label.lower() not in MISSING]
    bad = [
        ItemError(f"{path.name} line {lines[i]}", f"expected a class in column {target!r}, got {label!r}")
        for i, label in enumerate(labels)
        if label.lower() in MISSING
    ]
    if not kept:
        raise DataError(f"{path}: expected classes in column {target!r}, got none in {len(labels)} rows")
    _require_classes(path, str(target), [labels[i] for i in kept])
    return Dataset(
        name=path.stem,
        modality="table" if text is None else "text",
        items=items,
        labels=np.asarray(labels),
        provenance=Provenance(
            f"{len(rows)} rows of {path.name}", guesses=(f"columns separated by {separator!r}", *guesses)
        ),
        groups=None if groups is None else np.asarray(groups),
        group_name=group or "group",
    ).take(kept, bad)


def _table(path: Path) -> tuple[list[str], list[list[str]], list[int], str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            separator = "\t" if path.suffix.lower() == ".tsv" else max(SEPARATORS, key=first.count)
            stream.seek(0)
            reader = csv.reader(stream, delimiter=separator, strict=True)
            numbered = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: expected a table in UTF-8, got {error}; save it as CSV in UTF-8") from error
    if len(numbered) < 2:
        raise DataError(f"{path}: expected a line of column names and rows, got {len(numbered)} lines")
    header = [name.strip() for name in numbered[0][1]]
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise DataError(f"{path}: expected different column names, got {twice[0]!r} more than once; rename one")
    for line, row in numbered[1:]:
        if len(row) != len(header):
            raise DataError(f"{path} line {line}: expected {len(header)} cells as in the first line, got {len(row)}")
    return header, [row for _, row in numbered[1:]], [line for line, _ in numbered[1:]], separator


def _column(path: Path, columns: dict[str, Column], name: str | None, what: str) -> Column:
    if name is None:
        raise DataError(f"{path}: expected the {what} column to be named; pass {what}=, one of {', '.join(columns)}")
    if name not in columns:
        raise DataError(
            f"{path}: expected a {what} column of {', '.join(columns)}, got {name!r}{nearest(name, list(columns))}"
        )
    return columns[name]


def _require_classes(path: Path, target: str, labels: Column) -> None:
    classes = len(set(labels))
    if classes > max(2, len(labels) / 2):
        raise DataError(
            f"{path}: expected classes in column {target!r}, got {classes} different values in {len(labels)} rows; "
            "name a column with few values, or put the values into ranges"
        )


def _number(cell: str) -> float | None:
    """Read a number; missing is NaN, anything else None."""
    if cell.lower() in MISSING:
        return math.nan
    try:
        return float(cell)
    except ValueError:
        return None


def _is_numeric(cells: Column) -> bool:
    return all(_number(cell) is not None for cell in cells)


def _is_prose(cells: Column) -> bool:
    words = sum(len(cell.split()) for cell in cells) / len(cells)
    return words >= 3 and len(set(cells)) > len(cells) / 2


def _text_column(inputs: dict[str, Column]) -> str | None:
    words = [name for name, cells in inputs.items() if not _is_numeric(cells)]
    prose = [name for name in words if _is_prose(inputs[name])]
    candidates = words if len(inputs) == 1 else prose
    return candidates[0] if len(candidates) == 1 else None


def _text_guess(text: str, inputs: dict[str, Column]) -> tuple[str, ...]:
    others = [name for name in inputs if name != text]
    left = (f"columns left out beside the text: {', '.join(others)}",) if others else ()
    return (f"texts, in column {text!r}", *left)


def _rows(inputs: dict[str, Column]) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    cells = {name: _values(column) for name, column in inputs.items()}
    numeric = [name for name, column in inputs.items() if _is_numeric(column)]
    names = list(inputs)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    return rows, (f"a table: {len(numeric)} columns of numbers, {len(names) - len(numeric)} of categories",)


def _values(column: Column) -> list[Any]:
    if _is_numeric(column):
        return [_number(cell) for cell in column]
    return [None if cell.lower() in MISSING else cell for cell in column]
