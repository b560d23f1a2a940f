"""Texts as characters, one-hot or as ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count
from adapters.text.strings import PADDING, UNKNOWN, by_frequency, lowered, normalised


@dataclass(repr=False, eq=False)
class Characters(Adapter):
    """Texts as characters, one-hot or as ids.

    Parameters
    ----------
    max_length : int
        Most characters of a grid. A grid is as long as the longest training item, up
        to this; longer texts lose their end.
    encoding : {"one-hot", "ids"}
        One channel a character of the alphabet, zero throughout for an unknown one;
        or ids, where 0 is padding and 1 an unknown character.
    lower : bool
        Lower-case texts first.
    max_alphabet : int
        Most characters of the alphabet; the frequent ones are kept.

    Examples
    --------
    >>> adapter = Characters().fit(["Bach", "Abt"])
    >>> adapter.grid_.channels
    ('a', 'b', 'c', 'h', 't')
    >>> adapter.transform(["Bax"])[0].argmax(axis=-1).tolist()
    [1, 0, 0, 0]

    References
    ----------
    Zhang, Zhao, LeCun (2015). Character-level convolutional networks for text
    classification. arXiv:1509.01626.
    """

    max_length: Count = 200
    encoding: Literal["one-hot", "ids"] = "one-hot"
    lower: bool = True
    max_alphabet: Count = 100

    name: ClassVar[str] = "characters"
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _read(self, item: Any) -> str:
        return normalised(item)

    def _fit(self, values: Sequence[str]) -> GridSpec:
        texts = [self._cased(value) for value in values]
        axis = Axis.counted("character", min(self.max_length, max(len(text) for text in texts)))
        counts = Counter(character for text in texts for character in text)
        alphabet = tuple(sorted(by_frequency(counts, self.max_alphabet)))
        if self.encoding == "ids":
            return GridSpec((axis,), (), "character", vocabulary=(PADDING, UNKNOWN, *alphabet))
        return GridSpec((axis,), alphabet, "presence")

    def _grid(self, value: str) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str]) -> GridArray:
        alphabet = self._alphabet()
        ids = {character: i + 2 for i, character in enumerate(alphabet)}
        length = self.grid_.spatial[0]
        table = np.zeros((len(values), length), dtype=np.int32)
        for row, value in zip(table, values, strict=True):
            text = self._cased(value)[:length]
            row[: len(text)] = [ids.get(character, 1) for character in text]
        if self.encoding == "ids":
            return table
        # Rows of this matrix: padding, unknown (both nothing), then one character each.
        return np.eye(len(alphabet) + 2, len(alphabet), k=-2, dtype=np.float32)[table]

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Name each cell by the item's character there, none where it was padded."""
        self._require_fitted()
        length = self.grid_.spatial[0]
        return (Axis.counted("character", length, (tuple(self._read(item)) + ("",) * length)[:length]),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the item's characters; what fell on padding goes to the last one."""
        text = self._read(item)
        return project(relevance, self.axes_for(item), (Axis.counted("character", len(text), tuple(text)),))

    def inverse_transform(self, grids: GridArray) -> list[str]:
        """Texts without their unknown characters."""
        self._require_fitted()
        letters = ["", "", *self._alphabet()]  # no array: numpy's strings lose the character NUL
        dense = np.asarray(grids)
        ids = dense if self.encoding == "ids" else np.where(dense.max(axis=-1) > 0.5, dense.argmax(axis=-1) + 2, 0)
        return ["".join(letters[i] for i in row) for row in ids.tolist()]

    def _preview(self, value: str) -> dict[str, Any]:
        return {"kind": "text", "text": value}

    def _cased(self, text: str) -> str:
        return lowered(text) if self.lower else text

    def _alphabet(self) -> tuple[str, ...]:
        return self.grid_.vocabulary[2:] if self.encoding == "ids" else self.grid_.channels
