"""Texts as ids of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count
from adapters.text.spans import token_axis, token_spans
from adapters.text.strings import PADDING, UNKNOWN, by_frequency, checked, first_tokens, normalised


@dataclass(repr=False, eq=False)
class Words(Adapter):
    """Texts as ids of words: 0 is padding, 1 a word that the training items do not have.

    Parameters
    ----------
    max_length : int
        Most tokens of a grid. A grid is as long as the longest training item, up to
        this; longer texts lose their end.
    max_words : int
        Most words of the vocabulary; the frequent ones are kept. What lies beyond a
        grid's end is not counted.
    lower : bool
        Lower-case texts first. Where names and abbreviations tell classes apart, as in questions
        (Kim 2014's own code on TREC), they may stay as they are.

    See Also
    --------
    tokens : What a word is.

    Examples
    --------
    >>> adapter = Words().fit(["a good film", "a film"])
    >>> adapter.grid_.vocabulary
    ('<padding>', '<unknown>', 'a', 'film', 'good')
    >>> adapter.transform(["a bad film"]).tolist()
    [[2, 1, 3]]
    """

    max_length: Count = 60
    max_words: Count = 20_000
    lower: bool = True

    name: ClassVar[str] = "words"
    rank: ClassVar[int] = 1
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _read(self, item: Any) -> str:
        return checked(item)

    def _fit(self, values: Sequence[str]) -> GridSpec:
        split = [first_tokens(value, self.max_length, lower=self.lower) for value in values]
        length = max(len(words) for words in split)
        counts = Counter(word for words in split for word in words)
        vocabulary = (PADDING, UNKNOWN, *by_frequency(counts, self.max_words))
        return GridSpec((Axis.counted("token", length),), (), "word", vocabulary=vocabulary)

    def _grid(self, value: str) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str]) -> GridArray:
        ids = {word: i for i, word in enumerate(self.grid_.vocabulary)}
        length = self.grid_.spatial[0]
        grids = np.zeros((len(values), length), dtype=np.int32)
        for row, value in zip(grids, values, strict=True):
            words = first_tokens(value, length, lower=self.lower)
            row[: len(words)] = [ids.get(word, 1) for word in words]
        return grids

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the tokens in the text, in characters; each takes the white space after it."""
        self._require_fitted()
        return (token_axis(normalised(self._read(item)), self.grid_.spatial[0], lower=self.lower),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the spans of the item's tokens; what fell on padding goes to the last token.

        Of a text of more than 65,536 tokens, the last cell is all of the rest.
        """
        self._require_fitted()
        own = token_spans(normalised(self._read(item)), self.grid_.spatial[0], lower=self.lower)
        return project(relevance, self.axes_for(item), (own,))

    def inverse_transform(self, grids: GridArray) -> list[str]:
        """Join the words with spaces; unknown ones and the writing's own spacing are gone."""
        self._require_fitted()
        vocabulary = self.grid_.vocabulary
        return [" ".join(vocabulary[i] for i in ids if i > 0) for ids in np.asarray(grids).tolist()]

    def _preview(self, value: str) -> dict[str, Any]:
        return {"kind": "text", "text": normalised(value)}
