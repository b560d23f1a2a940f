"""Trials an hour beside stock keras-tuner, and how soon its best of fifty is reached.

    GRIDZOO_DATA=<folder> python benchmarks/trials.py [--data digits fsdd] [--trials 50] [--seeds 5] [--only rate race folds]

``rate``: the same draws, epochs, metrics and last partial batch. Stock is
``keras_tuner.RandomSearch`` as a user writes it, in a process of its own with both cores,
its imports not counted; ours has one worker process a core, their start counted.
``race``: seconds until our default search has a point as good as stock's best, start
counted, at most as many as stock took; a point counts by its best epoch, as in stock's
tuner. And the test accuracy of both final models, ours trained by the whole recipe.
``folds``: five folds of one configuration in one process, over five trainings of a
network that is traced already, its one build taken off.
Measurements are kept in ``runs/trials`` and not made again; the tables are printed and
written to ``docs/trial-speed.md``. About forty minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

import zoo
from adapters import registry
from gridzoo import api
from training.fitting.recipe import Recipe
from training.running.task import Laid
from training.tuning.budget import Budget
from training.tuning.pool import Pool
from training.tuning.proposals import Leg, proposer_for
from training.tuning.search import search
from training.tuning.settings import Tuning
from training.tuning.site import Site
from training.tuning.trainer import Lap

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
OUT, PAGE = ROOT / "runs" / "trials", ROOT / "docs" / "trial-speed.md"
MANY = 500  # trials, for which time runs out
RATES, BATCH, CLASSES, WORKERS = (3e-4, 1e-2), 32, 10, 2
# As stock trains: all epochs, grids as they are.
PLAIN = Recipe(epochs=5, batch_size=BATCH, weight_decay=0.0, patience=99, augment=False, scale="none")


@dataclass(frozen=True)
class Case:
    """A data set, its network, and the values that are searched beside the learning rate."""

    source: str
    architecture: str
    fields: dict[str, tuple[Any, ...]]
    items: int
    adapter: dict[str, Any] | None = None


MEL = {"name": "mel-spectrogram", "sample_rate": 8000, "n_fft": 512, "hop_length": 256, "n_mels": 40}
CASES = {
    "digits": Case(
        "digits", "lenet5",
        {"width": (1.0, 2.0, 4.0), "kernel": (3, 5), "activation": ("tanh", "relu"), "dropout": (0.0, 0.25, 0.5)}, 1797,
    ),
    "fsdd": Case("fsdd", "res8-narrow", {"layers": (2, 4, 6), "width": (16, 24), "dropout": (0.0, 0.25, 0.5)}, 1500, MEL),
}  # fmt: skip


def space_of(case: Case) -> dict[str, zoo.Dimension]:
    """Say the search space in our words."""
    own = {f"architecture.{name}": zoo.Choice(values, default=values[0]) for name, values in case.fields.items()}
    return {**own, "recipe.learning_rate": zoo.FloatRange(*RATES, log=True, default=1e-3)}


def parts_of(case: Case, seed: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Give scaled grids, classes, and the positions of training, validation and test items."""
    data = api.load(case.source, data_home=HOME if HOME.exists() else None)
    made = registry.from_settings(case.adapter or data.adapter or registry.default_settings(data.modality))
    codes = np.searchsorted(np.asarray(data.classes), data.labels).astype(np.int32)
    kept = np.random.default_rng(0).permutation(len(codes))[: case.items]
    grids = made.fit([data.items[i] for i in kept]).transform([data.items[i] for i in kept])
    codes = codes[kept]
    rest, test = train_test_split(np.arange(len(codes)), test_size=0.3, random_state=seed, stratify=codes)
    train, validation = train_test_split(rest, test_size=0.2, random_state=seed, stratify=codes[rest])
    grids = (grids - grids[train].mean()) / grids[train].std()
    return grids.astype(np.float32), codes, [train, validation, test]


