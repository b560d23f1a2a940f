"""Picture files, Pillow images and arrays, decoded into what can be resized."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError
from PIL.ExifTags import Base

from adapters.errors import DataError
from adapters.opening import regular

Bands = tuple[Pillow.Image, ...]
Box = tuple[float, float, float, float]
Cells = NDArray[np.uint8] | NDArray[np.float32]
# ITU-R BT.601-7, section 2.5.1: luma of red, green and blue. Pillow's and JPEG's grey, too.
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
FACTORS = (8, 4, 2, 1)  # of a JPEG file's size
UPRIGHT = 1
ON_THE_SIDE = frozenset([5, 6, 7, 8])  # EXIF's orientations whose rows are columns
SMALL, BUFFER = 2**20, 2**18  # bytes: of a file that is read at once, and of a read of a larger one


@dataclass(frozen=True)
class Scan:
    """A decoded picture, upright.

    Parameters
    ----------
    bands : tuple of Pillow images of equal size
        One in mode ``"L"`` or ``"RGB"`` (0..255); or one or three in mode ``"F"`` (0..1),
        which has no colours.
    rows, columns : int
        The picture's own size in pixels.
    scale : float
        Decoded pixels to one of the picture's own, at most 1.
    """

    bands: Bands
    rows: int
    columns: int
    scale: float = 1.0

    def resized(self, columns: int, rows: int, box: Box) -> Cells:
        """Reduce or enlarge a part of the picture, antialiased (bilinear).

        Parameters
        ----------
        columns, rows : int
            Cells.
        box : tuple of float
            Left, upper, right and lower border of the part in the picture's own pixels.

        Returns
        -------
        ndarray, shape ``(rows, columns, 1 or 3)``
            uint8 from 0 to 255, or float32 from 0 to 1.
        """
        left, upper, right, lower = (border * self.scale for border in box)
        part = (left, upper, right, lower)
        resized = [band.resize((columns, rows), Pillow.Resampling.BILINEAR, part) for band in self.bands]
        planes = [np.asarray(band).reshape(rows, columns, -1) for band in resized]
        return planes[0] if len(planes) == 1 else np.concatenate(planes, axis=-1)


def unit(cells: Cells) -> NDArray[np.float32]:
    """Brightness from 0 to 1, of whole numbers or floats."""
    bright = cells.astype(np.float32, copy=False)
    return bright / np.float32(255) if cells.dtype == np.uint8 else bright


def decode(item: Any, grey: bool = False, reduction: Callable[[int, int], float] = lambda rows, columns: 1) -> Scan:
    """Decode a picture.

    Parameters
    ----------
    item : path, bytes, Pillow image or ndarray
    grey : bool
        Whether to leave out colours (luma as in ITU-R BT.601).
    reduction : callable
        Gives, for rows and columns, how many times smaller the picture may be decoded.
        A JPEG file is then decoded at a half, a quarter or an eighth of its size.

    Raises
    ------
    DataError
        If the item is no picture, is damaged, or is larger than Pillow's limit.
    """
    if isinstance(item, np.ndarray):
        return _scan(bands_of(item, grey))
    if not isinstance(item, str | Path | bytes | Pillow.Image):
        raise DataError(f"expected a path, bytes, a Pillow image or an array, got {type(item).__name__}")
    try:
        if isinstance(item, Pillow.Image):
            return _scan(_bands(ImageOps.exif_transpose(item), grey))
        return _decoded_file(item, grey, reduction)
    except DataError:
        raise
    except UnidentifiedImageError as error:  # its message holds a memory address
        raise DataError("expected a readable picture: no format that Pillow knows; replace or remove it") from error
    except Exception as error:  # Pillow's decoders raise almost anything on damaged files
        raise DataError(f"expected a readable picture: {error}; replace or remove it") from error


def _decoded_file(item: str | Path | bytes, grey: bool, reduction: Callable[[int, int], float]) -> Scan:
    with opened(item) as stream, Pillow.open(stream) as image:
        _require_decent_size(image)
        orientation = image.getexif().get(Base.Orientation, UPRIGHT)
        columns, rows = image.size[::-1] if orientation in ON_THE_SIDE else image.size
        factor = _factor(image, reduction(rows, columns), orientation)
        drafted = image.draft("L" if grey else None, (image.width // factor, image.height // factor))
        scale = 1 / factor if drafted else 1.0
        image.load()
        if orientation != UPRIGHT:
            ImageOps.exif_transpose(image, in_place=True)
        return Scan(_bands(image, grey), rows, columns, scale)


def _factor(image: Pillow.Image, most: float, orientation: int) -> int:
    """Choose how many times smaller to decode: what a JPEG file allows, up to ``most``.

    Its last row and column may stand for pixels that are not there. That does no harm,
    unless turning the picture makes them the first.
    """
    sides = image.size if orientation != UPRIGHT else ()
    return next(f for f in FACTORS if f == 1 or (f <= most and all(side % f == 0 for side in sides)))


def opened(item: str | Path | bytes) -> BinaryIO:
    """Open a picture; a small file is read at once, since each read lets another thread take over."""
    if isinstance(item, bytes):
        return io.BytesIO(item)
    descriptor, size = regular(item)
    if size > SMALL:
        return open(descriptor, "rb", buffering=BUFFER)
    try:
        return io.BytesIO(os.read(descriptor, size))
    finally:
        os.close(descriptor)


def _scan(bands: Bands) -> Scan:
    return Scan(bands, bands[0].height, bands[0].width)


def _require_decent_size(image: Pillow.Image) -> None:
    """Refuse what Pillow only warns of, from the header alone: nothing has been decoded yet."""
    if too_large(image.height, image.width):
        raise DataError(
            f"expected a readable picture: {image.width * image.height} pixels exceeds limit of "
            f"{Pillow.MAX_IMAGE_PIXELS}; reduce it"
        )


def too_large(rows: int, columns: int) -> bool:
    """Tell whether a picture has more pixels than Pillow's limit, ``PIL.Image.MAX_IMAGE_PIXELS``."""
    return Pillow.MAX_IMAGE_PIXELS is not None and rows * columns > Pillow.MAX_IMAGE_PIXELS


