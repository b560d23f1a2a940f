"""What the first bytes of a picture file say, for files that have nothing unusual about them."""

from __future__ import annotations

import struct
from typing import NamedTuple

PNG, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND"
JPEG, JPEG_END = b"\xff\xd8", b"\xff\xd9"
GREY, RGB = 0, 2  # PNG's colour types without palette and transparency (W3C's Portable Network Graphics, 11.2.1)
# What changes a PNG's pixels: transparency, frames, orientation. Behind the first data nothing of this may come.
PNG_DATA, CHANGING = b"IDAT", {b"tRNS", b"acTL", b"eXIf"}
# Frames that are coded in lines of blocks: baseline, extended and progressive (ITU-T T.81, table B.1).
FRAMES, APP1, SCAN = {0xC0, 0xC1, 0xC2}, 0xE1, 0xDA


class Plain(NamedTuple):
    """A plain file: whether it is a JPEG file, and its rows and columns."""

    jpeg: bool
    rows: int
    columns: int


def plain(content: bytes) -> Plain | None:
    """Read the header of a plain PNG or JPEG file.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    Plain or None
        None for other formats and whatever needs care: more or less than 8 bits, palettes,
        transparency, animations, four inks, a noted orientation, a missing end.

    Examples
    --------
    >>> plain(b"GIF89a") is None
    True
    """
    if content.startswith(JPEG) and content.endswith(JPEG_END):
        return _jpeg(content)
    if content.startswith(PNG) and content[-8:-4] == PNG_END:
        return _png(content)
    return None


def _png(content: bytes) -> Plain | None:
    columns, rows, depth, colour = struct.unpack_from(">IIBB", content, 16)
    if depth != 8 or colour not in (GREY, RGB):
        return None
    position = len(PNG)
    while position + 8 <= len(content):
        size, name = struct.unpack_from(">I4s", content, position)
        if name == PNG_DATA:
            return Plain(False, rows, columns)
        if name in CHANGING:
            return None
        position += size + 12
    return None


def _jpeg(content: bytes) -> Plain | None:
    position = len(JPEG)
    while position + 10 <= len(content) and content[position] == 0xFF:
        marker, size = struct.unpack_from(">xBH", content, position)
        if marker in FRAMES:
            depth, rows, columns, components = struct.unpack_from(">BHHB", content, position + 4)
            return Plain(True, rows, columns) if depth == 8 and components in (1, 3) and rows else None
        if marker == SCAN or (marker == APP1 and content.startswith(b"Exif", position + 4)):
            return None
        position += size + 2
    return None
