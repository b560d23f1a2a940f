"""Cells of tables: missing values, numbers, words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from adapters.errors import DataError
from adapters.sources.tables import MISSING, Column


def is_missing(cell: Any) -> bool:
    """Say whether a cell holds no value."""
    if isinstance(cell, str):
        return cell.strip().lower() in MISSING
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def word(cell: Any) -> str:
    """Write a cell as a label: whole numbers without a point, whatever type a column has."""
    if isinstance(cell, float | np.floating) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def number(cell: Any) -> float | None:
    """Read a number; missing is NaN, anything else None."""
    if is_missing(cell):
        return math.nan
    try:
        return float(cell)
    except ValueError:
        return None


def is_numeric(cells: Column) -> bool:
    """Say whether all cells are numbers or missing."""
    return all(number(cell) is not None for cell in cells)


def is_prose(cells: Column) -> bool:
    """Say whether cells are mostly different texts, of three words and more on average."""
    texts = [word(cell) for cell in cells]
    words = sum(len(text.split()) for text in texts) / len(texts)
    return words >= 3 and len(set(texts)) > len(texts) / 2


def values(column: Column) -> list[Any]:
    """Make a column's cells numbers, if all are; otherwise words, and None where missing."""
    if is_numeric(column):
        return [number(cell) for cell in column]
    return [None if is_missing(cell) else word(cell) for cell in column]


def require_classes(where: str, labels: Sequence[str]) -> None:
    """Refuse labels that are no classes, since most differ.

    Raises
    ------
    DataError
    """
    classes = len(set(labels))
    if classes > max(2, len(labels) / 2):
        raise DataError(
            f"{where}: expected classes, got {classes} different labels of {len(labels)} items; name a target of few "
            "values, put numbers into ranges, or learn numbers with GridRegressor"
        )
