"""Every network of the zoo: what it is, and how fast it builds, predicts and learns.

    python benchmarks/architectures.py sizes            # docs/zoo.md; some minutes
    python benchmarks/architectures.py speed            # docs/zoo-speed.md: one network a family; ten minutes
    python benchmarks/architectures.py speed PATTERN    # the same for those whose names fit; '*' takes an hour

Sizes are counted at the paper's own input, without allocating a weight. Speed is
measured on one small grid for all, so that rows can be compared: 32×32×3, or 1024×3
for networks on one axis; 10 classes, batches of 32, float32, Adam, no XLA. Machines
are noisy: compare rows of one table, not tables.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import zoo
from zoo.grid import written
from zoo.registry import FAMILIES

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIZES = ("network", "input", "classes", "parameters", "MACs", "receptive field", "every", "paper")
SPEED = ("network", "grid", "built in", "first step", "predicts", "learns", "LeNet-5 = 1")
BATCH, OUTPUTS, REPEATS = 32, 10, 5
SMALL, LONG = zoo.Grid((32, 32, 3)), zoo.Grid((1024, 3))


def size_row(name: str) -> str:
    """Count one network at its paper's input."""
    arch = zoo.architecture(name)
    native = arch.published_for
    size = zoo.measure(arch, native.grid, native.outputs)
    *_, last = zoo.receptive_fields(arch, native.grid).values()
    cells = (written(native.shape), f"{native.outputs:,}", f"{size.parameters:,}", f"{size.macs:,}")
    paper = f"{arch.reference.authors} {arch.reference.year}, {arch.reference.where}"
    return row(name, *cells, written(last.size), written(last.stride), paper)


def speed_row(name: str, unit: float) -> tuple[str, float]:
    """Time one network; gives its training items a second beside the row."""
    import keras

    arch = zoo.architecture(name)
    grid = LONG if arch.supports(SMALL) else SMALL
    x = np.random.default_rng(0).normal(size=(BATCH, *grid.shape)).astype(np.float32)
    y = np.arange(BATCH) % OUTPUTS
    start = time.perf_counter()
    model = zoo.build(arch, grid, OUTPUTS)
    built = time.perf_counter() - start
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, jit_compile=False)
    start = time.perf_counter()
    model.train_on_batch(x, y)
    first = time.perf_counter() - start
    learns = BATCH / seconds(lambda: model.train_on_batch(x, y))
    model.predict_on_batch(x)
    predicts = BATCH / seconds(lambda: model.predict_on_batch(x))
    keras.backend.clear_session()
    gc.collect()
    cells = (f"{built:.2f} s", f"{first:.1f} s", f"{predicts:,.0f} /s", f"{learns:,.0f} /s")
    return row(name, written(grid.shape), *cells, f"{learns / (unit or learns):.3f}"), learns


def seconds(call: Callable[[], Any]) -> float:
    """Median time of a call."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def row(*cells: str) -> str:
    """Write one line of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def sizes() -> Iterator[str]:
    """Count every network."""
    return (size_row(name) for name in zoo.names())


def speed(pattern: str) -> Iterator[str]:
    """Time LeNet-5, then every network whose name fits; without a pattern the first of each family."""
    speed_row("lenet5", 0)  # the first network pays for what TensorFlow loads
    _, unit = speed_row("lenet5", 0)
    chosen = zoo.names(pattern) if pattern else sorted(next(iter(family.variants)) for family in FAMILIES)
    return (speed_row(name, unit)[0] for name in chosen)


def publish(page: str, title: str, words: str, columns: tuple[str, ...], rows: Iterator[str]) -> None:
    """Print a table as it grows, then write its page."""
    lines = [row(*columns), "|" + "---|" * len(columns)]
    print("\n".join(lines))
    for line in rows:
        print(line, flush=True)
        lines.append(line)
    text = "\n".join([f"# {title}", "", words, "", *lines, ""])
    (DOCS / page).write_text(text, encoding="utf-8")


def main() -> None:
    """Make the table that the command line names."""
    what, *rest = sys.argv[1:] or ["sizes"]
    if what == "sizes":
        words = (
            "`python benchmarks/architectures.py sizes` printed this: each network at its paper's input. Parameters are the "
            "trainable ones; MACs are multiply–accumulates of convolutions and dense layers for one input. The "
            "receptive field is that of the last stage, in cells of the input, one field every so many cells."
        )
        publish("zoo.md", "The zoo", words, SIZES, sizes())
    else:
        command = " ".join(["python benchmarks/architectures.py", what, *rest])
        words = (
            f"`{command}` printed this, with batches of {BATCH} on two cores. *First step* holds the tracing of the "
            "training step. The last column is training speed beside LeNet-5's in the same run, on 32×32×3."
        )
        publish("zoo-speed.md", "Speed of the zoo", words, SPEED, speed(rest[0] if rest else ""))


if __name__ == "__main__":
    main()
