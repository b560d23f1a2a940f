"""Texts as the bytes of their encoding UTF-8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count
from adapters.text.spans import character_spans
from adapters.text.strings import PADDING, checked, normalised, opening

# Printable ASCII as itself, anything else as its hexadecimal number.
BYTES = tuple(chr(byte) if 0x20 < byte < 0x7F else f"0x{byte:02x}" for byte in range(256))


@dataclass(repr=False, eq=False)
class Bytes(Adapter):
    r"""Texts as the bytes of their encoding UTF-8, in any script and without an alphabet.

    Items are strings, which are brought to Unicode's form NFC first, or bytes, which are
    taken as they are, whether they are valid UTF-8 or not. Relevance goes to characters;
    a byte that is no part of one counts as a character of its own.

    Parameters
    ----------
    max_length : int
        Most bytes of a grid. A grid is as long as the longest training item, up to
        this; longer texts lose their end.
    encoding : {"ids", "one-hot"}
        Ids, where 0 is padding and a byte's id is its value plus 1; or 256 channels.

    Examples
    --------
    >>> adapter = Bytes().fit(["Zoë"])
    >>> adapter.transform(["Zoë", b"a\xff"]).tolist()
    [[91, 112, 196, 172], [98, 256, 0, 0]]

    References
    ----------
    Xue et al. (2022). ByT5: Towards a token-free future with pre-trained byte-to-byte
    models. arXiv:2105.13626.
    """

    max_length: Count = 400
    encoding: Literal["ids", "one-hot"] = "ids"

    name: ClassVar[str] = "bytes"
    rank: ClassVar[int] = 1
    modality: ClassVar[str] = "text"
    inverse: ClassVar[Honesty] = "exact"

    def _read(self, item: Any) -> str | bytes:
        if not isinstance(item, bytes | bytearray):
            return checked(item)
        if not item.strip():
            raise DataError("expected text of at least one visible character, got blank bytes; leave it out")
        return bytes(item)

    def _fit(self, values: Sequence[str | bytes]) -> GridSpec:
        axis = Axis.counted("byte", max(len(_beginning(value, self.max_length)) for value in values))
        if self.encoding == "ids":
            return GridSpec((axis,), (), "byte", vocabulary=(PADDING, *BYTES))
        return GridSpec((axis,), BYTES, "presence")

    def _grid(self, value: str | bytes) -> GridArray:
        return np.asarray(self._grids([value])[0])

    def _grids(self, values: Sequence[str | bytes]) -> GridArray:
        ids = np.zeros((len(values), self.grid_.spatial[0]), dtype=np.int32)
        for row, value in zip(ids, values, strict=True):
            head = np.frombuffer(_beginning(value, len(row)), dtype=np.uint8)
            row[: len(head)] = head
            row[: len(head)] += 1
        return ids if self.encoding == "ids" else np.eye(257, 256, k=-1, dtype=np.float32)[ids]

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the bytes in characters of the text: the bytes of one share its place."""
        self._require_fitted()
        length = self.grid_.spatial[0]
        text = _characters(self._read(item))
        # No character has less than 1 byte, so that this many are enough.
        sizes = [_size(character) for character in text[: length + 1]]
        edges = [i + part / size for i, size in enumerate(sizes) for part in range(size)]
        beyond = [float(len(text)), *(len(text) + 1.0 + i for i in range(length))]
        return (Axis("character", "", tuple(([*edges, *beyond] if len(sizes) <= length else edges)[: length + 1])),)

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the item's characters; what fell on padding goes to the last one.

        Of a text of more than 65,536 characters, the last cell is all of the rest.
        """
        self._require_fitted()
        text = _characters(self._read(item))
        own = character_spans(text, self.grid_.spatial[0])
        labels = tuple(f"0x{ord(c) - 0xDC00:02x}" if "\udc80" <= c <= "\udcff" else c for c in own.labels)
        return project(relevance, self.axes_for(item), (replace(own, labels=labels),))

    def inverse_transform(self, grids: GridArray) -> list[bytes]:
        """Bytes as they are in the grid; at its end a character may be cut in two."""
        self._require_fitted()
        dense = np.asarray(grids)
        if self.encoding == "one-hot":
            dense = np.where(dense.max(axis=-1) > 0.5, dense.argmax(axis=-1) + 1, 0)
        return [(row[row > 0] - 1).astype(np.uint8).tobytes() for row in dense]

    def _preview(self, value: str | bytes) -> dict[str, Any]:
        text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else normalised(value)
        return {"kind": "text", "text": text}


def _beginning(value: str | bytes, length: int) -> bytes:
    return (value if isinstance(value, bytes) else opening(value, length).encode())[:length]


def _characters(value: str | bytes) -> str:
    """Give the characters of a text; a stray byte becomes a lone surrogate, as in Python's file names."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else normalised(value)


def _size(character: str) -> int:
    return len(character.encode("utf-8", "surrogateescape"))