def stock(case: Case, seed: int, trials: int) -> dict[str, Any]:
    """Run keras-tuner as its guide shows it."""
    import keras
    import keras_tuner

    x, y, (train, validation, test) = parts_of(case, seed)

    def build(hp: Any) -> Any:
        fields = {name: hp.Choice(name, list(values)) for name, values in case.fields.items()}
        model = zoo.build(zoo.architecture(case.architecture, fields), zoo.Grid(x.shape[1:]), CLASSES)
        rate = hp.Float("learning_rate", *RATES, sampling="log")
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
        return model

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        tuner = keras_tuner.RandomSearch(build, "val_accuracy", trials, seed=seed + 1, directory=folder)
        tuner.search(
            x[train], y[train], validation_data=(x[validation], y[validation]), epochs=PLAIN.epochs, batch_size=BATCH,
            verbose=0,
        )  # fmt: skip
        seconds = time.perf_counter() - started
        ran = tuner.oracle.get_best_trials(trials)
        logits = tuner.get_best_models(1)[0].predict(x[test], verbose=0)
    return {
        "seconds": seconds, "best": ran[0].score, "test": float(np.mean(logits.argmax(1) == y[test])),
        "draws": [trial.hyperparameters.values for trial in sorted(ran, key=lambda trial: trial.trial_id)],
    }  # fmt: skip


@contextmanager
def site_of(case: Case, seed: int, recipe: Recipe, top: int) -> Iterator[Site]:
    """Lay a case out for our workers."""
    x, y, (train, validation, _) = parts_of(case, seed)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "grids.npy", x)
        laid = {"": Laid(Path(folder) / "grids.npy", (), 0, ())}
        config = zoo.architecture(case.architecture).config()
        yield Site(laid, y, CLASSES, train, validation, config, recipe, seed, Path(folder), top)


