"""What the order of cells is worth where no search and no limit of time blurs it.

    GRIDZOO_DATA=<folder> python benchmarks/orders.py [data …]   # about twenty-five minutes of two cores

sonar has 60 neighbouring frequency bands, pendigits eight points along a pen's way; 1,000 of the latter are used, since from
more every network is right about all but one in a hundred. Each network is trained by the default recipe without
augmentation and without a search, on five folds twice: in the given order, and in ten random ones a repeat. fsdd's six
speakers are left out one by one, beside five orders. Printed and kept in
``orders.csv``, in points: accuracy in the given order and in the others, what it is worth with its 95 % interval, how many of
the random orders did as well, and the p-value that the given one is a draw like them (`training.verdict.contrasts.among_orders`).
"""

from __future__ import annotations

import os
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rows import write_rows

from gridzoo import api
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.records import Record
from training.splits import Split
from training.verdict.contrasts import among_orders, order_contrast
from training.verdict.suited import draw

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or HERE.parent.parent / "shared" / "data")
OUT, RUNS = HERE / "orders.csv", HERE.parent / "runs" / "orders"
Network = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How one data set is looked at."""

    networks: tuple[Network, ...]
    items: int = 1000
    split: Split = "stratified"
    repeats: int = 2
    orders: int = 10


WIDE: Network = {"name": "res8", "width": 32}
ROWS = (
    {"name": "lenet5", "activation": "relu", "width": 2.0, "dropout": 0.25},
    WIDE,
    {"name": "tc-resnet8"},
    {"name": "fcn"},
)
DATA = {"sonar": Look(ROWS), "pendigits": Look(ROWS), "fsdd": Look((WIDE,), 5000, "leave-one-group-out", 1, 5)}
HEAD = ("data", "network", "given", "random", "difference", "low", "high", "as good", "orders", "p")


def runs(source: str, network: Network) -> list[Record]:
    """Train one network in all orders, as far as that is not done."""
    look = DATA[source]
    experiment = Experiment(
        source, architectures=(Model.of(network, tuned=False),), baselines=(), folds=5, repeats=look.repeats,
        splits=(look.split,), arms=("original", *(f"permuted {k}" for k in range(look.orders))), recipe=Recipe(augment=False),
    )  # fmt: skip
    data = draw(api.load(source, data_home=HOME), look.items, seed=0)
    done = api.compare(data, out=RUNS / source / network["name"], settings=experiment.to_json())
    return done.chapters[0].records


def row(source: str, network: Network) -> tuple[Any, ...]:
    """Compare the given order with the others."""
    records = runs(source, network)
    given = [record for record in records if record.run.arm == "original"]
    others = [record for record in records if record.run.arm != "original"]
    worth, among = order_contrast(given, others), among_orders(given, others)
    assert worth is not None, "both have all folds"
    assert among is not None, "there are several orders a repeat"
    one = statistics.fmean(record.scores["accuracy"] for record in given)
    by_order: dict[tuple[str, int], list[float]] = defaultdict(list)
    for record in others:
        by_order[record.run.arm, record.run.repeat].append(record.scores["accuracy"])
    means = [statistics.fmean(own) for own in by_order.values()]
    points = [round(100 * value, 1) for value in (one, statistics.fmean(means), worth.mean, *worth.interval())]
    label = " ".join([network["name"], *(f"{key}={value}" for key, value in network.items() if key != "name")])
    return source, label, *points, sum(mean >= one for mean in means), len(means), float(f"{among.p_value:.2g}")


def main() -> None:
    """Train on what the command line names, or on all."""
    wanted = sys.argv[1:] or list(DATA)
    rows = []
    for source in wanted:
        for network in DATA[source].networks:
            rows.append(row(source, network))
            print(*rows[-1], flush=True)
    write_rows(OUT, HEAD, rows, wanted)


if __name__ == "__main__":
    main()
