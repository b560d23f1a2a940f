"""How long it takes to load and sum up ten thousand records.

    python benchmarks/records.py [records]   # asked: at most 1 s for 10,000

Writes a run folder as a comparison of 20 networks in 2 arms on 250 folds leaves it, with test
items, curves and trials of the usual length, and reads it in a new process: once cold
in Python's terms, the files in the page cache. Prints seconds of reading, of summing up
and of making the table, and asks that nothing was skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from training.chapters import DataCard, Plan
from training.folder import RunFolder
from training.records import Cost, Record, Run, Trial, canonical

NETWORKS, ARMS, ITEMS, EPOCHS = 20, ("original", "permuted"), 60, 40
RECIPE = {"epochs": EPOCHS, "batch_size": 32, "optimizer": "adam", "learning_rate": 0.002, "weight_decay": 1e-4,
          "label_smoothing": 0.0, "validation": 0.15, "patience": 10, "balance": False, "augment": True,
          "scale": "channel", "seconds": None}  # fmt: skip
VERSIONS = {"gridzoo": "0.1.0", "keras": "3.15.1", "keras-tuner": "1.4.8", "tensorflow": "2.21.0", "numpy": "2.4.0"}
ASKED = 1.0  # s


def record(network: int, arm: str, fold: int, rng: np.random.Generator) -> Record:
    """Draw one record of the usual size."""
    truth = rng.integers(0, 10, ITEMS)
    predicted = np.where(rng.random(ITEMS) < 0.7 + network / 100, truth, rng.integers(0, 10, ITEMS))
    run = Run(
        dataset="digits", fingerprint="0123456789abcdef" * 2, adapter={"name": "image", "height": 8, "width": 8},
        kind="cnn", model={"name": "lenet5", "label": f"lenet5 width={network}", "width": network, "dropout": 0.0},
        arm=arm, recipe=RECIPE, tuning={}, split="stratified 5-fold", repeat=fold // 5, fold=fold % 5, seed=0,
        versions=VERSIONS,
    )  # fmt: skip
    accuracy = float(np.mean(truth == predicted))
    curves = {
        name: np.round(rng.random(EPOCHS), 6).tolist()
        for name in ("loss", "accuracy", "validation_loss", "validation_accuracy")
    }
    return Record(
        run, "ok", classes=[str(i) for i in range(10)],
        scores={"accuracy": accuracy, "balanced_accuracy": accuracy, "log_loss": 0.5, "validation_accuracy": accuracy},
        confusion=np.bincount(truth * 10 + predicted, minlength=100).reshape(10, 10).tolist(), curves=curves,
        test=rng.permutation(1797)[:ITEMS].tolist(), truth=truth.tolist(), predicted=predicted.tolist(),
        trials=[Trial({"recipe.learning_rate": 0.001}, 0.5, 10, 1.0)] * 3, parameters=1000,
        cost=Cost(1.0, 0.1, 0.9, 0.1, 500.0, "2026-01-01T00:00:00+00:00"),
    )  # fmt: skip


def write(path: Path, count: int) -> None:
    """Write a run folder; without fsync, which is not what is measured."""
    folder, rng = RunFolder(path), np.random.default_rng(0)
    folder.create()
    folds = count // (NETWORKS * len(ARMS))
    runs = []
    for network in range(NETWORKS):
        for arm in ARMS:
            for fold in range(folds):
                one = record(network, arm, fold, rng)
                runs.append(one.run)
                (path / "records" / f"{one.run.key}.json").write_text(canonical(one.to_json()), encoding="utf-8")
    folder.write_card(DataCard("digits", "image", "", "", "", "", False, [], {"0": 1}, {}, "", [], 0, []))
    folder.write_plan(Plan("digits", {}, "", runs, {}))
    size = sum(file.stat().st_size for file in (path / "records").iterdir())
    print(
        f"{len(runs)} records, {size / len(runs) / 1024:.1f} kB each; the plan {asdict(runs[0]).__len__()} fields a run"
    )


def measure(path: Path) -> None:
    """Read it, and say how long each step took."""
    from training import comparison
    from training.summary import summarise

    started, busy = time.perf_counter(), time.process_time()
    read = comparison.Comparison.read(path)
    table, (results,) = read.table(), read.results
    seconds, spent = time.perf_counter() - started, time.process_time() - busy
    assert len(table) == NETWORKS * len(ARMS)
    assert table["done"].sum() == len(results.records) == len(results.plan.runs)
    print(f"read and table {seconds:.2f} s ({spent:.2f} s of processor); asked: {ASKED} s")
    for what in ("verdicts", "chapter"):
        busy = time.process_time()
        getattr(results, what)
        print(f"{what}, worked out when asked for: {time.process_time() - busy:.2f} s of processor")
    del read, table, results
    folder = RunFolder(path)
    started = time.perf_counter()
    (plan,) = folder.plans()
    planned = time.perf_counter()
    records = folder.records(plan)
    loaded = time.perf_counter()
    summarise(plan.runs, records)
    summed = time.perf_counter()
    assert len(records) == len(plan.runs)
    print(f"plan {planned - started:.2f} s, records {loaded - planned:.2f} s, summary {summed - loaded:.2f} s")


def main() -> None:
    """Write in this process, read in another."""
    if len(sys.argv) == 3:
        measure(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
        subprocess.run([sys.executable, __file__, "read", place], env=os.environ, check=True)


if __name__ == "__main__":
    main()
