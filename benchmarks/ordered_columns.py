"""What the order of columns is worth, network by network, on tables whose columns lie in a meaningful order.

    GRIDZOO_DATA=<folder> python benchmarks/ordered_columns.py [data …]   # about a quarter of an hour of two cores

sonar has 60 neighbouring frequency bands, pendigits eight points along a pen's way; 1,000 of the latter are used, since from
more every network is right about all but one in a hundred. Each network is trained by the default recipe without
augmentation and without a search, on five folds twice: in the given order, and in ten random ones a repeat. Printed and kept in
``ordered_columns.csv``, in points: accuracy in the given order and in the others, what it is worth with its 95 % interval, how many of
the random orders did as well, and the p-value that the given one is a draw like them (`training.verdict.contrasts.among_orders`).
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from gridzoo import api
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.records import Record
from training.verdict.contrasts import among_orders, order_contrast
from training.verdict.suited import draw

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or HERE.parent.parent / "shared" / "data")
OUT, RUNS = HERE / "ordered_columns.csv", HERE.parent / "runs" / "ordered_columns"
ITEMS, FOLDS, REPEATS, ORDERS = 1000, 5, 2, 10
DATA = ("sonar", "pendigits")
NETWORKS: tuple[dict[str, Any], ...] = (
    {"name": "lenet5", "activation": "relu", "width": 2.0, "dropout": 0.25},
    {"name": "res8", "width": 32},
    {"name": "tc-resnet8"},
    {"name": "fcn"},
)
HEAD = ("data", "network", "given", "random", "difference", "low", "high", "as good", "orders", "p")


def runs(source: str, network: dict[str, Any]) -> list[Record]:
    """Train one network in all orders, as far as that is not done."""
    experiment = Experiment(
        source, architectures=(Model.of(network, tuned=False),), baselines=(), folds=FOLDS, repeats=REPEATS,
        arms=("original", *(f"permuted {k}" for k in range(ORDERS))), recipe=Recipe(augment=False),
    )  # fmt: skip
    data = draw(api.load(source, data_home=HOME), ITEMS, seed=0)
    done = api.compare(data, out=RUNS / source / network["name"], settings=experiment.to_json())
    return done.chapters[0].records


def row(source: str, network: dict[str, Any]) -> tuple[Any, ...]:
    """Compare the given order with the others."""
    records = runs(source, network)
    given = [record for record in records if record.run.arm == "original"]
    others = [record for record in records if record.run.arm != "original"]
    worth, among = order_contrast(given, others), among_orders(given, others)
    assert worth is not None, "both have all folds"
    assert among is not None, "there are ten orders a repeat"
    one = statistics.fmean(record.scores["accuracy"] for record in given)
    by_order: dict[tuple[str, int], list[float]] = defaultdict(list)
    for record in others:
        by_order[record.run.arm, record.run.repeat].append(record.scores["accuracy"])
    means = [statistics.fmean(own) for own in by_order.values()]
    points = [round(100 * value, 1) for value in (one, statistics.fmean(means), worth.mean, *worth.interval())]
    label = " ".join([network["name"], *(f"{key}={value}" for key, value in network.items() if key != "name")])
    return source, label, *points, sum(mean >= one for mean in means), len(means), float(f"{among.p_value:.2g}")


def main() -> None:
    """Train on what the command line names, or on both."""
    wanted = sys.argv[1:] or DATA
    rows = []
    for source in wanted:
        for network in NETWORKS:
            rows.append(row(source, network))
            print(*rows[-1], flush=True)
    kept = list(csv.reader(OUT.open(encoding="utf-8")))[1:] if OUT.is_file() else []
    others = [line for line in kept if line[0] not in wanted]
    with OUT.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table, lineterminator="\n").writerows([HEAD, *others, *rows])


if __name__ == "__main__":
    main()
