"""Read tables: CSV, TSV, JSON lines and Parquet files, and data frames."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pandas as pd

from adapters.errors import DataError, ItemError

SEPARATORS = (",", ";", "\t", "|")
LONGEST_LINE = 10_000_000  # bytes of a line of JSON
MISSING = frozenset(["", "?", "na", "n/a", "nan", "null", "none"])
WITH_DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?")  # 1234,5 or 1.234,5
Column = list[Any]


@dataclass(frozen=True)
class Table:
    """A table as it is in its file.

    Parameters
    ----------
    path : path
        Its file, which paths in it are relative to; of a data frame a name alone.
    columns : dict of str to list
        Cells: strings, numbers, or None.
    rows : list of str
        What a person would call each row.
    bad : tuple of ItemError
        Rows that could not be read.
    guesses : tuple of str
    """

    path: Path
    columns: dict[str, Column]
    rows: list[str]
    bad: tuple[ItemError, ...] = ()
    guesses: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """Read a file by its ending.

    Raises
    ------
    DataError
        If it is damaged, has no rows, or names two columns alike.
    """
    table = READERS[path.suffix.lower()](path)
    if not table.rows:
        raise DataError(f"{path}: expected rows, got none that can be read{_first(table.bad)}")
    return table


def from_frame(frame: pd.DataFrame, path: Path) -> Table:
    """Take a data frame; dates become strings, and missing values None."""
    names = [str(name).strip() for name in frame.columns]
    _require_different(path, names)
    columns = {name: [_cell(value) for value in frame.iloc[:, i].tolist()] for i, name in enumerate(names)}
    return Table(path, columns, [f"{path.name} row {i}" for i in range(len(frame))])


def _cell(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return str(value) if isinstance(value, pd.Timestamp | pd.Timedelta) else value


def _delimited(path: Path) -> Table:
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            separator = "\t" if path.suffix.lower() == ".tsv" else max(SEPARATORS, key=first.count)
            stream.seek(0)
            reader = csv.reader(stream, delimiter=separator, strict=True)
            numbered = []
            for row in reader:
                number = reader.line_num
                if row:
                    numbered.append((number, row))
    except csv.Error as error:
        raise DataError(f"{path} line {number + 1}: expected a table in UTF-8, got {error}") from error
    except OSError as error:
        raise DataError(f"{path}: expected a readable file, got: {error.strerror}; correct the path") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected a table in UTF-8, got {error}; save it as CSV in UTF-8") from error
    if len(numbered) < 2:
        raise DataError(f"{path}: expected a line of column names and rows, got {len(numbered)} lines")
    header = [name.strip() for name in numbered[0][1]]
    _require_different(path, header)
    for line, row in numbered[1:]:
        if len(row) != len(header):
            raise DataError(f"{path} line {line}: expected {len(header)} cells as in the first line, got {len(row)}")
    columns: dict[str, Column] = {name: [row[i].strip() for _, row in numbered[1:]] for i, name in enumerate(header)}
    rows = [f"{path.name} line {line}" for line, _ in numbered[1:]]
    guesses = [f"columns separated by {separator!r}"]
    commas = [] if separator == "," else [name for name, cells in columns.items() if _has_decimal_commas(cells)]
    if commas:
        columns |= {name: [_with_decimal_point(cell) for cell in columns[name]] for name in commas}
        guesses.append(f"numbers with a decimal comma in {', '.join(map(repr, commas))}")
    return Table(path, columns, rows, guesses=tuple(guesses))


def _has_decimal_commas(cells: Column) -> bool:
    """Tell whether all cells are numbers or missing, and some have a decimal comma."""
    return any("," in cell for cell in cells) and all(
        cell.lower() in MISSING or WITH_DECIMAL_COMMA.fullmatch(cell) for cell in cells
    )


def _with_decimal_point(cell: str) -> str:
    return cell.replace(".", "").replace(",", ".")


def _json_lines(path: Path) -> Table:
    records: list[dict[str, Any]] = []
    rows: list[str] = []
    bad: list[ItemError] = []
    try:
        with path.open("rb") as stream:
            for name, line in ((f"{path.name} line {number}", line) for number, line in _lines(stream) if line.strip()):
                try:
                    records.append(_record(line))
                    rows.append(name)
                except DataError as error:
                    bad.append(ItemError(name, str(error)))
    except OSError as error:
        raise DataError(f"{path}: expected a file of JSON lines, got {error}") from error
    names = {name: None for record in records for name in record}
    columns: dict[str, Column] = {name: [record.get(name) for record in records] for name in names}
    return Table(path, columns, rows, tuple(bad))


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give each line with its number; of one that is too long only as much as shows that."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        yield number, line
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)


def _record(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise DataError(f"expected a line of at most {LONGEST_LINE // 10**6} MB, got more; leave it out")
    try:
        record = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_different)
    except DataError:
        raise
    except (ValueError, RecursionError) as error:
        raise DataError(f"expected an object of JSON in UTF-8: {error}") from error
    if not isinstance(record, dict):
        raise DataError(f"expected an object of JSON, got {type(record).__name__}")
    return record


def _different(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise DataError(f"expected different names, got one of {', '.join(found)} twice")
    return found


def _parquet(path: Path) -> Table:
    try:
        frame = pd.read_parquet(path)
    except ImportError as error:
        raise DataError(f"{path}: expected the package pyarrow to read it; pip install gridzoo[parquet]") from error
    except (OSError, ValueError) as error:  # pyarrow's errors are of these
        raise DataError(f"{path}: expected a Parquet file, got {error}; write it again") from error
    return from_frame(frame, path)


def _require_different(path: Path, names: list[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(f"{path}: expected different column names, got {twice[0]!r} more than once; rename one")


def _first(bad: tuple[ItemError, ...]) -> str:
    return f"; {bad[0]}" if bad else ""


READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".parquet": _parquet,
}
