"""Which epoch to keep: by validation loss, by accuracy, or by both. Test accuracy of each, on the same folds and seeds.

    GRIDZOO_DATA=<folder> python benchmarks/epochs.py [data …]   # about twenty minutes of one core

The usual network of each data set learns without augmentation from four fifths of the items, five folds, at the recipe's
learning rate and at one that a search may choose. The table is printed, and kept in ``epochs.csv``.
"""

from __future__ import annotations

import csv
import math
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np

from gridzoo import api
from training.fitting import fit
from training.fitting.best_epoch import BestEpoch
from training.fitting.estimators import GridClassifier
from training.fitting.recipe import Recipe
from training.running.worker import settle
from training.splits import folds_of
from training.usual import usual_for
from training.verdict.suited import draw

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or HERE.parent.parent / "shared" / "data")
OUT, ITEMS, RATES = HERE / "epochs.csv", 2500, (0.002, 0.0073)
DATA = ("surname-nationalities", "sonar", "german", "digits", "pima", "ucr/ECG200", "fashion-mnist", "vehicle", "trec")


class ByAccuracy:
    """The highest accuracy, and of equal ones the lowest loss."""

    def __init__(self, _: int) -> None:
        self._best = (-math.inf, -math.inf)

    def takes(self, loss: float, accuracy: float) -> bool:
        """Tell whether an epoch takes the place of the one that is kept."""
        better = (accuracy, -loss) > self._best
        self._best = max(self._best, (accuracy, -loss))
        return better


RULES: dict[str, Callable[[int], object]] = {
    "loss": partial(BestEpoch, errors=math.inf),
    "accuracy": ByAccuracy,
    "both, one error": partial(BestEpoch, errors=1.0),
    "both, two errors": BestEpoch,
}
HEAD = ("data", "learning rate", *RULES)


def rows(source: str) -> Iterator[tuple[object, ...]]:
    """Train by every rule on one data set."""
    data = draw(api.load(source, data_home=HOME), ITEMS, seed=0)
    network = usual_for(data)
    for rate in RATES:
        reached: dict[str, list[float]] = {rule: [] for rule in RULES}
        for fold in folds_of(data, "stratified", 5, 1, 0):
            train, test = data.take(fold.train), data.take(fold.test)
            for rule, made in RULES.items():
                recipe = Recipe(learning_rate=rate, batch_size=16, augment=False)
                model = GridClassifier(
                    network, adapter=data.adapter or None, recipe=recipe, random_state=fold.fold
                )  # fmt: skip
                with patch.object(fit, "BestEpoch", made):
                    model.fit(train.items, train.labels)
                reached[rule].append(float(np.mean(model.predict(test.items) == test.labels)))
        yield source, rate, *(round(100 * statistics.fmean(scores), 1) for scores in reached.values())


def main() -> None:
    """Train what the command line names, or all."""
    settle("cnn")
    for source in sys.argv[1:] or DATA:
        found = []
        for row in rows(source):
            print(*row, flush=True)
            found.append(row)
        kept = list(csv.reader(OUT.open(encoding="utf-8")))[1:] if OUT.is_file() else []
        with OUT.open("w", encoding="utf-8", newline="") as table:
            others = [row for row in kept if row[0] != source]
            csv.writer(table, lineterminator="\n").writerows([HEAD, *others, *found])


if __name__ == "__main__":
    main()
