"""Pictures as grids of brightness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, ClassVar, Literal

import numpy as np

from adapters.base import Adapter, GridArray, Honesty
from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, GridSpec, project
from adapters.parameters import Count
from adapters.pictures import opencv
from adapters.pictures.decoding import Cells, decode, unit

CHANNELS = {"grey": ("grey",), "rgb": ("red", "green", "blue")}
PREVIEW_PIXELS = 256


@dataclass(frozen=True)
class Picture:
    """A decoded item: its cells, shape ``(height, width, channels)``, and the size it had.

    Cells are uint8 from 0 to 255, or float32 from 0 to 1.
    """

    cells: Cells
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
    of an animation the first frame is taken. Reduction is antialiased.

    Parameters
    ----------
    height, width : int
        Cells of the grid, at least 1.
    channels : {"grey", "rgb"}
        Grey is luma as in ITU-R BT.601.
    policy : {"stretch", "pad", "crop"}
        How a picture of another aspect fits: distorted; whole, with black borders;
        or its middle.
    backend : {"pillow", "opencv"}
        What decodes and reduces. "pillow": a bilinear filter of the cells' size. "opencv": the
        mean of each cell's area; two to three times as many small files a second, with the
        extra ``gridzoo[opencv]``.

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
    backend: Literal["pillow", "opencv"] = "pillow"

    name: ClassVar[str] = "image"
    modality: ClassVar[str] = "image"
    inverse: ClassVar[Honesty] = "approximate"
    augmentations: ClassVar[tuple[str, ...]] = ("shift:row", "shift:column")
    threaded: ClassVar[bool] = True

    def _read(self, item: Any) -> Picture:
        read = decode if self.backend == "pillow" else opencv.decode
        scan = read(item, self.channels == "grey", self._reduction)
        down, across = self._placements(scan.rows, scan.columns)
        content = scan.resized(across.cells, down.cells, (across.start, down.start, across.stop, down.stop))
        shape = (self.height, self.width, len(CHANNELS[self.channels]))
        if content.shape == shape:
            return Picture(content, scan.rows, scan.columns)
        cells = np.zeros(shape, dtype=content.dtype)
        cells[down.offset : down.offset + down.cells, across.offset : across.offset + across.cells] = content
        return Picture(cells, scan.rows, scan.columns)

    def _fit(self, values: Sequence[Picture]) -> GridSpec:
        axes = (Axis.counted("row", self.height, unit="px"), Axis.counted("column", self.width, unit="px"))
        return GridSpec(axes, CHANNELS[self.channels], "brightness")

    def _grid(self, value: Picture) -> GridArray:
        return unit(value.cells)

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
        scan = decode(item)
        scale = min(1.0, PREVIEW_PIXELS / max(scan.rows, scan.columns))
        rows, columns = max(1, round(scan.rows * scale)), max(1, round(scan.columns * scale))
        return _pixels(scan.resized(columns, rows, (0, 0, scan.columns, scan.rows)))

    def _preview(self, value: Picture) -> dict[str, Any]:
        return _pixels(value.cells)

    def _validate(self) -> None:
        super()._validate()
        if self.backend == "opencv" and find_spec("cv2") is None:
            raise DataError("image: expected OpenCV for backend='opencv', got none; pip install 'gridzoo[opencv]'")

    def _axes(self, picture: Picture) -> tuple[Axis, Axis]:
        down, across = self._placements(picture.rows, picture.columns)
        return Axis("row", "px", down.edges(self.height)), Axis("column", "px", across.edges(self.width))

    def _reduction(self, rows: int, columns: int) -> float:
        """How many pixels there are to a cell, along the axis that has fewer."""
        return min((place.stop - place.start) / place.cells for place in self._placements(rows, columns))

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


def _pixels(cells: Cells) -> dict[str, Any]:
    return {"kind": "image", "pixels": np.rint(unit(cells) * 255).astype(int).tolist()}
