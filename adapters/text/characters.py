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
from adapters.text.alphabets import FIRST, most_likely, one_hot, padded_ids
from adapters.text.spans import character_spans
from adapters.text.strings import PADDING, UNKNOWN, by_frequency, checked, lowered, normalised, opening


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
        Most characters of the alphabet; the frequent ones are kept. What lies beyond
        a grid's end is not counted.

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
    rank: ClassVar[int] = 1
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _read(self, item: Any) -> str:
        return checked(item)

    def _fit(self, values: Sequence[str]) -> GridSpec:
        texts = self._beginnings(values, self.max_length)
        axis = Axis.counted("character", max(len(text) for text in texts))
        counts = Counter(character for text in texts for character in text)
        alphabet = tuple(sorted(by_frequency(counts, self.max_alphabet)))
        if self.encoding == "ids":
            return GridSpec((axis,), (), "character", vocabulary=(PADDING, UNKNOWN, *alphabet))
        return GridSpec((axis,), alphabet, "presence")

    def _grid(self, value: str) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str]) -> GridArray:
        alphabet, length = self._alphabet(), self.grid_.spatial[0]
        ids = padded_ids(self._beginnings(values, length), alphabet, length)
        return ids if self.encoding == "ids" else one_hot(ids, len(alphabet))

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Name each cell by the item's character there, none where it was padded."""
        self._require_fitted()
        length = self.grid_.spatial[0]
        return (
            Axis.counted("character", length, (tuple(opening(self._read(item), length)) + ("",) * length)[:length]),
        )

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the item's characters; what fell on padding goes to the last one.

        Of a text of more than 65,536 characters, the last cell is all of the rest.
        """
        self._require_fitted()
        text = normalised(self._read(item))
        return project(relevance, self.axes_for(item), (character_spans(text, self.grid_.spatial[0]),))

    def inverse_transform(self, grids: GridArray) -> list[str]:
        """Texts without their unknown characters."""
        self._require_fitted()
        letters = [""] * FIRST + list(self._alphabet())  # no array: numpy's strings lose the character NUL
        ids = np.asarray(grids) if self.encoding == "ids" else most_likely(np.asarray(grids))
        return ["".join(letters[i] for i in row) for row in ids.tolist()]

    def _preview(self, value: str) -> dict[str, Any]:
        return {"kind": "text", "text": normalised(value)}

    def _beginnings(self, values: Sequence[str], length: int) -> list[str]:
        # ASCII is its own form NFC, and its lower case does not depend on what follows.
        if self.lower:
            return [v[:length].lower() if v.isascii() else lowered(opening(v, length))[:length] for v in values]
        return [v[:length] if v.isascii() else opening(v, length)[:length] for v in values]

    def _alphabet(self) -> tuple[str, ...]:
        return self.grid_.vocabulary[FIRST:] if self.encoding == "ids" else self.grid_.channels
