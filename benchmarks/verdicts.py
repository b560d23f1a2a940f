"""Are the verdicts right? Calibration on planted structure, and verdicts on real data.

    python benchmarks/verdicts.py planted [dial …] [--trials 40] [--workers 1]   # real trainings
    GRIDZOO_DATA=<folder> python benchmarks/verdicts.py data [name …] [--budget 600]   # about 5 hours of two cores
    python benchmarks/verdicts.py again                     # judges the runs that are there again, and trains nothing
    python benchmarks/verdicts.py page                      # writes docs/verdicts.md from what is there

Each verdict is a line of ``verdicts_planted.jsonl`` or ``verdicts_data.jsonl`` and not reached
twice, so that any part may be stopped and started again, on another day too; its runs lie in
``runs/verdicts``. A budget of 600 seconds is that of two workers; one worker has twice as many, so that two
dials may run side by side, a core each. On planted data the arms that locate structure are left
out: they come after the answer and change nothing in it. What is tried is in ``verdict_cases.py``. Expected: at most 5 of 100 "CNN justified"
where nothing is planted, at most 10 disagreements on real data, each listed with what was expected.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from verdict_cases import CASES, DIALS, Dial
from verdict_page import kept_of, page

from adapters.dataset import Dataset
from adapters.sources.planted import planted
from gridzoo import api, judging
from training.comparison import Comparison
from training.verdict.arms import JUDGED, permute_cells
from training.verdict.suited import draw

USUAL_WORKERS = 2  # a budget is one of their seconds
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
RUNS = ROOT / "runs" / "verdicts"
# What is kept of a verdict: on real data its words and the cost of every arm as well.
NUMBERS = ("answer", "against_permuted", "against_baseline", "negative", "among_orders")
WORDS = (*NUMBERS, "model", "baseline", "sentence", "finding", "outlook", "costs")
PARTS = {"planted": NUMBERS, "data": WORDS}
ANSWERING = [arm for arm in JUDGED if arm not in ("axes", "blocks")]


def train_planted(trials: int, wanted: Sequence[str], budget: float, workers: int) -> None:
    """Reach the verdict on many data sets of each dial; seeds differ in data, folds, orders and weights."""
    for trial in range(trials):
        for dial in DIALS:
            if wanted and dial.name not in wanted:
                continue
            name = f"{dial.name}/{trial:03}"
            _once("planted", name, partial(_made, dial, trial), {"seed": trial, "arms": ANSWERING}, budget, workers)


def judge_data(wanted: Sequence[str], budget: float, workers: int) -> None:
    """Reach the verdict on real data sets."""
    for case in CASES:
        if not wanted or case.source in wanted:
            load = partial(api.load, case.source, data_home=HOME)
            _once("data", case.source, load, case.settings or {}, budget, workers)


def _made(dial: Dial, seed: int) -> Dataset:
    """Plant a structure, or shuffle the cells of real data."""
    if not dial.shuffled:
        return replace(planted(dial.kind, dial.items, dial.strength, seed=seed), name=dial.name)
    data, rng = draw(api.load(dial.kind, data_home=HOME), dial.items, seed), np.random.default_rng(seed)
    if data.modality == "table":
        columns = rng.permutation(list(data.items[0])).tolist()
        return replace(data, items=[{column: row[column] for column in columns} for row in data.items])
    grids = np.stack(data.items)
    return replace(data, items=list(permute_cells(grids, rng.permutation(grids[0].size), axes=grids[0].ndim)))


def _once(
    part: str, name: str, load: Callable[[], Dataset], settings: dict[str, Any], budget: float, workers: int
) -> None:
    """Reach a verdict unless it is there, and keep what the page needs of it."""
    if name in kept_of(part):
        return
    started = time.monotonic()
    verdict, comparison = judging.verdict_with_runs(
        load(),
        out=RUNS / part / name,
        settings={**settings, "budget": budget * USUAL_WORKERS / workers},
        data_home=HOME,
        workers=workers,
        executor=None,
        watch=None,
        command="",
    )
    found, card = verdict.to_json(), comparison.chapters[0].card
    axes = [axis["name"] for axis in card.examples[0].spec["axes"] if len(axis["edges"]) > 2]
    _keep(
        part,
        name,
        {
            **{key: found[key] for key in PARTS[part]},
            "axes": axes,
            "structure": card.screen["structure"],
            "rule": _rule(comparison),
            "seconds": round(time.monotonic() - started, 1),
            "runs": sum(len(chapter.records) for chapter in comparison.chapters),
            "workers": workers,
            "budget": budget,
        },
    )
    print(f"{name}: {verdict.answer} ({time.monotonic() - started:.0f} s); {verdict.finding}", flush=True)


def _rule(comparison: Comparison) -> str:
    """Say by which rule the search of a verdict chose."""
    rule: str = comparison.chapters[0].plan.experiment["tuning"].get("rule", "best")
    return rule


def _keep(part: str, name: str, data: dict[str, Any]) -> None:
    with (HERE / f"verdicts_{part}.jsonl").open("a", encoding="utf-8") as table:
        table.write(json.dumps({"name": name, **data}) + "\n")


def judge_again(part: str) -> None:
    """Say of the runs that lie on this machine what the rules and words of now make of them."""
    kept = kept_of(part)
    for name, line in kept.items():
        if (RUNS / part / name / "records").is_dir():
            comparison = Comparison.read(RUNS / part / name)
            found = comparison.verdicts()[0].to_json()
            line.update({**{key: found[key] for key in PARTS[part]}, "rule": _rule(comparison)})
    text = "".join(json.dumps(line) + "\n" for line in kept.values())
    (HERE / f"verdicts_{part}.jsonl").write_text(text, encoding="utf-8")


def main() -> None:
    """Do the part that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("planted", "data", "again", "page"))
    parser.add_argument("names", nargs="*", help="data sets, or dials such as none-1-400; all by default")
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--budget", type=float, default=600.0, help="seconds a verdict, of two workers")
    parser.add_argument("--workers", type=int, default=USUAL_WORKERS)
    given = parser.parse_args()
    if given.part == "planted":
        train_planted(given.trials, given.names, given.budget, given.workers)
    elif given.part == "data":
        judge_data(given.names, given.budget, given.workers)
    elif given.part == "again":
        for part in PARTS:
            judge_again(part)
    page()


if __name__ == "__main__":
    main()
