"""Sequences of letters, such as DNA, as ids of overlapping words of equal length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count
from adapters.text.alphabets import FIRST, padded_ids
from adapters.text.spans import character_spans
from adapters.text.strings import PADDING, UNKNOWN, checked, normalised, opening

MOST_WORDS = 100_000
ANY = "?"  # written where no known k-mer tells the letter


@dataclass(repr=False, eq=False)
class KMers(Adapter):
    """Sequences of letters as ids of their k-mers, the overlapping words of ``k`` letters.

    The alphabet is that of the training items, whatever their case; white space is never
    part of it. Every word of ``k`` of its letters has an id, in alphabetical order from
    2 on; id 0 is padding and 1 a k-mer with a letter that the alphabet does not have.

    A cell stands in the middle of its k-mer: its edges lie half a stride to either side.

    Parameters
    ----------
    k : int
        Letters of a word.
    stride : int
        Letters from the start of one word to the next; ``k`` for words that do not overlap.
    max_length : int
        Most letters of a sequence; longer ones lose their end. A grid is as long as the
        longest training item, up to this.

    Attributes
    ----------
    letters_ : str
        The alphabet, sorted.

    Examples
    --------
    >>> adapter = KMers(k=2).fit(["ACGT"])
    >>> adapter.grid_.vocabulary[:6]
    ('<padding>', '<unknown>', 'AA', 'AC', 'AG', 'AT')
    >>> adapter.transform(["aaN", "ACG"]).tolist()
    [[2, 1, 0], [3, 8, 0]]

    References
    ----------
    Nguyen et al. (2016). DNA sequence classification by convolutional neural network.
    Journal of Biomedical Science and Engineering 9, 280–286.
    """

    k: Count = 3
    stride: Count = 1
    max_length: Count = 1000

    name: ClassVar[str] = "k-mers"
    rank: ClassVar[int] = 1
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _validate(self) -> None:
        super()._validate()
        if self.max_length < self.k:
            raise DataError(f"k-mers: expected max_length of at least k ({self.k}), got {self.max_length}")

    def _read(self, item: Any) -> str:
        text = checked(item)
        if len(opening(text, self.k)) < self.k:
            raise DataError(f"expected at least k = {self.k} letters, got {text!r}; leave it out or choose a smaller k")
        return text

    def _fit(self, values: Sequence[str]) -> GridSpec:
        heads = [_folded(opening(value, self.max_length)[: self.max_length]) for value in values]
        letters = sorted(letter for letter in set("".join(heads)) if not letter.isspace())
        if len(letters) ** self.k > MOST_WORDS:
            raise DataError(
                f"k-mers: expected at most {MOST_WORDS:,} words of k letters, got {len(letters)} ** {self.k}, the letters "
                f"being {''.join(letters[:40])!r}; choose a smaller k"
            )
        self.letters_ = "".join(letters)
        words = tuple("".join(word) for word in product(letters, repeat=self.k))
        count = (max(len(head) for head in heads) - self.k) // self.stride + 1
        return GridSpec((self._axis(count),), (), "k-mer", vocabulary=(PADDING, UNKNOWN, *words))

    def _grid(self, value: str) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str]) -> GridArray:
        length = (self.grid_.spatial[0] - 1) * self.stride + self.k
        heads = [_folded(opening(value, length)[:length]) for value in values]
        words = sliding_window_view(padded_ids(heads, self.letters_, length), self.k, axis=1)[:, :: self.stride]
        places = len(self.letters_) ** np.arange(self.k - 1, -1, -1)
        ids = (words - FIRST) @ places + FIRST
        ids[(words < FIRST).any(axis=-1)] = 1
        ids[(words == 0).any(axis=-1)] = 0
        return ids

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Middles of the k-mers, half a stride to either side, and the words themselves."""
        self._require_fitted()
        count = self.grid_.spatial[0]
        text = opening(self._read(item), (count - 1) * self.stride + self.k)
        starts = [i * self.stride for i in range(count)]
        words = [text[start : start + self.k] for start in starts]
        return (self._axis(count, tuple(word if len(word) == self.k else "" for word in words)),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the item's letters; what fell on padding goes to the last one.

        Of a text of more than 65,536 letters, the last cell is all of the rest.
        """
        self._require_fitted()
        text = normalised(self._read(item))
        (cells,) = self.axes_for(item)
        return project(relevance, (cells,), (character_spans(text, math.ceil(cells.edges[-1])),))

    def inverse_transform(self, grids: GridArray) -> list[str]:
        """Sequences in upper case, with ``?`` where no known k-mer tells the letter."""
        self._require_fitted()
        return [self._sequence(ids[ids > 0].tolist()) for ids in np.asarray(grids)]

    def _preview(self, value: str) -> dict[str, Any]:
        return {"kind": "text", "text": normalised(value)}

    def _axis(self, count: int, labels: tuple[str, ...] = ()) -> Axis:
        first = (self.k - self.stride) / 2
        return Axis("character", "", tuple(first + i * self.stride for i in range(count + 1)), labels)

    def _sequence(self, ids: list[int]) -> str:
        letters = [ANY] * (max(0, len(ids) - 1) * self.stride + self.k)
        for i, word in enumerate(self.grid_.vocabulary[j] if j >= FIRST else None for j in ids):
            if word:
                letters[i * self.stride : i * self.stride + self.k] = word
        return "".join(letters)


def _folded(text: str) -> str:
    """Give the upper case without changing the length: a letter whose upper case is longer stays."""
    upper = text.upper()
    return upper if len(upper) == len(text) else "".join(c.upper() if len(c.upper()) == 1 else c for c in text)
