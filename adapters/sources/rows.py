"""Rows of a table's file for a network that has learned its columns already."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters.errors import DataError
from adapters.sources.cells import values
from adapters.sources.tables import READERS, read_table


def is_table(path: Path) -> bool:
    """Tell whether a file is a table by its ending."""
    return path.suffix.lower() in READERS


def rows_of(path: Path, columns: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the rows of a table's file: the columns that a network knows, and what a person would call each row.

    Parameters
    ----------
    path : path
        CSV, TSV, JSON lines or Parquet.
    columns : sequence of str

    Raises
    ------
    DataError
        If the file is damaged, a row of it cannot be read, or a column is not there.

    Warns
    -----
    UserWarning
        If the file has other columns: they are left out.
    """
    table = read_table(path)
    if table.bad:
        raise table.bad[0]
    absent = [name for name in columns if name not in table.columns]
    if absent:
        raise DataError(f"{path}: expected columns {', '.join(columns)}, but there is no {', '.join(absent)}")
    others = [name for name in table.columns if name not in columns]
    if others:
        warnings.warn(f"{path}: left out columns that the network has not learned: {', '.join(others)}", stacklevel=2)
    cells = {name: values(table.columns[name]) for name in columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells.values(), strict=True)], table.rows
