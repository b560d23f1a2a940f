"""Shuffle columns: of pictures, where it matters, and of a customer table, where it does not.

    GRIDZOO_DATA=<folder> python benchmarks/learn_shuffles.py

Trains networks on each data set as it is, and with its columns in another order, the same
for all items of a fold: the explainer's own, which keeps little of where a part was, and
LeNet-5, whose large dense layers can learn other orders in part. Writes
``reports/learn/data/shuffles.json`` and prints the table of ``docs/learn.md``. Costs about
half an hour on one core.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import learn_drawings as paper
import numpy as np
from numpy.typing import NDArray

import gridzoo as gz
from training.splits import folds_of
from training.verdict.statistics import corrected_t

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
OUT = ROOT / "reports" / "learn" / "data" / "shuffles.json"
FOLDS, REPEATS, SEED = 5, 3, 0
ARCHITECTURES: dict[str, dict[str, Any]] = {"xo2": {"name": "xo2", "maps": 16}, "lenet5": {"name": "lenet5"}}
# Shifting a picture whose columns are shuffled makes no sense, so that neither is augmented.
RECIPE = gz.Recipe(epochs=12, patience=4, augment=False)


@dataclass(frozen=True)
class Case:
    """A data set and how its columns are put into another order."""

    name: str
    what: str
    load: Callable[[], Any]
    reordered: Callable[[Any, NDArray[np.int64]], Any]


def main() -> None:
    """Train, compare, write."""
    results = [result(case, network) for network in ARCHITECTURES for case in CASES]
    found = {
        "made_by": "python benchmarks/learn_shuffles.py",
        "architectures": ARCHITECTURES,
        "trainings": FOLDS * REPEATS,
        "results": results,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(markdown(results))


def result(case: Case, network: str) -> dict[str, Any]:
    """Train on every fold twice: columns as they are, and shuffled."""
    dataset = case.load()
    original: list[float] = []
    shuffled: list[float] = []
    folds = folds_of(dataset, "stratified", FOLDS, REPEATS, SEED)
    for number, fold in enumerate(folds):
        columns = len(dataset.items[0]) if dataset.modality == "table" else dataset.items[0].shape[1]
        order = np.random.default_rng([SEED, number]).permutation(columns)
        other = [case.reordered(item, order) for item in dataset.items]
        original.append(accuracy(dataset, dataset.items, fold, network))
        shuffled.append(accuracy(dataset, other, fold, network))
        print(network, case.name, number, original[-1], shuffled[-1], file=sys.stderr, flush=True)
    differences = [a - b for a, b in zip(original, shuffled, strict=True)]
    return {
        "architecture": network,
        "name": case.name,
        "what": case.what,
        "items": len(dataset.items),
        "majority": max(dataset.counts.values()) / len(dataset.items),
        "original": original,
        "shuffled": shuffled,
        "difference": asdict(corrected_t(differences, 1 / (FOLDS - 1))),
    }


def accuracy(dataset: Any, items: list[Any], fold: Any, network: str) -> float:
    """Train on a fold's training items, give the share of its test items that is right."""
    labels = dataset.labels
    train = gz.load(([items[i] for i in fold.train], labels[fold.train].tolist()))
    adapter = dataset.adapter or None
    predictor = gz.fit(
        train, ARCHITECTURES[network], adapter=adapter, recipe=RECIPE, seed=fold.repeat * FOLDS + fold.fold
    )
    right = predictor.predict([items[i] for i in fold.test]) == labels[fold.test]
    return round(float(np.mean(right)), 6)


def columns_of_picture(picture: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
    """Put the columns of a picture into another order."""
    return picture[:, order]


def columns_of_row(row: dict[str, Any], order: NDArray[np.int64]) -> dict[str, Any]:
    """Put the columns of a table into another order."""
    names = list(row)
    return {names[i]: row[names[i]] for i in order}


def drawn() -> Any:
    """Make X's and O's as the network of the lessons sees them."""
    grids, labels = paper.drawings(2000, seed=5)
    dataset = gz.load((list(grids), labels.tolist()))
    return replace(dataset, adapter={"name": "image", "height": paper.SIZE, "width": paper.SIZE})


CASES = (
    Case("drawings", "2,000 drawn X's and O's", drawn, columns_of_picture),
    Case(
        "digits", "5,000 handwritten digits of MNIST", lambda: gz.load("mnist-5k", data_home=HOME), columns_of_picture
    ),
    Case("customers", "1,000 customers of a bank", lambda: gz.load("german", data_home=HOME), columns_of_row),
)


def markdown(results: list[dict[str, Any]]) -> str:
    """Write the table."""
    lines = [
        "| network | data | most frequent class | as it is | columns shuffled | difference, 95 % interval | p |",
        "|" + "---|" * 7,
    ]
    for row in results:
        d = row["difference"]
        lines.append(
            f"| {row['architecture']} | {row['what']} | {row['majority']:.1%} | {np.mean(row['original']):.1%} | {np.mean(row['shuffled']):.1%} | "
            f"{100 * d['mean']:+.1f} points, {100 * d['low']:+.1f} to {100 * d['high']:+.1f} | {d['p_value']:.2g} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
