"""Texts as grids: ids of words, or characters."""

from __future__ import annotations

import re
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

PADDING, UNKNOWN = "<padding>", "<unknown>"
TOKEN = re.compile(r"[\w']+|[^\w\s]")


def normalised(item: Any) -> str:
    """Give a text in Unicode's form NFC, in which every position of an attribution is counted.

    Raises
    ------
    DataError
        If the item is no string, or blank.
    """
    if not isinstance(item, str):
        raise DataError(f"expected text as a string, got {type(item).__name__}; decode it first")
    if not item.strip():
        raise DataError("expected text with at least one visible character, got a blank string; leave it out")
    return unicodedata.normalize("NFC", str(item))


def lowered(text: str) -> str:
    """Lower-case a text without changing its length."""
    return text.replace("İ", "I").lower()  # the one character whose lower case is longer


def tokens(text: str) -> list[str]:
    """Split a text into lower-case words and single punctuation marks.

    A word is a run of letters, digits, underscores and apostrophes; any other
    character that is not white space is a token of its own. That is the tokenisation
    of Kim (2014), `Convolutional neural networks for sentence classification`,
    widened to all of Unicode's letters and without splitting contractions.

    Examples
    --------
    >>> tokens("Don't stop, Zoë!")
    ["don't", 'stop', ',', 'zoë', '!']
    """
    return TOKEN.findall(lowered(text))


def _by_frequency(counts: Counter[str], limit: int) -> list[str]:
    return sorted(counts, key=lambda entry: (-counts[entry], entry))[:limit]


@dataclass(repr=False, eq=False)
class Words(Adapter):
    """Texts as ids of words: 0 is padding, 1 a word that the training items do not have.

    Parameters
    ----------
    max_length : int
        Most tokens of a grid. A grid is as long as the longest training item, up to
        this; longer texts lose their end.
    max_words : int
        Most words of the vocabulary; the frequent ones are kept.

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

    name: ClassVar[str] = "words"
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _read(self, item: Any) -> str:
        return normalised(item)

    def _fit(self, values: Sequence[str]) -> GridSpec:
        split = [tokens(value) for value in values]
        length = min(self.max_length, max(len(words) for words in split))
        counts = Counter(word for words in split for word in words)
        vocabulary = (PADDING, UNKNOWN, *_by_frequency(counts, self.max_words))
        return GridSpec((Axis.counted("token", length),), (), "word", vocabulary=vocabulary)

    def _grid(self, value: str) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str]) -> GridArray:
        ids = {word: i for i, word in enumerate(self.grid_.vocabulary)}
        length = self.grid_.spatial[0]
        grids = np.zeros((len(values), length), dtype=np.int32)
        for row, value in zip(grids, values, strict=True):
            words = tokens(value)[:length]
            row[: len(words)] = [ids.get(word, 1) for word in words]
        return grids

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the tokens in the text, in characters; each takes the white space after it."""
        self._require_fitted()
        return (self._axis(self._read(item)),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the spans of the item's tokens; what fell on padding goes to the last token."""
        self._require_fitted()
        text = self._read(item)
        spans = Axis("character", "", _starts(text), tuple(tokens(text)))
        return project(relevance, (self._axis(text),), (spans,))

    def inverse_transform(self, grids: GridArray) -> list[str]:
        """Join the words with spaces; unknown ones and the writing's own spacing are gone."""
        self._require_fitted()
        vocabulary = self.grid_.vocabulary
        return [" ".join(vocabulary[i] for i in ids if i > 0) for ids in np.asarray(grids).tolist()]

    def _preview(self, value: str) -> dict[str, Any]:
        return {"kind": "text", "text": value}

    def _axis(self, text: str) -> Axis:
        length, starts, words = self.grid_.spatial[0], _starts(text), tuple(tokens(text))
        beyond = tuple(len(text) + 1.0 + i for i in range(length))
        labels = (words + ("",) * length)[:length]
        return Axis("character", "", (starts + beyond)[: length + 1], labels)


def _starts(text: str) -> tuple[float, ...]:
    starts = [float(match.start()) for match in TOKEN.finditer(lowered(text))]
    return (0.0, *starts[1:], float(len(text)))


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
        alphabet = tuple(sorted(_by_frequency(counts, self.max_alphabet)))
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
