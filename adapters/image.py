"""Pictures as grids of brightness."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count

Bands = tuple[Pillow.Image, ...]
CHANNELS = {"grey": ("grey",), "rgb": ("red", "green", "blue")}
# ITU-R BT.601-7, section 2.5.1: luma of red, green and blue.
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
PREVIEW_PIXELS = 256


@dataclass(frozen=True)
class Picture:
    """A decoded item: its cells, shape ``(height, width, channels)``, and the size it had."""

    cells: NDArray[np.float32]
    rows: int
    columns: int


@dataclass(frozen=True)
class Placement:
    """One dimension of a picture on its grid: pixels ``start..stop`` fill ``cells`` cells after ``offset``."""

    start: float
    stop: float
    cells: int
    offset: int

    def edges(self, size: int) -> tuple[float, ...]:
        """Borders of the grid's cells, in the picture's pixels."""
        scale = (self.stop - self.start) / self.cells
        return tuple(float(self.start + (i - self.offset) * scale) for i in range(size + 1))


@dataclass(repr=False, eq=False)
class Image(Adapter):
    """Pictures as grids of brightness between 0 and 1.

    Items are paths, encoded bytes, Pillow images, or arrays of shape ``(rows, columns)``
    or ``(rows, columns, 1, 3 or 4)`` in uint8, uint16, bool, or float from 0 to 1.
    Transparency is laid on white, the orientation that a camera noted is obeyed, and
    of an animation the first frame is taken. Reduction is antialiased (bilinear).

    Parameters
    ----------
    height, width : int
        Cells of the grid, at least 1.
    channels : {"grey", "rgb"}
        Grey is luma as in ITU-R BT.601.
    policy : {"stretch", "pad", "crop"}
        How a picture of another aspect fits: distorted; whole, with black borders;
        or its middle.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.zeros((4, 6), dtype=np.uint8)
    >>> adapter = Image(height=2, width=3).fit([picture])
    >>> adapter.transform([picture]).shape
    (1, 2, 3, 1)
    >>> adapter.backproject(np.ones((2, 3)), picture).values.shape
    (4, 6)
    """

    height: Count = 64
    width: Count = 64
    channels: Literal["grey", "rgb"] = "grey"
    policy: Literal["stretch", "pad", "crop"] = "stretch"

    name: ClassVar[str] = "image"
    modality: ClassVar[str] = "image"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:row", "shift:column")
    threaded: ClassVar[bool] = True

    def _read(self, item: Any) -> Picture:
        bands = decode(item)
        columns, rows = bands[0].size
        down, across = self._placements(rows, columns)
        box = (across.start, down.start, across.stop, down.stop)
        parts = [_unit(band.resize((across.cells, down.cells), Pillow.Resampling.BILINEAR, box)) for band in bands]
        cells = np.zeros((self.height, self.width, len(CHANNELS[self.channels])), dtype=np.float32)
        content = _recolour(np.stack(parts, axis=-1), self.channels)
        cells[down.offset : down.offset + down.cells, across.offset : across.offset + across.cells] = content
        return Picture(cells, rows, columns)

    def _fit(self, values: Sequence[Picture]) -> GridSpec:
        axes = (Axis.counted("row", self.height, unit="px"), Axis.counted("column", self.width, unit="px"))
        return GridSpec(axes, CHANNELS[self.channels], "brightness")

    def _grid(self, value: Picture) -> GridArray:
        return value.cells

    def axes_for(self, item: Any) -> tuple[Axis, ...]:
        """Borders of the cells in the picture's own pixels; they lie outside it where it was padded."""
        self._require_fitted()
        return self._axes(self._read(item))

    def backproject(self, relevance: FloatArray, item: Any) -> Attribution:
        """Map relevance to the picture's own pixels; what fell on padding goes to the nearest pixel."""
        self._require_fitted()
        picture = self._read(item)
        pixels = (Axis.counted("row", picture.rows, unit="px"), Axis.counted("column", picture.columns, unit="px"))
        return project(relevance, self._axes(picture), pixels)

    def inverse_transform(self, grids: GridArray) -> list[Picture]:
        """Pictures of the grid's size; what reduction took is gone."""
        self._require_fitted()
        return [Picture(np.clip(grid, 0, 1).astype(np.float32), self.height, self.width) for grid in grids]

    def preview(self, item: Any) -> dict[str, Any]:
        """Show the picture itself, at most 256 pixels wide and high."""
        bands = decode(item)
        scale = min(1.0, PREVIEW_PIXELS / max(bands[0].size))
        size = (max(1, round(bands[0].width * scale)), max(1, round(bands[0].height * scale)))
        parts = [_unit(band.resize(size, Pillow.Resampling.BILINEAR)) for band in bands]
        return _pixels(np.stack(parts, axis=-1))

    def _preview(self, value: Picture) -> dict[str, Any]:
        return _pixels(value.cells)

    def _axes(self, picture: Picture) -> tuple[Axis, Axis]:
        down, across = self._placements(picture.rows, picture.columns)
        return Axis("row", "px", down.edges(self.height)), Axis("column", "px", across.edges(self.width))

    def _placements(self, rows: int, columns: int) -> tuple[Placement, Placement]:
        if self.policy == "stretch":
            return Placement(0, rows, self.height, 0), Placement(0, columns, self.width, 0)
        scales = (self.height / rows, self.width / columns)
        if self.policy == "crop":
            return _middle(rows, self.height, max(scales)), _middle(columns, self.width, max(scales))
        return _bordered(rows, self.height, min(scales)), _bordered(columns, self.width, min(scales))


