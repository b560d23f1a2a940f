"""From which size on a network trains faster in bfloat16: the usual networks and others, on grids of many sizes.

    python benchmarks/precision_gain.py      # five minutes of one core

Both precisions train the same network on the same random grids by the recipe's batch, in turns, on one thread: the
median of what float32 takes in relation to bfloat16, seconds of the processor. The table is printed, smallest first,
and kept in ``precision_gain.csv``; `training.fitting.precision.GAINS_FROM` is read from it.
"""

from __future__ import annotations

import csv
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

import zoo
from training.fitting.network import Network
from training.fitting.precision import Precision
from training.fitting.recipe import Recipe

OUT = Path(__file__).resolve().parent / "precision_gain.csv"
PRECISIONS: tuple[Precision, ...] = ("float32", "mixed_bfloat16")
ROUNDS, ROUND = 5, 1.0  # of so many seconds at least
WIDE = {"width": 32}
# Grid, size of its vocabulary, and the networks that read it.
CASES: tuple[tuple[tuple[int, ...], int, tuple[tuple[str, dict[str, Any]], ...]], ...] = (
    ((16, 1), 0, (("tc-resnet8", {}), ("fcn", {}), ("mlp", {}))),
    ((24, 1), 0, (("tc-resnet8", {}), ("fcn", {}), ("inceptiontime", {}), ("lite", {}), ("ts-resnet", {}))),
    ((60, 8), 0, (("tc-resnet8", {}), ("fcn", {}), ("lenet5", {}))),
    ((150, 1), 0, (("tc-resnet8", {}), ("fcn", {}), ("inceptiontime", {}), ("ts-resnet", {}))),
    ((8, 8, 1), 0, (("res8", WIDE), ("lenet5", {}), ("resnet8", {}))),
    ((28, 28, 1), 0, (("res8", WIDE), ("lenet5", {}), ("resnet8", {}), ("mlp", {}))),
    ((32, 32, 3), 0, (("res8", WIDE), ("resnet8", {}), ("resnet20", {}))),
    ((63, 40, 1), 0, (("res8", WIDE), ("lenet5", {}), ("resnet8", {}))),
    ((30,), 8000, (("textcnn", {"embedding": 50}), ("textcnn", {}), ("fcn", {}))),
)


def pace(network: Network, x: np.ndarray, y: np.ndarray, batch: int) -> float:
    """Seconds of the processor that an epoch takes."""
    weights, rates = np.ones(len(x), np.float32), np.full(-(-len(x) // batch), 1e-3, np.float32)
    epochs, start = 0, time.process_time()
    while (spent := time.process_time() - start) < ROUND:
        network.epoch(x, y, weights, rates, batch, 1e-4, 0.0, network.dropout)
        epochs += 1
    return spent / epochs


def row(shape: tuple[int, ...], vocabulary: int, name: str, settings: dict[str, Any]) -> tuple[Any, ...]:
    """Measure one network in both precisions."""
    grid, arch, batch = zoo.Grid(shape, vocabulary), zoo.architecture(name, settings), Recipe().batch_size
    macs = zoo.measure(arch, grid, 10).macs
    items = batch * max(2, min(20, 2_000_000_000 // (3 * macs * batch)))
    rng = np.random.default_rng(0)
    x = (
        rng.integers(0, vocabulary, (items, *shape), np.int32)
        if vocabulary
        else rng.random((items, *shape), np.float32)
    )
    y = rng.integers(0, 10, items).astype(np.int32)
    networks = [Network(arch, grid, 10, "adam", decays=True, precision=precision) for precision in PRECISIONS]
    ratios = []
    for _ in range(1 + ROUNDS):
        plain, half = (pace(network, x, y, batch) for network in networks)
        ratios.append(plain / half)
    label = " ".join([name, *(f"{key}={value}" for key, value in settings.items())])
    return macs, label, "×".join(map(str, shape)), round(statistics.median(ratios[1:]), 2)


def main() -> None:
    """Measure all, and keep the table."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})  # as in a worker
    rows = []
    for shape, vocabulary, networks in CASES:
        for name, settings in networks:
            rows.append(row(shape, vocabulary, name, settings))
            print(*rows[-1], flush=True)
    with OUT.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table, lineterminator="\n").writerows([("macs", "network", "grid", "faster"), *sorted(rows)])


if __name__ == "__main__":
    main()