def ours(case: Case, seed: int, draws: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Train stock's draws in our workers."""
    legs = [
        Leg(i, {f"{'recipe' if name == 'learning_rate' else 'architecture'}.{name}": v for name, v in draw.items()}, (5,))
        for i, draw in enumerate(draws)
    ]  # fmt: skip
    with site_of(case, seed, PLAIN, PLAIN.epochs) as site:
        started = time.perf_counter()
        with Pool(WORKERS) as pool:
            laps = pool.train(site, legs)
            seconds = time.perf_counter() - started
    wrong = [lap.reason for lap in laps if lap.score is None or lap.epochs != PLAIN.epochs]
    if wrong:
        raise RuntimeError(f"expected {PLAIN.epochs} epochs of every draw, but {len(wrong)} failed: {wrong[0]}")
    best = max(lap.score[0] for lap in laps if lap.score)
    return {"seconds": seconds, "busy": sum(lap.seconds for lap in laps) / WORKERS, "best": best}


class Reached(Exception):  # noqa: N818
    """A point is as good as asked."""


def race(case: Case, seed: int, target: float, seconds: float) -> dict[str, Any]:
    """Search by our defaults until a validation score is reached, then train that point by the whole recipe."""
    tuning, recipe = Tuning(trials=MANY, seconds=seconds), Recipe(augment=False, scale="none")
    reached: list[tuple[Leg, float]] = []
    with site_of(case, seed, recipe, tuning.epochs) as site, Pool(WORKERS) as pool:
        started = time.perf_counter()

        def train(legs: Sequence[Leg]) -> list[Lap]:
            laps = pool.train(site, legs)
            for leg, lap in zip(legs, laps, strict=True):
                if max(lap.curves.get("validation_accuracy", [0.0])) >= target:
                    reached.append((leg, time.perf_counter() - started))
                    raise Reached
            return laps

        with suppress(Reached):
            search(
                tuning, proposer_for(tuning, space_of(case), seed), train, site.states, Budget(tuning, site.trainer())
            )
        if not reached:
            return {"seconds": None, "searched": time.perf_counter() - started, "test": None}
        leg, took = reached[0]
        return {"seconds": took, "trial": leg.trial, "test": final(case, seed, site, leg)}


def final(case: Case, seed: int, site: Site, leg: Leg) -> float:
    """Give the test accuracy of a point that is trained by the whole recipe."""
    from training.tuning.space import apply

    x, y, (_, _, test) = parts_of(case, seed)
    trainer = site.trainer()
    network, _ = trainer.bench(leg.values).train_on(*apply(leg.values, trainer.model, trainer.recipe))
    return float(np.mean(network.predict(x[test]).argmax(1) == y[test]))


def folds(case: Case) -> dict[str, float]:
    """Train five folds of one configuration in this process, then once more all of them."""
    from training.running.worker import settle

    settle("cnn")
    seconds: list[float] = []
    with site_of(case, 0, replace(PLAIN, epochs=10), 10) as site:
        rows = np.array_split(np.random.default_rng(0).permutation(np.concatenate([site.train, site.validation])), 5)
        benches = [
            replace(site, train=np.concatenate(rows[:i] + rows[i + 1 :]), validation=rows[i]).bench(site.laid[""])
            for i in range(5)
        ]
        for bench in [*benches, *benches]:
            started = time.perf_counter()
            bench.train_on(site.model, site.recipe)
            seconds.append(time.perf_counter() - started)
    cold, steady = seconds[:5], seconds[5:]
    build = cold[0] - steady[0]
    return {"total": sum(cold), "build": build, "steady": sum(steady), "ratio": (sum(cold) - build) / sum(steady)}


def kept(name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Give a measurement, from the disk if it was made."""
    path = OUT / f"{name}.json"
    if not path.exists():
        found = measure()
        path.write_text(json.dumps(found))
    measured: dict[str, Any] = json.loads(path.read_text())
    return measured


def apart(kind: str, name: str, seed: int, trials: int) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--apart", kind, name, str(seed), str(trials)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows_of(name: str, asked: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Give the tables' lines of one data set."""
    case, trials = CASES[name], asked.trials
    for seed in range(asked.seeds):
        tag = f"{name}-{trials}-{seed}"
        if "rate" in asked.only or "race" in asked.only:
            theirs = kept(f"stock-{tag}", partial(apart, "stock", name, seed, trials))
        if "rate" in asked.only:
            own = kept(f"ours-{tag}", partial(ours, case, seed, theirs["draws"]))
            n, a, b = len(theirs["draws"]), theirs["seconds"], own["seconds"]
            yield (
                "rate",
                (
                    f"| {name} | {seed} | {n} | {3600 * n / a:.0f} | {3600 * n / b:.0f} | {a / b:.1f} | {a / own['busy']:.1f} | "
                    f"{theirs['best']:.4f} | {own['best']:.4f} |"
                ),
            )
        if "race" in asked.only:
            own = kept(f"race-{tag}", partial(race, case, seed, theirs["best"], theirs["seconds"]))
            took = "not reached" if own["seconds"] is None else f"{own['seconds']:.1f}"
            share = "–" if own["seconds"] is None else f"{own['seconds'] / theirs['seconds']:.2f}"
            test = "–" if own["test"] is None else f"{own['test']:.4f}"
            yield (
                "race",
                (
                    f"| {name} | {seed} | {theirs['best']:.4f} | {theirs['seconds']:.1f} | {took} | {share} | "
                    f"{theirs['test']:.4f} | {test} |"
                ),
            )
    if "folds" in asked.only:
        one = kept(f"folds-{name}", partial(apart, "folds", name, 0, 0))
        yield (
            "folds",
            f"| {name} | {one['total']:.2f} | {one['build']:.2f} | {one['steady']:.2f} | {one['ratio']:.2f} |",
        )


HEADS = {
    "rate": ("Trials an hour, the same draws (asked: 5 ×)", "data | seed | trials | stock | ours | ratio, start counted | ratio, workers up | best, stock | best, ours"),
    "race": ("Seconds until stock's best validation score (asked: a fifth)", "data | seed | stock's best | stock s | ours s | share | test, stock | test, ours"),
    "folds": ("Five folds of one configuration (asked: 1.15)", "data | five folds s | build s | five steady trainings s | ratio without the build"),
}  # fmt: skip


def main() -> None:
    """Measure what the command line asks for, and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=list(HEADS), default=list(HEADS))
    parser.add_argument("--apart", nargs=4)
    asked = parser.parse_args()
    if asked.apart:
        kind, name, seed, trials = asked.apart
        found = folds(CASES[name]) if kind == "folds" else stock(CASES[name], int(seed), int(trials))
        print("\n" + json.dumps(found))
        return
    OUT.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[str]] = {}
    for name in asked.data:
        for kind, line in rows_of(name, asked):
            print(line, flush=True)
            lines.setdefault(kind, []).append(line)
    command = " ".join(["python benchmarks/trials.py", *sys.argv[1:]])
    tables = [
        "\n".join([f"## {HEADS[k][0]}", "", f"| {HEADS[k][1]} |", "|" + "---|" * len(HEADS[k][1].split("|")), *rows])
        for k, rows in lines.items()
    ]
    PAGE.write_text("\n\n".join([f"# Speed of trials\n\n`{command}` printed:", *tables]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
