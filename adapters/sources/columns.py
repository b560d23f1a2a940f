"""What the columns of a table mean: classes, groups, official split, and what the items are."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters import MODALITIES
from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError, ItemError
from adapters.registry import nearest
from adapters.sources.cells import is_missing, is_numeric, is_prose, require_classes, values, word
from adapters.sources.contents import items_of
from adapters.sources.endings import PARTS, modality_of_files
from adapters.sources.tables import Column, Table
from adapters.suggestions import best

# Columns of these names are taken for what they say where no other is named.
USUAL = {
    "target": ("label", "class", "target"),
    "group": ("group", "speaker", "patient", "subject"),
    "part": ("split", "part", "subset"),
}
SAID = {"target": "classes", "group": "groups", "part": "the official split (a validation part counts as training)"}


@dataclass(frozen=True)
class Roles:
    """Names of the columns that are no input, and what was guessed about them."""

    target: str
    group: str | None
    part: str | None
    guesses: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """What the rows are, one a row; ``kept`` are the rows that could be read."""

    modality: str
    items: Sequence[Any]
    kept: Sequence[int]
    bad: Sequence[ItemError] = ()
    guesses: tuple[str, ...] = ()
    adapter: Mapping[str, Any] | None = None


def load_table(
    table: Table,
    target: str | None = None,
    group: str | None = None,
    part: str | None = None,
    modality: str | None = None,
) -> Dataset:
    """Make a data set of a table.

    A column of paths, which are relative to the table's file, makes pictures, sounds or
    texts of the rows. A single column of texts makes texts of them: the only one that is
    not of numbers, or the only one of prose (mostly different values of three words and
    more). Otherwise each row is an item of a table. Empty cells, ``?``, ``NA``, ``NaN``,
    ``null`` and ``none`` are missing values; rows without a class are set aside.

    Parameters
    ----------
    table : Table
    target, group, part : str, optional
        The columns of classes, of groups, and of the official split. By default columns
        of the usual names; an empty string is none.
    modality : {"image", "sound", "text", "series", "table"}, optional
        Overrules the guess. As series, the columns of numbers are the times, in order.

    Raises
    ------
    DataError
        If there is no such column, or its values do not suit.
    """
    path = table.path
    _require_plain(table)
    if modality is not None and modality not in MODALITIES:
        raise DataError(f"{path}: expected a modality of {', '.join(MODALITIES)}, got {modality!r}")
    roles = _roles(table, target, group, part)
    inputs = {n: cells for n, cells in table.columns.items() if n not in (roles.target, roles.group, roles.part)}
    if not inputs:
        raise DataError(
            f"{path}: expected at least one column besides target and group, got {', '.join(table.columns)}"
        )
    made = _items(table, inputs, modality)
    labels = [word(cell) for cell in table.columns[roles.target]]
    unlabelled = [i for i in made.kept if is_missing(table.columns[roles.target][i])]
    bad = [
        ItemError(table.rows[i], f"expected a class in column {roles.target!r}, got {labels[i]!r}") for i in unlabelled
    ]
    kept = [i for i in made.kept if i not in set(unlabelled)]
    if not kept:
        raise DataError(f"{path}: expected classes in column {roles.target!r}, got none in {len(table.rows)} rows")
    require_classes(f"{path}: column {roles.target!r}", [labels[i] for i in kept])
    return Dataset(
        name=path.stem,
        modality=made.modality,
        items=made.items,
        labels=np.asarray(labels),
        provenance=Provenance(
            f"{len(table.rows)} rows of {path.name}", guesses=(*table.guesses, *roles.guesses, *made.guesses)
        ),
        groups=None if roles.group is None else np.asarray([word(cell) for cell in table.columns[roles.group]]),
        group_name=roles.group or "group",
        parts=None if roles.part is None else np.asarray(_parts(table, roles.part)),
        adapter=dict(made.adapter or {}),
    ).take(kept, [*table.bad, *made.bad, *bad])


def _roles(table: Table, target: str | None, group: str | None, part: str | None) -> Roles:
    told = {"target": target, "group": group, "part": part}
    found: dict[str, str | None] = {}
    for what, name in told.items():
        if name:
            found[what] = _named(table, name, what)
        else:
            found[what] = None if name == "" else _usual(table, what, set(filter(None, told.values())))
    guesses = tuple(f"{SAID[what]} in column {name!r}" for what, name in found.items() if name and not told[what])
    if found["target"] is None:
        raise DataError(
            f"{table.path}: expected the target column to be named; pass target=, one of {', '.join(table.columns)}"
        )
    return Roles(found["target"], found["group"], found["part"], guesses)


def _named(table: Table, name: str, what: str) -> str:
    if name not in table.columns:
        known = list(table.columns)
        raise DataError(
            f"{table.path}: expected a {what} column of {', '.join(known)}, got {name!r}{nearest(name, known)}"
        )
    return name


def _usual(table: Table, what: str, taken: set[str]) -> str | None:
    for name, cells in table.columns.items():
        if name.lower() in USUAL[what] and name not in taken:
            fits = what != "part" or all(isinstance(cell, str) and cell.strip().lower() in PARTS for cell in cells)
            return name if fits else None
    return None


def _parts(table: Table, name: str) -> list[str]:
    parts = []
    for row, cell in zip(table.rows, table.columns[name], strict=True):
        if word(cell).lower() not in PARTS:
            raise DataError(f"{row}: expected a part of {', '.join(PARTS)} in column {name!r}, got {cell!r}")
        parts.append(PARTS[word(cell).lower()])
    return parts


def _items(table: Table, inputs: dict[str, Column], modality: str | None) -> Items:
    everything = range(len(table.rows))
    files = None if modality in ("table", "series") else _path_column(inputs, modality)
    if files is not None:
        return _files(table, inputs, files)
    if modality in ("image", "sound"):
        raise DataError(f"{table.path}: expected one column of paths to {modality} files, got {', '.join(inputs)}")
    if modality == "series":
        return Items("series", _series(table, inputs), everything)
    text = None if modality == "table" else _text_column(inputs)
    if text is not None:
        texts = [word(cell) for cell in inputs[text]]
        settings, reasons = best(texts, "text")
        guesses = (f"texts, in column {text!r}", *_left_out(text, inputs), *reasons)
        return Items("text", texts, everything, guesses=guesses, adapter=settings)
    if modality == "text":
        raise DataError(f"{table.path}: expected one column of texts, got {', '.join(inputs)}; leave the others out")
    numeric = sum(is_numeric(column) for column in inputs.values())
    said = f"a table: {numeric} columns of numbers, {len(inputs) - numeric} of categories"
    return Items("table", _rows(inputs), everything, guesses=(said,))


def _path_column(inputs: dict[str, Column], modality: str | None) -> str | None:
    """Name the one column whose every value ends as files of one kind do."""
    kinds = {
        name: modality_of_files(cells) for name, cells in inputs.items() if all(isinstance(cell, str) for cell in cells)
    }
    found = [name for name, kind in kinds.items() if kind and modality in (None, kind)]
    return found[0] if len(found) == 1 else None


def _files(table: Table, inputs: dict[str, Column], name: str) -> Items:
    paths = [table.path.parent / cell for cell in inputs[name]]
    there = [i for i, path in enumerate(paths) if path.is_file()]
    if not there:
        raise DataError(
            f"{table.path}: expected the files of column {name!r}, relative to {table.path.parent}, found none of them; "
            "correct the paths, or pass modality='table' if they are words"
        )
    kind = modality_of_files(inputs[name])
    assert kind is not None, "the column was chosen by it"
    items, read, bad = items_of(kind, [paths[i] for i in there])
    absent = [
        ItemError(str(path), "expected a file, found none; correct the path or leave the row out")
        for i, path in enumerate(paths)
        if not path.is_file()
    ]
    settings, reasons = best(items, kind)
    every: list[Any] = [None] * len(paths)
    for position, item in zip(read, items, strict=True):
        every[there[position]] = item
    guesses = (f"{kind} files, in column {name!r}", *_left_out(name, inputs), *reasons)
    return Items(kind, every, [there[i] for i in read], [*absent, *bad], guesses, settings)


def _series(table: Table, inputs: dict[str, Column]) -> list[Any]:
    words = [name for name, cells in inputs.items() if not is_numeric(cells)]
    if words:
        raise DataError(f"{table.path}: expected columns of numbers for series, got {words[0]!r}; leave it out")
    return list(np.asarray([values(column) for column in inputs.values()], dtype=np.float32).T)


def _require_plain(table: Table) -> None:
    for name, cells in table.columns.items():
        for row, cell in zip(table.rows, cells, strict=True):
            if not (cell is None or isinstance(cell, str | numbers.Real | np.bool_)):
                raise DataError(
                    f"{row}: expected text, a number or nothing in column {name!r}, got {type(cell).__name__}; "
                    "leave the column out"
                )


def _text_column(inputs: dict[str, Column]) -> str | None:
    words = [name for name, cells in inputs.items() if not is_numeric(cells)]
    prose = [name for name in words if is_prose(inputs[name])]
    candidates = words if len(inputs) == 1 else prose
    return candidates[0] if len(candidates) == 1 else None


def _left_out(used: str, inputs: dict[str, Column]) -> tuple[str, ...]:
    others = [name for name in inputs if name != used]
    return (f"columns left out beside {used!r}: {', '.join(others)}",) if others else ()


def _rows(inputs: dict[str, Column]) -> list[dict[str, Any]]:
    cells = [values(column) for column in inputs.values()]
    return [dict(zip(inputs, row, strict=True)) for row in zip(*cells, strict=True)]
