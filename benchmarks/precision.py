"""What bfloat16 does to scores and to time: the same networks, folds, weights and orders in both precisions.

    GRIDZOO_DATA=<folder> python benchmarks/precision.py [data …]   # about half an hour of two cores

Each network learns for 15 epochs, without augmentation, from four fifths of at most 2,500 items (other speakers are
tested, where speakers are known): five folds, twice. Time is that of the processor, an epoch. Runs lie in
``runs/precision`` and are not done again; the table is printed, and kept in ``precision.csv``.
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
from pathlib import Path
from typing import Any

from gridzoo import api
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.records import Record
from training.splits import Split
from training.verdict.statistics import compare
from training.verdict.suited import draw

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or HERE.parent.parent / "shared" / "data")
OUT, RUNS = HERE / "precision.csv", HERE.parent / "runs" / "precision"
ITEMS, EPOCHS = 2500, 15
PICTURE = {"name": "image", "height": 32, "width": 32}
WIDE = {"name": "res8", "width": 32}
CASES: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("digits", {"name": "res8-narrow"}, {}),
    ("mnist-5k", {"name": "res8-narrow"}, {}),
    ("dna-splice", {"name": "tc-resnet8"}, {}),
    ("ucr/ItalyPowerDemand", {"name": "fcn"}, {}),
    ("letter", {"name": "fcn"}, {}),
    ("ucr/ECG200", {"name": "inceptiontime"}, {}),
    ("mnist-5k", WIDE, {}),
    ("fashion-mnist", {"name": "resnet8"}, {}),
    ("fsdd", WIDE, {}),
    ("tones", WIDE, {}),
    ("sign-language-digits", {"name": "resnet8"}, PICTURE),
)
HEAD = ("data", "network", "float32", "bfloat16", "difference", "low", "high", "folds", "faster")


def runs(source: str, network: dict[str, Any], adapter: dict[str, Any], precision: str) -> list[Record]:
    """Do the runs of one precision, as far as they are not done."""
    data = draw(api.load(source, data_home=HOME), ITEMS, seed=0)
    split: Split = "stratified" if data.groups is None else "stratified-group"
    experiment = Experiment(
        source, adapters=(adapter,) if adapter else (), architectures=(Model.of(network, tuned=False),), arms=("original",), baselines=(),
        splits=(split,), folds=5, repeats=2,
        recipe=Recipe(epochs=EPOCHS, patience=EPOCHS, augment=False, precision=precision),  # type: ignore[arg-type]
    )  # fmt: skip
    done = api.compare(data, out=RUNS / source / labelled(network) / precision, settings=experiment.to_json())
    return done.chapters[0].records


def pace(records: list[Record]) -> float:
    """Seconds of the processor that an epoch takes, the median of all runs."""
    return statistics.median(one.cost.processor_seconds / len(one.curves["loss"]) for one in records)


def labelled(network: dict[str, Any]) -> str:
    """Name a network with what differs from the published one."""
    return " ".join([network["name"], *(f"{key}={value}" for key, value in network.items() if key != "name")])


def row(source: str, network: dict[str, Any], adapter: dict[str, Any]) -> tuple[Any, ...]:
    """Compare both precisions on one data set, fold by fold."""
    plain, half = (runs(source, network, adapter, name) for name in ("float32", "mixed_bfloat16"))
    found = compare(half, plain)
    assert found is not None, "both have all folds"
    means = [statistics.fmean(one.scores["accuracy"] for one in records) for records in (plain, half)]
    points = [round(100 * value, 2) for value in (*means, found.mean, found.low, found.high)]
    return source, labelled(network), *points, found.folds, round(pace(plain) / pace(half), 2)


def main() -> None:
    """Compare what the command line names, or all."""
    wanted = sys.argv[1:]
    for case in CASES:
        if wanted and case[0] not in wanted:
            continue
        made = row(*case)
        print(*made, flush=True)
        kept = list(csv.reader(OUT.open(encoding="utf-8")))[1:] if OUT.is_file() else []
        others = [line for line in kept if line[:2] != list(made[:2])]
        with OUT.open("w", encoding="utf-8", newline="") as table:
            csv.writer(table, lineterminator="\n").writerows([HEAD, *others, made])


if __name__ == "__main__":
    main()
