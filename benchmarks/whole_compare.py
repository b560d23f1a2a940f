"""How much of the machine a whole comparison uses, and where the rest goes.

    python benchmarks/whole_compare.py [items] [epochs]     # 3,000 and the recipe's own 40: about four minutes on two cores

Reads PNG files, lays their grids out, traces, trains, tests and records ResNet-20 at 32×32×3, on
the grid and with shuffled cells: two folds of two arms, one run a core at a time. The arithmetic of its convolutions –
3 × forward for every training item and epoch, 1 × for every validation item and epoch and every
test item – is held against what a matrix product reaches on the same cores in float32, both
cores at once, measured before and after. Prints a table of where the cores' seconds went.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from gridzoo import api
from training.chapters import Chapter
from training.comparison import Watch

SIDE, SIZE, FOLDS = 32, 2048, 2
CORES = len(os.sched_getaffinity(0))


def peak(seed: int) -> float:
    """FLOP a second of a float32 matrix product on one thread, the median of several."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    a = tf.random.stateless_normal((SIZE, SIZE), seed=(seed, 0))
    rates = []
    for _ in range(15):
        start = time.perf_counter()
        tf.linalg.matmul(a, a).numpy()
        rates.append(2 * SIZE**3 / (time.perf_counter() - start))
    return statistics.median(rates)


def peaks() -> float:
    """FLOP a second of all cores at once."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        return sum(pool.map(peak, range(CORES)))


def pictures(folder: Path, items: int) -> None:
    """Draw textures that a network can tell apart: stripes of ten directions in noise."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    for i in range(items):
        angle = np.pi * (i % 10) / 10
        stripes = np.sin(0.8 * (rows * np.cos(angle) + columns * np.sin(angle)) + rng.uniform(0, 6))
        cells = 127 + 50 * stripes[..., None] + rng.normal(0, 40, (SIDE, SIDE, 3))
        (folder / str(i % 10)).mkdir(exist_ok=True)
        Image.fromarray(cells.clip(0, 255).astype(np.uint8)).save(folder / str(i % 10) / f"{i}.png")


def arithmetic(chapter: Chapter) -> float:
    """FLOP of the convolutions and dense layers of all runs."""
    import zoo

    total = 0.0
    for record in chapter.records:
        macs = zoo.measure("resnet20", zoo.Grid((SIDE, SIDE, 3)), len(record.classes)).macs
        items = sum(chapter.card.counts.values()) - len(record.test)
        held = round(record.run.recipe["validation"] * items)
        epochs = len(record.curves["loss"])
        total += 2 * macs * (epochs * (3 * (items - held) + held) + len(record.test))
    return total


def main() -> None:
    """Run the comparison between two measurements of the peak, and print where the time went."""
    items, epochs = (int(value) for value in (sys.argv[1:] + ["3000", "40"][len(sys.argv) - 1 :]))
    laid_out: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["GRIDZOO_CACHE"] = str(Path(scratch) / "cache")  # nothing is read from an earlier run
        source = Path(scratch) / "pictures"
        source.mkdir()
        pictures(source, items)
        before = peaks()
        start = time.perf_counter()
        comparison = api.compare(
            source, out=Path(scratch) / "runs", workers=CORES,
            watch=Watch(planned=lambda runs: laid_out.append(time.perf_counter() - start)),
            settings={
                "adapters": [{"name": "image", "height": SIDE, "width": SIDE, "channels": "rgb"}],
                "architectures": ["resnet20"], "baselines": [], "folds": FOLDS,
                "recipe": {"epochs": epochs, "batch_size": 128, "patience": epochs, "precision": "float32"},
            },
        )  # fmt: skip
        wall = time.perf_counter() - start
        top = statistics.mean([before, peaks()])
    (chapter,) = comparison.chapters
    report(wall, laid_out[0], top, chapter)


def report(wall: float, laid_out: float, top: float, chapter: Chapter) -> None:
    """Print the table."""
    done = arithmetic(chapter)
    costs = [record.cost for record in chapter.records]
    traced, trained = (sum(getattr(cost, name) for cost in costs) for name in ("build_seconds", "train_seconds"))
    inside = sum(cost.seconds for cost in costs)
    rows = {
        "the arithmetic at peak": done / top * CORES,
        "training, beyond the arithmetic": trained - done / top * CORES,
        "tracing and drawing networks": traced,
        "loading, scaling, shuffling, testing": inside - traced - trained,
        "reading and laying out, all cores": laid_out * CORES,
        "waiting: start, end, idle workers": wall * CORES - laid_out * CORES - inside,
    }
    print(f"{len(costs)} runs, {wall:.1f} s on {CORES} cores; peak {top / 1e9:.0f} GFLOP/s; {done / 1e12:.2f} TFLOP")
    for name, seconds in rows.items():
        print(f"{name:40s} {seconds:7.1f} core seconds {seconds / wall / CORES:6.1%}")
    print(f"share of the peak: {done / wall / top:.2f} (asked: 0.50)")


if __name__ == "__main__":
    main()
