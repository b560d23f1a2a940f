"""Texts as the vectors of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count, Range
from adapters.text.spans import token_axis, token_spans
from adapters.text.strings import checked, first_tokens, normalised
from adapters.text.vector_files import Vector, read_vectors


@dataclass(repr=False, eq=False)
class WordVectors(Adapter):
    r"""Texts as the vectors of their words: one channel a dimension, zero for an unknown word.

    The vectors come from a file in the text format of word2vec or GloVe. `fit` keeps those
    of the words that occur in training items, wherever they stand in the file, and those
    of the file's first words, which are its most frequent ones; all others are unknown.
    After that the file is not needed, not even by a saved adapter.

    Parameters
    ----------
    path : str
        The file, decompressed. Needed by `fit`.
    max_length : int
        Most tokens of a grid. A grid is as long as the longest training item, up to
        this; longer texts lose their end.
    first_words : int
        So many words from the file's beginning are kept whether training items have
        them or not, so that other items' frequent words are known too.

    Attributes
    ----------
    words_ : list of str
        The words that are known, in lower case and in the file's order.
    vectors_ : ndarray of float32, shape (words, dimension)

    See Also
    --------
    tokens : What a word is.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "vectors.txt")
    ...     _ = path.write_text("good 0.5 1\nfilm 2 -1\n")
    ...     adapter = WordVectors(str(path)).fit(["A good film"])
    >>> adapter.transform(["good good fun"])[0].tolist()
    [[0.5, 1.0], [0.5, 1.0], [0.0, 0.0]]

    References
    ----------
    Mikolov et al. (2013). Efficient estimation of word representations in vector space.
    arXiv:1301.3781. Pennington, Socher, Manning (2014). GloVe: Global vectors for word
    representation. EMNLP.
    """

    path: str = ""
    max_length: Count = 60
    first_words: Annotated[int, Range(0)] = 10_000

    name: ClassVar[str] = "word-vectors"
    rank: ClassVar[int] = 1
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "approximate"

    def _read(self, item: Any) -> str:
        return checked(item)

    def _fit(self, values: Sequence[str]) -> GridSpec:
        if not self.path:
            raise DataError("word-vectors: expected the path of a file of word vectors, got none; pass path=")
        split = [first_tokens(value, self.max_length) for value in values]
        wanted = {word for words in split for word in words}
        self.words_, self.vectors_ = read_vectors(Path(self.path), wanted, self.first_words)
        if wanted.isdisjoint(self.words_):
            raise DataError(
                f"{self.path}: expected vectors of the items' words, found none of {sorted(wanted)[:5]}; "
                "take a file of the items' language"
            )
        names = tuple(f"dimension {i + 1}" for i in range(self.vectors_.shape[1]))
        return GridSpec((Axis.counted("token", max(map(len, split))),), names, "word vector")

    def _grid(self, value: str) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str]) -> GridArray:
        rows = {word: i for i, word in enumerate(self.words_)}
        length = self.grid_.spatial[0]
        nothing = len(rows)
        chosen = np.full((len(values), length), nothing)
        for row, value in zip(chosen, values, strict=True):
            words = first_tokens(value, length)
            row[: len(words)] = [rows.get(word, nothing) for word in words]
        return np.asarray(np.concatenate([self.vectors_, np.zeros_like(self.vectors_[:1])])[chosen])

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the tokens in the text, in characters; each takes the white space after it."""
        self._require_fitted()
        return (token_axis(normalised(self._read(item)), self.grid_.spatial[0]),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the spans of the item's tokens; what fell on padding goes to the last token.

        Of a text of more than 65,536 tokens, the last cell is all of the rest.
        """
        self._require_fitted()
        own = token_spans(normalised(self._read(item)), self.grid_.spatial[0])
        return project(relevance, self.axes_for(item), (own,))

    def inverse_transform(self, grids: GridArray) -> list[str]:
        """Join the words of the nearest vectors with spaces; unknown ones are gone."""
        self._require_fitted()
        return [" ".join(self._nearest(grid[grid.any(axis=-1)])) for grid in np.asarray(grids)]

    def _preview(self, value: str) -> dict[str, Any]:
        return {"kind": "text", "text": normalised(value)}

    def _nearest(self, cells: Vector) -> list[str]:
        # |a - b|² less |a|², which is the same for all words b.
        distances = (self.vectors_**2).sum(axis=1) - 2 * cells @ self.vectors_.T
        return [self.words_[i] for i in distances.argmin(axis=1)]
