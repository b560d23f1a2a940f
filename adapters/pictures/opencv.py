"""Pictures decoded and resized by OpenCV: twice as many files a second as with Pillow."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adapters.pictures import decoding
from adapters.pictures.decoding import FACTORS, Box, Cells, Scan
from adapters.pictures.headers import Plain, plain


@dataclass(frozen=True)
class Raster:
    """A decoded picture, upright; as `adapters.pictures.decoding.Scan`, but resized by OpenCV.

    Parameters
    ----------
    pixels : ndarray, shape ``(rows, columns)`` or ``(rows, columns, 1 or 3)``
        uint8 from 0 to 255, or float32 from 0 to 1.
    rows, columns, scale
        See there.
    """

    pixels: Cells
    rows: int
    columns: int
    scale: float = 1.0

    @classmethod
    def of(cls, scan: Scan) -> Raster:
        """Take over what Pillow decoded."""
        planes = [np.asarray(band) for band in scan.bands]
        return cls(planes[0] if len(planes) == 1 else np.stack(planes, axis=-1), scan.rows, scan.columns, scan.scale)

    def resized(self, columns: int, rows: int, box: Box) -> Cells:
        """Reduce a part of the picture to the means of its cells' areas, or enlarge it (bilinear).

        See `adapters.pictures.decoding.Scan.resized`. A part that begins or ends between
        pixels is resized by Pillow, since OpenCV cuts at whole ones.
        """
        borders = [border * self.scale for border in box]
        if not all(float(border).is_integer() for border in borders):
            return Scan(decoding.bands_of(self.pixels), self.rows, self.columns, self.scale).resized(columns, rows, box)
        left, upper, right, lower = map(int, borders)
        part = self.pixels[upper:lower, left:right]
        # A side that shrinks is averaged, one that grows interpolated; each in its own step if both happen.
        smaller = min(columns, part.shape[1]), min(rows, part.shape[0])
        return _resize(_resize(part, smaller, enlarge=False), (columns, rows), enlarge=True).reshape(rows, columns, -1)


def _resize(pixels: Cells, size: tuple[int, int], *, enlarge: bool) -> Cells:
    import cv2

    if pixels.shape[1::-1] == size:
        return pixels
    resized: Cells = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR if enlarge else cv2.INTER_AREA)  # type: ignore[assignment]
    return resized


def decode(item: Any, grey: bool, reduction: Callable[[int, int], float]) -> Raster:
    """Decode a picture: plain JPEG and PNG files by OpenCV, all else by Pillow.

    Parameters and errors are those of `adapters.pictures.decoding.decode`.
    """
    content = _small(item) if isinstance(item, str | Path | bytes) else None
    found = None if content is None else _by_opencv(content, grey, reduction)
    return found or Raster.of(decoding.decode(item if content is None else content, grey, reduction))


def _small(item: str | Path | bytes) -> bytes | None:
    """Read a small file; None leaves large ones, and saying why one cannot be opened, to Pillow."""
    try:
        with decoding.opened(item) as stream:
            return stream.getvalue() if isinstance(stream, io.BytesIO) else None
    except (OSError, ValueError):
        return None


def _by_opencv(content: bytes, grey: bool, reduction: Callable[[int, int], float]) -> Raster | None:
    """Decode a plain file; None leaves it, and saying what is wrong with it, to Pillow."""
    import cv2

    header = plain(content)
    if header is None or decoding.too_large(header.rows, header.columns):
        return None
    factor = _factor(header, reduction(header.rows, header.columns))
    flags = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
    if factor > 1:
        flags |= 8 * factor  # its flags of a half, a quarter and an eighth
    try:
        pixels: Cells | None = cv2.imdecode(np.frombuffer(content, np.uint8), flags)  # type: ignore[assignment]
    except cv2.error:
        return None
    if pixels is None or pixels.shape[:2] != (header.rows // factor, header.columns // factor):
        return None
    return Raster(pixels, header.rows, header.columns, 1 / factor)


def _factor(header: Plain, most: float) -> int:
    """Choose how many times smaller to decode a JPEG file: up to ``most``, and so that no pixel is cut."""
    sides = (header.rows, header.columns)
    allowed = (f for f in FACTORS if header.jpeg and f <= most and not any(side % f for side in sides))
    return next(allowed, 1)
