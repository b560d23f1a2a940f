"""Records in text as grids: one row a field, its value's characters along it."""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count
from adapters.text.alphabets import FIRST, most_likely, one_hot, padded_ids
from adapters.text.spans import SHOWN, counted
from adapters.text.strings import by_frequency, checked, normalised, opening, require_encodable

PAIR = re.compile(r'\s*+([^\s="]++)=("(?:[^"\\]|\\.)*+"|[^\s"]*+)(?=\s|$)', re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
Record = dict[str, str]


@dataclass(repr=False, eq=False)
class Fields(Adapter):
    r"""Records in text, one a line: rows are fields, columns the characters of their values.

    A record is a JSON object, or pairs ``key=value`` with white space between them, where
    a value that contains white space stands in quotation marks (logfmt). Numbers keep
    their spelling; a nested value is written as JSON again, its numbers in quotation marks. The fields are those of the training
    items; another item's further fields are ignored with a warning, and a field that it
    lacks is zero throughout.

    Parameters
    ----------
    max_fields : int
        Most fields; those that most training items have are kept, in the order in which
        they first occur.
    max_length : int
        Most characters of a value. The grid is as wide as the longest value of a training
        item, up to this; longer ones lose their end.
    max_alphabet : int
        Most characters of the alphabet; the frequent ones within the grid are kept.

    Attributes
    ----------
    fields_ : list of str
        The fields, from the first row on.
    left_out_ : list of str
        The training items' fields beyond ``max_fields``.

    Warns
    -----
    UserWarning
        If `transform` ignores fields that no training item has.

    Examples
    --------
    >>> adapter = Fields().fit(['{"city": "Bonn", "age": 31}', "age=4 city=Ulm"])
    >>> adapter.grid_.axes[0].labels
    ('city', 'age')
    >>> adapter.inverse_transform(adapter.transform(["age=13"]))
    [{'age': '13'}]
    """

    max_fields: Count = 64
    max_length: Count = 40
    max_alphabet: Count = 100

    name: ClassVar[str] = "fields"
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _read(self, item: Any) -> Record:
        text = checked(item).strip()
        return _json_object(text) if text.startswith("{") else _pairs(text)

    def _fit(self, values: Sequence[Record]) -> GridSpec:
        counts = Counter(field for value in values for field in value)
        frequent = set(sorted(counts, key=lambda field: -counts[field])[: self.max_fields])
        self.fields_ = [field for field in counts if field in frequent]
        self.left_out_ = [field for field in counts if field not in frequent]
        heads = [head for value in values for head in self._heads(value, self.max_length)]
        alphabet = tuple(sorted(by_frequency(Counter("".join(heads)), self.max_alphabet)))
        if not alphabet:
            raise DataError("fields: expected values in the training items' records, got none; leave empty records out")
        axes = (
            Axis.counted("field", len(self.fields_), tuple(self.fields_)),
            Axis.counted("character", max(map(len, heads))),
        )
        return GridSpec(axes, alphabet, "presence")

    def _grid(self, value: Record) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[Record]) -> GridArray:
        self._warn_of_unknown_fields(values)
        width = self.grid_.spatial[1]
        ids = padded_ids([head for value in values for head in self._heads(value, width)], self.grid_.channels, width)
        return one_hot(ids, len(self.grid_.channels)).reshape(len(values), *self.grid_.shape)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to field × character; what fell beyond the item's longest value goes to its last character.

        Of a value of more than 65,536 characters, the last cell is all of the rest.
        """
        self._require_fitted()
        record = self._read(item)
        width = max(1, max(len(normalised(record.get(field, ""))) for field in self.fields_))
        characters = counted("character", width, max(SHOWN, self.grid_.spatial[1] + 1))
        return project(relevance, self.grid_.axes, (self.grid_.axes[0], characters))

    def inverse_transform(self, grids: GridArray) -> list[Record]:
        """Give records of the values that are not empty, without their unknown characters."""
        self._require_fitted()
        letters = [""] * FIRST + list(self.grid_.channels)
        rows = [["".join(letters[i] for i in row) for row in grid] for grid in most_likely(np.asarray(grids)).tolist()]
        return [{f: text for f, text in zip(self.fields_, record, strict=True) if text} for record in rows]

    def _preview(self, value: Record) -> dict[str, Any]:
        return {"kind": "text", "text": "\n".join(f"{field}={normalised(text)}" for field, text in value.items())}

    def _heads(self, record: Record, width: int) -> list[str]:
        return [opening(record.get(field, ""), width)[:width] for field in self.fields_]

    def _warn_of_unknown_fields(self, values: Sequence[Record]) -> None:
        known = {*self.fields_, *self.left_out_}
        unknown = Counter(field for value in values for field in value if field not in known)
        if unknown:
            named = ", ".join(f"{field!r} ({count})" for field, count in unknown.most_common(5))
            warnings.warn(f"fields: ignored {len(unknown)} fields that no training item has: {named}", stacklevel=2)


def _json_object(text: str) -> Record:
    try:
        # Numbers stay as they are spelt.
        read = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError(f"expected one JSON object: {error}; correct it or leave it out") from error
    if not read:
        raise DataError("expected a JSON object with at least one field, got {}; leave it out")
    record = {str(field): value if isinstance(value, str) else _as_json(value) for field, value in read.items()}
    # JSON can spell what a text cannot hold: "\ud800".
    require_encodable("".join(part for pair in record.items() for part in pair))
    return record


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pairs(text: str) -> Record:
    record: Record = {}
    end = 0
    while pair := PAIR.match(text, end):
        value = pair[2]
        record[pair[1]] = ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value
        end = pair.end()
    if rest := text[end:].lstrip():
        raise DataError(
            f"expected a JSON object or pairs key=value with white space between, got {rest[:40]!r} at character "
            f"{len(text) - len(rest) + 1}; put a value with white space into quotation marks"
        )
    return record
