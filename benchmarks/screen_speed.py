"""How long a look at grids without any training takes: asked are 5 seconds for 10,000 grids of 64 × 64 cells.

    python benchmarks/screen_speed.py   # half a minute

Smooth pictures, and the same with their cells shuffled, as arrays in memory and mapped from a file; the slowest of three is printed.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

from training.verdict.screen import screen

ITEMS, SIDE, ASKED = 10_000, 64, 5.0


def main() -> None:
    """Time the screen."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(ITEMS, SIDE, SIDE)).astype(np.float32)
    smooth = gaussian_filter(noise, (0, 2, 2))[..., None]
    order = rng.permutation(SIDE * SIDE)
    shuffled = smooth.reshape(ITEMS, -1)[:, order].reshape(smooth.shape)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "grids.npy")
        np.save(path, smooth)
        kinds = {"smooth": smooth, "shuffled": shuffled, "smooth, mapped from a file": np.load(path, mmap_mode="r")}
        for name, grids in kinds.items():
            took = []
            for _ in range(3):
                started = time.perf_counter()
                found = screen(grids, ["row", "column"])
                took.append(time.perf_counter() - started)
            seen = "structure" if found.structure else "none"
            print(f"{name}: {seen}; {max(took):.2f} s, asked at most {ASKED:g} s")


if __name__ == "__main__":
    main()
