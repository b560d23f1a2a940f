"""Texts as pages: lines × columns of characters."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count
from adapters.text.alphabets import FIRST, most_likely, one_hot, padded_ids
from adapters.text.spans import SHOWN, counted
from adapters.text.strings import by_frequency, checked, normalised, opening

# Unicode's general categories, by the beginning of their name: the class, and a character that stands for it.
CLASSES = {
    "Lu": ("upper case", "A"),
    "Lt": ("upper case", "A"),
    "Ll": ("lower case", "a"),
    "L": ("other letter", "ª"),
    "M": ("mark", "\u0301"),
    "N": ("digit", "0"),
    "Ps": ("bracket", "("),
    "Pe": ("bracket", "("),
    "P": ("punctuation", "."),
    "S": ("symbol", "+"),
    "Z": ("space", " "),
    "C": ("control", "\x01"),
}
EXAMPLES = dict(CLASSES.values())
MOST_CELLS = 2**20  # of an attribution


@dataclass(repr=False, eq=False)
class Page(Adapter):
    r"""Texts as pages of lines × columns: code, forms, logs, tables in text.

    A line ends at ``\n``, ``\r\n`` or ``\r``. A tab stands for the spaces up to the next
    multiple of ``tab_size`` columns; any other character takes one column. What lies
    beyond a line's end is zero.

    Parameters
    ----------
    max_lines, max_columns : int
        Most lines and columns of a grid. It is as long and as wide as the longest and
        the widest training item, up to this; what lies beyond is left out.
    encoding : {"one-hot", "classes"}
        One channel a character of the alphabet, zero throughout for an unknown one; or
        one a class of characters: capitals, small letters, digits, brackets …, by
        Unicode's general categories.
    tab_size : int
        Columns from one tab stop to the next.
    max_alphabet : int
        Most characters of the alphabet; the frequent ones within the grid are kept.

    Examples
    --------
    >>> adapter = Page(encoding="classes").fit(["if x:\n\treturn 1"])
    >>> adapter.grid_.describe()
    'line 2 × column 16 × 10 channels, presence'
    >>> adapter.inverse_transform(adapter.transform(["x = [3]"]))
    ['a + (0(']

    References
    ----------
    The Unicode Standard, section 4.5: General Category.
    """

    max_lines: Count = 40
    max_columns: Count = 100
    encoding: Literal["one-hot", "classes"] = "one-hot"
    tab_size: Count = 8
    max_alphabet: Count = 100

    name: ClassVar[str] = "page"
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _read(self, item: Any) -> str:
        return checked(item)

    def _fit(self, values: Sequence[str]) -> GridSpec:
        pages = [self._lines(value, self.max_lines, self.max_columns) for value in values]
        axes = (
            Axis.counted("line", max(len(lines) for lines in pages)),
            Axis.counted("column", max(1, max(len(line) for lines in pages for line in lines))),
        )
        if self.encoding == "classes":
            return GridSpec(axes, tuple(EXAMPLES), "presence")
        counts = Counter("".join(line for lines in pages for line in lines))
        if not counts:
            raise DataError(f"page: expected characters in the first {self.max_lines} lines, got none; raise max_lines")
        return GridSpec(axes, tuple(sorted(by_frequency(counts, self.max_alphabet))), "presence")

    def _grid(self, value: str) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str]) -> GridArray:
        height, width = self.grid_.spatial
        rows: list[str] = []
        for value in values:
            lines = self._lines(value, height, width)
            rows += lines + [""] * (height - len(lines))
        if self.encoding == "classes":
            rows = [_as_classes(row) for row in rows]
        ids = padded_ids(rows, self._alphabet(), width)
        return one_hot(ids, len(self.grid_.channels)).reshape(len(values), *self.grid_.shape)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the item's lines × columns; what fell beyond them goes to the last ones.

        Of a text of millions of cells, the last line is all of the rest, and so is the last column.
        """
        self._require_fitted()
        lines = _whole_lines(self._read(item))
        width = max(len(normalised(line).expandtabs(self.tab_size)) for line in lines)
        down, across = self.grid_.spatial
        columns = counted("column", width, max(SHOWN, across + 1))
        rows = counted("line", len(lines), max(MOST_CELLS // columns.size, down + 1))
        return project(relevance, self.grid_.axes, (rows, columns))

    def inverse_transform(self, grids: GridArray) -> list[str]:
        """Pages without their tabs and unknown characters; of a class, one character stands for all."""
        self._require_fitted()
        letters = [" "] * FIRST + list(self._alphabet())
        pages = (
            ["".join(letters[i] for i in row).rstrip() for row in page]
            for page in most_likely(np.asarray(grids)).tolist()
        )
        return ["\n".join(lines).rstrip("\n") for lines in pages]

    def _preview(self, value: str) -> dict[str, Any]:
        return {"kind": "text", "text": normalised(value)}

    def _alphabet(self) -> tuple[str, ...]:
        return tuple(EXAMPLES.values()) if self.encoding == "classes" else self.grid_.channels

    def _lines(self, text: str, height: int, width: int) -> list[str]:
        lines = _whole_lines(text, height)[:height]
        return [opening(line, width).expandtabs(self.tab_size)[:width] for line in lines]


def _whole_lines(text: str, most: int = -1) -> list[str]:
    """Split a text at its ends of line, at most so many times (-1: always); an end of line at its end is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", most)
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]


def _as_classes(line: str) -> str:
    """Write each character's class as the character that stands for it."""
    categories = (unicodedata.category(character) for character in line)
    return "".join((CLASSES.get(category) or CLASSES[category[0]])[1] for category in categories)
