"""Does a small search help a network on few items? Without one, by its best trial, and by one standard error.

    GRIDZOO_DATA=<folder> python benchmarks/search_rule.py [data …]   # about five minutes of two cores

Each of a verdict's two networks of rows is trained on the same ten folds (five, twice) by the default recipe without
augmentation: as it is; by the best of four trials over learning rate and batch size; and by that trial only where it is better
than the given setting by a standard error on validation items. Accuracy in points, and how often the given setting stayed,
are printed and kept in ``search_rule.csv``.
"""

from __future__ import annotations

import os
import statistics
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from rows import write_rows

from gridzoo import api
from training.experiment import Experiment, Model
from training.fitting.recipe import Recipe
from training.records import Record
from training.tuning.settings import Tuning
from training.usual import judged_architectures
from training.verdict.session import USUAL

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or HERE.parent.parent / "shared" / "data")
OUT, RUNS = HERE / "search_rule.csv", HERE.parent / "runs" / "search_rule"
DATA = (
    "sonar", "wheat", "wine", "ionosphere", "pima", "vehicle", "german", "ucr/ECG200", "ucr/ArrowHead", "gunpoint",
)  # fmt: skip
CAREFUL = Tuning(**{**USUAL["tuning"], "over": tuple(USUAL["tuning"]["over"])})
RULES = {"none": None, "best": replace(CAREFUL, rule="best"), "one-standard-error": CAREFUL}
HEAD = ("data", "network", *RULES, "given stayed (best)", "given stayed (one-standard-error)")


def runs(source: str, network: dict[str, Any], rule: str) -> list[Record]:
    """Train on ten folds, as far as that is not done."""
    tuning = RULES[rule]
    experiment = Experiment(
        source, architectures=(Model.of(network, tuned=tuning is not None),), baselines=(), folds=5, repeats=2,
        splits=("stratified",), arms=("original",), recipe=Recipe(augment=False), tuning=tuning or CAREFUL,
    )  # fmt: skip
    data = api.load(source, data_home=HOME)
    done = api.compare(data, out=RUNS / source / network["name"] / rule, settings=experiment.to_json())
    return done.chapters[0].records


def row(source: str, network: dict[str, Any]) -> tuple[Any, ...]:
    """Compare the three on one data set."""
    found = {rule: runs(source, network, rule) for rule in RULES}
    scores = [round(100 * statistics.fmean(one.scores["accuracy"] for one in own), 1) for own in found.values()]
    stayed = [sum(one.chosen == one.trials[0].values for one in found[rule]) for rule in RULES if RULES[rule]]
    return source, network["name"], *scores, *stayed


def main() -> None:
    """Train on what the command line names, or on all."""
    wanted = sys.argv[1:] or DATA
    rows = []
    for source in wanted:
        for network in judged_architectures(api.load(source, data_home=HOME)):
            rows.append(row(source, network))
            print(*rows[-1], flush=True)
    write_rows(OUT, HEAD, rows, wanted)


if __name__ == "__main__":
    main()
