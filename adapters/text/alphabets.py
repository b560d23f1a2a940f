"""Characters to ids by one look-up table, and ids to channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
ABSENT, STRANGE, FIRST = 0, 1, 2  # ids: no character, an unknown one, the alphabet's first
# What lies between texts and ids then stays in the processor's cache: a third faster for many.
TEXTS_AT_ONCE = 512


def code_points(text: str) -> NDArray[np.uint32]:
    """Give the Unicode number of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def padded_ids(texts: Sequence[str], alphabet: Sequence[str], length: int) -> Ids:
    """Look characters up: 0 after a text's end, 1 for an unknown one, 2 for the alphabet's first.

    Parameters
    ----------
    texts : sequence of str
        Of at most ``length`` characters each.
    alphabet : sequence of str
        One character each.
    length : int

    Returns
    -------
    ndarray of int32, shape (len(texts), length)

    Examples
    --------
    >>> padded_ids(["abc", "b"], "ab", 3).tolist()
    [[2, 3, 1], [3, 0, 0]]
    """
    letters = code_points("".join(alphabet))
    table = np.full(int(letters.max(initial=0)) + 2, STRANGE, dtype=np.int32)  # its last entry: all that are beyond
    table[letters] = np.arange(FIRST, FIRST + len(letters), dtype=np.int32)
    sizes = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))[:, None]
    cells = np.arange(length, dtype=np.int32)
    ids = np.full((len(texts), length), ABSENT, dtype=np.int32)
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        some = slice(start, start + TEXTS_AT_ONCE)
        ids[some][cells < sizes[some]] = table.take(code_points("".join(texts[some])), mode="clip")
    return ids


def one_hot(ids: Ids, size: int) -> NDArray[np.float32]:
    """Give each of ``size`` characters a channel; padding and unknown ones are zero in all.

    Examples
    --------
    >>> one_hot(np.array([3, 1, 0]), 2).tolist()
    [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
    """
    return np.asarray(np.eye(size + FIRST, size, k=-FIRST, dtype=np.float32)[ids])


def most_likely(channels: NDArray[np.float32]) -> Ids:
    """Turn channels back into ids; where none is above one half there was nothing."""
    return np.where(channels.max(axis=-1) > 0.5, channels.argmax(axis=-1) + FIRST, ABSENT).astype(np.int32)
