"""How much memory five gigabytes of grids take on their way from files into a network.

    python benchmarks/memory.py [gigabytes]   # some minutes; writes as much to the disk

Pictures are drawn into a temporary folder, which also holds the cache; then they are
read, made into grids of 512×512×3 and trained on for one epoch, as `gz.fit` does it.
Prints the largest resident memory that the process has had after each step.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

SIDE = 512
ASKED = 1.5  # GB


def paint(path: Path, label: int, seed: int) -> None:
    """Draw a smooth picture in noise; its label is the side that is brighter."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 160, (16, 16, 3)).astype(np.uint8)
    small[:, 8 * label : 8 * label + 8] += 60
    Pillow.fromarray(small).resize((SIDE, SIDE), Pillow.Resampling.BICUBIC).save(path, quality=85)


def peak() -> float:
    """Largest resident memory so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Run, and print a table."""
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    count = round(gigabytes * 2**30 / (4 * SIDE * SIDE * 3))
    with tempfile.TemporaryDirectory() as root:
        os.environ["GRIDZOO_CACHE"] = f"{root}/cache"
        paths = [Path(root) / f"{i}.jpg" for i in range(count)]
        labels = np.arange(count) % 2
        with ProcessPoolExecutor() as pool:
            list(pool.map(paint, paths, labels.tolist(), range(count), chunksize=50))
        print(f"{count} pictures, {gigabytes:g} GB of grids")
        run(paths, labels)


def run(paths: list[Path], labels: np.ndarray) -> None:
    """Fit, and say what each step took."""
    import gridzoo as gz
    from adapters.cache import Cache
    from adapters.image import Image
    from training.fitting.recipe import Recipe
    from training.fitting.train import fit_predictor

    print(f"imported              {peak():.2f} GB")
    adapter, cache = Image(SIDE, SIDE, "rgb"), Cache.default()
    start = time.perf_counter()
    reading = cache.read(adapter, paths)
    print(
        f"read                  {peak():.2f} GB {time.perf_counter() - start:6.0f} s, held: {reading.values.held is not None}"
    )
    start = time.perf_counter()
    cache.grids(adapter.fit_read(reading.values), reading.values)
    print(f"made into grids       {peak():.2f} GB {time.perf_counter() - start:6.0f} s")
    del reading
    start = time.perf_counter()
    network = {"name": "allcnn", "width": 4}
    data = gz.load((paths, labels))
    recipe = Recipe(epochs=1, batch_size=8)
    predictor = fit_predictor(data, network, adapter.settings(), recipe)
    print(f"trained for an epoch  {peak():.2f} GB {time.perf_counter() - start:6.0f} s, {predictor.history.curves}")
    print(f"asked: at most {ASKED} GB; reached: {peak():.2f} GB")


if __name__ == "__main__":
    main()
