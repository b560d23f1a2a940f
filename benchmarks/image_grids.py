"""How fast picture files become grids, beside Pillow decoding alone, in one run.

::

    python benchmarks/image_grids.py

Writes photographs of 64 to 224 pixels into a temporary folder: parts of the two that
scikit-learn carries, as PNG and as JPEG. Every way reads the same files with one thread
a core, in turns; wall-clock, the median of the rounds. OpenCV joins where it is
installed. Quality is the root mean square difference, in grey levels of 255, to the mean
of each cell's area in the pictures as they were before JPEG.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from sklearn.datasets import load_sample_images

from adapters.image import Image
from adapters.reading import ITEMS_A_THREAD, cores

FILES, ROUNDS, CELLS = 1000, 5, 64
FORMATS: dict[str, dict[str, Any]] = {"png": {}, "jpg": {"quality": 90}}
BACKENDS = ("pillow", "opencv") if find_spec("cv2") else ("pillow",)
Way = Callable[[Sequence[Path]], Any]


def photographs(rng: np.random.Generator) -> Iterator[Pillow.Image]:
    """Cut parts of photographs and reduce them to 64..224 pixels."""
    whole = [Pillow.fromarray(photograph) for photograph in load_sample_images().images]
    for number in range(FILES):
        width, height = (int(side) for side in rng.integers(64, 225, size=2))
        left, upper = int(rng.integers(640 - width)), int(rng.integers(427 - height))
        zoom = float(rng.uniform(1, min((640 - left) / width, (427 - upper) / height)))
        box = (left, upper, left + zoom * width, upper + zoom * height)
        yield whole[number % 2].resize((width, height), Pillow.Resampling.LANCZOS, box)


def on_all_cores(one: Callable[[Path], Any], chunk: int = ITEMS_A_THREAD, threads: int = cores()) -> Way:
    """Make a way of one that reads a single file; threads take ``chunk`` files at a time."""

    def way(paths: Sequence[Path]) -> list[Any]:
        chunks = [paths[i : i + chunk] for i in range(0, len(paths), chunk)]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda chunk: [one(path) for path in chunk], chunks))

    return way


def decoded(path: Path) -> None:
    """Decode with Pillow, and no more."""
    with Pillow.open(path) as image:
        image.load()


def reduced(path: Path) -> Any:
    """Decode and resize with Pillow."""
    with Pillow.open(path) as image:
        return np.asarray(image.resize((CELLS, CELLS), Pillow.Resampling.BILINEAR))


def by_opencv(path: Path) -> Any:
    """Decode and resize with OpenCV."""
    import cv2

    pixels = cv2.imread(str(path))
    if pixels is None:
        raise OSError(f"{path} cannot be read")
    return cv2.resize(pixels, (CELLS, CELLS), interpolation=cv2.INTER_AREA)


def speeds(ways: dict[str, Way], paths: Sequence[Path]) -> dict[str, float]:
    """Files a second of each way; the ways take turns, so that what disturbs one disturbs all."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.perf_counter()
            way(paths)
            seconds[name].append(time.perf_counter() - start)
    return {name: len(paths) / statistics.median(times) for name, times in seconds.items()}


def areas(picture: Pillow.Image) -> NDArray[np.float64]:
    """Average each cell's area exactly: a pixel that two cells share counts in both by its shares."""
    pixels = np.asarray(picture, dtype=float)
    down, across = (shares(size) for size in pixels.shape[:2])
    return np.moveaxis(np.tensordot(across, np.tensordot(down, pixels, axes=1), axes=(1, 1)), 0, 1)


def shares(size: int) -> NDArray[np.float64]:
    """Shares of ``size`` pixels in each cell, shape ``(CELLS, size)``."""
    edges, pixels = np.linspace(0, size, CELLS + 1), np.arange(size)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    found: NDArray[np.float64] = np.clip(covered, 0, None) * CELLS / size
    return found


def quality(pictures: Sequence[Pillow.Image], paths: Sequence[Path]) -> dict[str, float]:
    """Root mean square differences of JPEG grids to the means of each cell's area."""
    truth = np.stack([areas(picture) for picture in pictures])
    grids = {"decoded whole, then resized": np.stack([reduced(path) for path in paths])}
    for backend in BACKENDS:
        adapter = Image(CELLS, CELLS, "rgb", backend=backend)  # type: ignore[arg-type]
        grids[f"the adapter, {backend}"] = adapter.fit_transform(paths) * 255
    return {name: float(np.sqrt(np.mean((own - truth) ** 2))) for name, own in grids.items()}


def main() -> None:
    """Print files a second, ratios to the floor, and quality."""
    ways: dict[str, Way] = {
        "Pillow, decoding alone": on_all_cores(decoded),
        "… with one thread": on_all_cores(decoded, threads=1),
        "… file by file": on_all_cores(decoded, chunk=1),
        "Pillow, resized": on_all_cores(reduced),
    }
    if "opencv" in BACKENDS:
        ways["OpenCV, resized"] = on_all_cores(by_opencv)
    ways |= {
        f"adapter, {colour}, {backend}": Image(CELLS, CELLS, colour, backend=backend).read  # type: ignore[arg-type]
        for colour in ("rgb", "grey")
        for backend in BACKENDS
    }
    pictures = list(photographs(np.random.default_rng(0)))
    with tempfile.TemporaryDirectory() as folder:
        for ending, options in FORMATS.items():
            paths = [Path(folder, f"{number}.{ending}") for number in range(len(pictures))]
            for picture, path in zip(pictures, paths, strict=True):
                picture.save(path, **options)
            found = speeds(ways, paths)
            floor = found["Pillow, decoding alone"]
            for name, speed in found.items():
                print(f"{ending}  {name:24} {speed:7.0f} files/s, {speed / floor:.2f} of the floor")
        for name, difference in quality(pictures, paths).items():
            print(f"jpg  {name}: {difference:.2f} grey levels from the picture")


if __name__ == "__main__":
    main()