def _bands(upright: Pillow.Image, grey: bool) -> Bands:
    if upright.mode == "F" or upright.mode.startswith("I"):
        values = np.asarray(upright, dtype=np.float32)
        return _float_bands(values if upright.mode == "F" else values / np.float32(65535), grey)
    if upright.has_transparency_data:
        over = upright.convert("RGBA")
        upright = Pillow.alpha_composite(Pillow.new("RGBA", over.size, "white"), over)
    mode = "L" if grey or upright.mode in ("1", "L") else "RGB"
    return (upright if upright.mode == mode else upright.convert(mode),)


def bands_of(array: NDArray[Any], grey: bool = False) -> Bands:
    """Turn an array into what Pillow resizes; see `Image` for the arrays that are pictures."""
    channels = 1 if array.ndim == 2 else array.shape[-1]
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or array.size == 0:
        raise DataError(f"expected an array (rows, columns) or (rows, columns, 1, 3 or 4), got shape {array.shape}")
    if array.dtype == np.uint8:
        planes = array.reshape(array.shape[:2]) if channels == 1 else array
        return _bands(Pillow.fromarray(np.ascontiguousarray(planes)), grey)
    if array.dtype.kind not in "bf" and array.dtype != np.uint16:
        raise DataError(f"expected uint8, uint16, or float from 0 to 1, got {array.dtype}; convert the array")
    limit = 1 if array.dtype.kind in "bf" else np.iinfo(array.dtype).max
    return _float_bands(array.astype(np.float32) / np.float32(limit), grey)


def _float_bands(values: NDArray[np.float32], grey: bool) -> Bands:
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise DataError(
            f"expected brightness from 0 to 1, got {values.min()} to {values.max()}; "
            "rescale the picture, or pass modality='series' if it is none"
        )
    planes = values.reshape(*values.shape[:2], -1)
    if planes.shape[-1] == 4:
        planes = planes[..., :3] * planes[..., 3:] + (1 - planes[..., 3:])
    if grey and planes.shape[-1] == 3:
        planes = (planes @ LUMA)[..., None]
    return tuple(Pillow.fromarray(np.ascontiguousarray(planes[..., i])) for i in range(planes.shape[-1]))
