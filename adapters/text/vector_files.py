"""Files of word vectors: the text formats of word2vec and GloVe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError
from adapters.text.strings import lowered

HEADER = re.compile(r"[0-9]+ ([0-9]+)")
Vector = NDArray[np.float32]


def read_vectors(path: Path, wanted: set[str], first: int) -> tuple[list[str], Vector]:
    """Read the vectors of some words.

    Each line is a word and its numbers, with spaces between. A first line of two whole
    numbers is word2vec's header: how many words, how many numbers each. Words are
    compared in lower case and in Unicode's form NFC; of several that are then equal the
    first counts.

    Parameters
    ----------
    path : path
    wanted : set of str
        Words to read wherever they stand.
    first : int
        Besides, so many words from the file's beginning, where the frequent ones are.

    Returns
    -------
    words : list of str
        In the file's order.
    vectors : ndarray of float32, shape (words, dimension)

    Raises
    ------
    DataError
        If the file cannot be read, has no vectors, or a line is not as it should be.
    """
    rows: dict[str, Vector] = {}
    dimension = seen = 0
    for number, line in _lines(path):
        if number == 1 and (header := HEADER.fullmatch(line)):
            dimension = int(header[1])
            continue
        dimension = dimension or line.count(" ")
        word = _word(line, dimension, f"{path} line {number}")
        if (seen < first or word in wanted) and word not in rows:
            rows[word] = _numbers(line, dimension, f"{path} line {number}")
        seen += 1
    if not seen:
        raise DataError(f"{path}: expected lines of a word and its vector, got none")
    return list(rows), np.asarray(list(rows.values()), dtype=np.float32).reshape(len(rows), dimension)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a file that are not blank."""
    try:
        # Some words of published files are cut within a character, or contain other ends of line than \n.
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if text := line.rstrip():
                    yield number, text
    except OSError as error:
        raise DataError(f"{path}: expected a file of word vectors, cannot read it ({error.strerror})") from error


def _word(line: str, dimension: int, where: str) -> str:
    """Give a line's word, which may itself contain spaces (GloVe has some)."""
    count = line.count(" ")
    if dimension < 1 or count < dimension:
        raise DataError(f"{where}: expected a word and {max(1, dimension)} numbers, got {count} after {line[:20]!r}")
    word = line.partition(" ")[0] if count == dimension else line.rsplit(" ", dimension)[0]
    if count > dimension and _is_number(word.rpartition(" ")[2]):
        raise DataError(f"{where}: expected a word and {dimension} numbers, got {count} after {line[:20]!r}")
    return unicodedata.normalize("NFC", lowered(word))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _numbers(line: str, dimension: int, where: str) -> Vector:
    try:
        vector = np.asarray(line.rsplit(" ", dimension)[1:], dtype=np.float32)
    except ValueError as error:
        raise DataError(f"{where}: expected a word and {dimension} numbers ({error})") from error
    if not np.isfinite(vector).all():
        raise DataError(f"{where}: expected finite numbers, got NaN or Inf")
    return vector
