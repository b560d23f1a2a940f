"""Files as items: pictures and sounds stay paths, texts are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters.errors import DataError, ItemError

MOST_TEXT = 10_000_000  # bytes of a text; a network reads the first few thousand characters


def items_of(kind: str, paths: Sequence[Path]) -> tuple[list[Any], list[int], list[ItemError]]:
    """Make items of files of one kind.

    Returns
    -------
    items : list
    kept : list of int
        Positions of the files that could be read; of pictures and sounds that is for
        the adapter to say.
    bad : list of ItemError
    """
    items: list[Any] = []
    kept: list[int] = []
    bad: list[ItemError] = []
    for position, path in enumerate(paths):
        try:
            items.append(read_text(path) if kind == "text" else path)
        except DataError as error:
            bad.append(ItemError(str(path), str(error)))
        else:
            kept.append(position)
    return items, kept, bad


def read_text(path: Path) -> str:
    """Read a text in UTF-8, with or without a byte order mark.

    Raises
    ------
    DataError
        If it cannot be read, is no UTF-8, or has more than 10 MB.
    """
    try:
        size = path.stat().st_size
        if size > MOST_TEXT:
            raise DataError(f"expected at most {MOST_TEXT // 10**6} MB of text, got {size / 1e6:.0f} MB; cut it")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"expected a readable file: {error.strerror}; replace or remove it") from error
    except UnicodeDecodeError as error:
        raise DataError(f"expected text in UTF-8: {error.reason} at byte {error.start}; save it as UTF-8") from error
