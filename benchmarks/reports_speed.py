"""How long a report of 1,000 runs takes, how large it is, and when a browser first shows it.

Command: ``python benchmarks/reports_speed.py [--paint]``; some ten seconds. Wanted: built in
at most 5 s, at most 12 MB, first paint within 1.5 s. ``--paint`` needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import reports
from adapters.grid import Axis, GridSpec
from training.chapters import Chapter, DataCard, Plan
from training.describing.across import across
from training.describing.describe import described
from training.explain.anatomy import Feature, Filters, Stage
from training.explain.explanation import Completeness, Curve, Explanation, RandomOrder, Relevance
from training.explain.insight import Insight, Look
from training.records import Cost, Record, Run, Trial
from training.summary import summarise
from training.verdict.judge import verdicts

DATASETS, ADAPTERS, MODELS, FOLDS = 5, 2, 10, 5
EPOCHS, ITEMS, CLASSES, TRIALS = 40, 100, 10, 8
LOOKS, STAGES, SIDE = 4, 4, 32


def make_record(run: Run, rng: np.random.Generator) -> Record:
    level = float(rng.uniform(0.5, 0.95)) - 0.2 * (run.arm == "permuted")
    truth = rng.integers(0, CLASSES, ITEMS)
    predicted = np.where(rng.random(ITEMS) < level, truth, rng.integers(0, CLASSES, ITEMS))
    confusion = np.bincount(truth * CLASSES + predicted, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    points = [
        {"recipe.learning_rate": float(10 ** rng.uniform(-4, -2)), "width": int(rng.choice([8, 16]))}
        for _ in range(TRIALS)
    ]
    trials = [Trial(values, float(rng.random()), 5, 1.0) for values in points] if run.tuning else []
    return Record(
        run, "ok", classes=[f"class {index}" for index in range(CLASSES)],
        scores={"accuracy": float((truth == predicted).mean()), "validation_accuracy": level},
        confusion=confusion.tolist(), curves={name: rng.random(EPOCHS).tolist() for name in names},
        test=list(range(ITEMS * run.fold, ITEMS * (run.fold + 1))), truth=truth.tolist(), predicted=predicted.tolist(),
        confidence=rng.random(ITEMS).round(4).tolist(), likelihood=rng.random(ITEMS).round(4).tolist(),
        trials=trials, chosen=points[0] if trials else {}, parameters=20_000, macs=1_000_000,
        cost=Cost(3.0, 1.0, 2.0, 0.2, 800.0, f"2026-01-01T00:00:{run.fold:02d}+00:00"),
    )  # fmt: skip


def make_chapter(index: int) -> Chapter:
    rng = np.random.default_rng(index)
    runs = [
        Run(f"data {index}", "f", {"name": f"adapter-{a}"}, "cnn", {"name": f"model-{m}"}, arm, {"epochs": EPOCHS},
            {"trials": TRIALS} if m == 0 else {}, "stratified 5-fold", 0, fold, 0, {"keras": "3"})
        for a in range(ADAPTERS) for m in range(MODELS) for arm in ("original", "permuted") for fold in range(FOLDS)
    ]  # fmt: skip
    counts = {f"class {label}": ITEMS * FOLDS // CLASSES for label in range(CLASSES)}
    card: dict[str, Any] = dict.fromkeys(("title", "origin", "licence", "citation", "group_name"), "")
    lists: dict[str, Any] = {"guesses": [], "quarantined": [], "examples": [], "groups": {}}
    records = [make_record(run, rng) for run in runs]
    plan = Plan(f"data {index}", {"source": "made"}, "gridzoo compare", runs, {})
    own = DataCard(f"data {index}", "image", synthetic=True, counts=counts, duplicates=0, **card, **lists)
    insight = make_insight(runs[0], rng)
    return Chapter(plan, own, records, summarise(runs, records), verdicts(records), insight=insight)


def make_insight(run: Run, rng: np.random.Generator) -> Insight:
    """Make a look at four items, pictures of the size that most are resized to."""
    shown = [make_explanation(rng, stages=STAGES if place == 0 else 0) for place in range(LOOKS)]
    looks = [Look(place, f"item {place}", f"class {place % 2}", explanation) for place, explanation in enumerate(shown)]
    return Insight(run.key, run.split, "adapter-0", "model-0", 0, 0, ITEMS, ITEMS, 2, looks)


def make_explanation(rng: np.random.Generator, stages: int) -> Explanation:
    axes = [Axis.counted(name, SIDE, unit="px") for name in ("row", "column")]
    curve, cells = Curve([0.9, 0.5, 0.1], 0.5), [axis.to_json() for axis in axes]
    found = Relevance(
        "integrated gradients", cells, rng.normal(size=(SIDE, SIDE)).tolist(), 1.0, [0.1, 0.2, -0.1], curve, curve
    )
    spans = [(0.0, SIDE / 2)] * 2
    features = [Feature(channel, rng.random((SIDE // 2, SIDE // 2)).tolist(), []) for channel in range(6)]
    sides = [SIDE // 2] * 2
    opened = [
        Stage(f"stage{i + 1}", 64, sides, [7, 7], [2, 2], cells, features, [0, 0], spans, spans) for i in range(stages)
    ]
    pixels = rng.integers(0, 256, (2 * SIDE, 2 * SIDE, 1)).tolist()
    return Explanation(
        item="item", preview={"kind": "image", "pixels": pixels}, modality="image", adapter="image", architecture="model",
        classes=[f"class {label}" for label in range(CLASSES)], probabilities=[0.91] + [0.01] * (CLASSES - 1),
        target="class 0", grid=rng.random((SIDE, SIDE, 1)).tolist(), spec=GridSpec(tuple(axes), ("grey",), "value").to_json(),
        relevances=[found], random_order=RandomOrder([curve] * 5, [curve] * 5), agreement=[[1.0]],
        completeness=Completeness(1.0, 1.0), stages=opened,
        filters=Filters("conv", 64, rng.normal(size=(16, 3, 3, 1)).tolist(), ["grey"]) if stages else None,
        gallery=[], searched=0, heard=None, notes=[], seed=0,
    )  # fmt: skip


def since(started: tuple[float, float]) -> str:
    wall, processor = time.perf_counter() - started[0], time.process_time() - started[1]
    return f"{wall:.2f} s ({processor:.2f} s of the processor)"


def first_paint(page: Path) -> float:
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        opened.goto(page.as_uri())
        entries = "performance.getEntriesByType('paint').map((entry) => entry.startTime)"
        seconds = min(opened.evaluate(entries)) / 1000
        browser.close()
    return float(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paint", action="store_true", help="measure the first paint in headless Chromium")
    wanted = parser.parse_args()
    chapters = [make_chapter(index) for index in range(DATASETS)]
    print(f"{sum(len(chapter.records) for chapter in chapters)} runs of {EPOCHS} epochs")
    started = time.perf_counter(), time.process_time()
    chapters = [described(chapter) for chapter in chapters]
    over = across(chapters)
    print(f"described in {since(started)}")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter(), time.process_time()
        page = reports.write(chapters, Path(folder) / "report.html", across=over)
        print(f"built in {since(started)}, {page.stat().st_size / 1e6:.2f} MB")
        if wanted.paint:
            print(f"first paint after {first_paint(page):.2f} s")


if __name__ == "__main__":
    main()