def _middle(pixels: int, size: int, scale: float) -> Placement:
    kept = min(float(pixels), size / scale)
    return Placement((pixels - kept) / 2, (pixels + kept) / 2, size, 0)


def _bordered(pixels: int, size: int, scale: float) -> Placement:
    cells = min(size, max(1, round(pixels * scale)))
    return Placement(0, pixels, cells, (size - cells) // 2)


def decode(item: Any) -> Bands:
    """Decode a picture into one or three bands of equal size.

    Returns
    -------
    tuple of Pillow images
        Mode ``"L"`` (0..255) or ``"F"`` (0..1); grey, or red, green and blue.

    Raises
    ------
    DataError
        If the item is no picture, is damaged, or is larger than Pillow's limit.
    """
    if isinstance(item, np.ndarray):
        return _array_bands(item)
    if isinstance(item, Pillow.Image):
        return _bands(item)
    if not isinstance(item, str | Path | bytes):
        raise DataError(f"expected a path, bytes, a Pillow image or an array, got {type(item).__name__}")
    source = io.BytesIO(item) if isinstance(item, bytes) else item
    try:
        with Pillow.open(source) as image:
            _require_decent_size(image)
            return _bands(image)
    except DataError:
        raise
    except UnidentifiedImageError as error:  # its message holds a memory address
        raise DataError("expected a readable picture: no format that Pillow knows; replace or remove it") from error
    except Exception as error:  # Pillow's decoders raise almost anything on damaged files
        raise DataError(f"expected a readable picture: {error}; replace or remove it") from error


def _require_decent_size(image: Pillow.Image) -> None:
    """Refuse what Pillow only warns of, from the header alone: nothing has been decoded yet."""
    limit, pixels = Pillow.MAX_IMAGE_PIXELS, image.width * image.height
    if limit is not None and pixels > limit:
        raise DataError(f"expected a readable picture: {pixels} pixels exceeds limit of {limit}; reduce it")


def _bands(image: Pillow.Image) -> Bands:
    upright = ImageOps.exif_transpose(image)
    if upright.mode == "F" or upright.mode.startswith("I"):
        values = np.asarray(upright, dtype=np.float32)
        return _float_bands(values if upright.mode == "F" else values / np.float32(65535))
    if upright.has_transparency_data:
        over = upright.convert("RGBA")
        white = Pillow.new("RGBA", over.size, "white")
        return Pillow.alpha_composite(white, over).convert("RGB").split()
    return upright.convert("L" if upright.mode in ("1", "L") else "RGB").split()


def _array_bands(array: NDArray[Any]) -> Bands:
    channels = 1 if array.ndim == 2 else array.shape[-1]
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or array.size == 0:
        raise DataError(f"expected an array (rows, columns) or (rows, columns, 1, 3 or 4), got shape {array.shape}")
    if array.dtype == np.uint8 and channels != 4:
        planes = array.reshape(*array.shape[:2], channels)
        return tuple(Pillow.fromarray(np.ascontiguousarray(planes[..., i])) for i in range(channels))
    if array.dtype.kind not in "bf" and array.dtype not in (np.uint8, np.uint16):
        raise DataError(f"expected uint8, uint16, or float from 0 to 1, got {array.dtype}; convert the array")
    limit = 1 if array.dtype.kind in "bf" else np.iinfo(array.dtype).max
    return _float_bands(array.astype(np.float32) / np.float32(limit))


def _float_bands(values: NDArray[np.float32]) -> Bands:
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise DataError(f"expected brightness from 0 to 1, got {values.min()} to {values.max()}; rescale the picture")
    planes = values.reshape(*values.shape[:2], -1)
    if planes.shape[-1] == 4:
        planes = planes[..., :3] * planes[..., 3:] + (1 - planes[..., 3:])
    return tuple(Pillow.fromarray(np.ascontiguousarray(planes[..., i])) for i in range(planes.shape[-1]))


def _unit(band: Pillow.Image) -> NDArray[np.float32]:
    values = np.asarray(band, dtype=np.float32)
    return values / np.float32(255) if band.mode == "L" else values


def _recolour(cells: NDArray[np.float32], channels: str) -> NDArray[np.float32]:
    if channels == "rgb":
        return np.broadcast_to(cells, (*cells.shape[:2], 3))
    return cells if cells.shape[-1] == 1 else (cells @ LUMA)[..., None]


def _pixels(cells: NDArray[np.float32]) -> dict[str, Any]:
    return {"kind": "image", "pixels": np.rint(cells * 255).astype(int).tolist()}
