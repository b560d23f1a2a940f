"""What every point of a small search space comes to, trained once at all lengths that a search could ask for.

    GRIDZOO_DATA=<folder> nice python benchmarks/search_table.py [data set …]

`search.py` replays searches on these tables, as NAS-Bench-101 does (Ying et al. 2019,
arXiv:1902.09635): there is no surrogate, each number was measured. A point is trained along three
chains of legs, those that successive halving and the brackets of Hyperband ask for. Each leg keeps
its CPU seconds, and what tracing took is kept for each network. Finished points lie in
``runs/search/table``; one that is there is not trained again. About an hour on one quiet core.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

import zoo
from adapters import registry
from gridzoo import api
from training.fitting.parts import Part
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler
from training.running.worker import settle
from training.tuning.bench import Bench
from training.tuning.proposals import Leg
from training.tuning.settings import Tuning
from training.tuning.space import apply
from training.tuning.states import States
from training.tuning.trainer import Trainer

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
TABLE = ROOT / "runs" / "search" / "table"
TOP = Tuning().epochs
# The rungs of halving, then the two brackets that Hyperband begins higher up.
CHAINS = ((2, 5, TOP), (5, TOP), (TOP,))
TRAIN, HELD = 500, 200
RECIPE = Recipe(epochs=TOP, patience=TOP)
RECIPES: dict[str, zoo.Choice] = {
    "recipe.learning_rate": zoo.Choice((1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2), default=1e-3),
    "recipe.batch_size": zoo.Choice((16, 64), default=16),
}


@dataclass(frozen=True)
class Case:
    """A data set, its network, and what is searched about the network; the defaults are where a search starts."""

    source: str
    architecture: str
    fields: dict[str, zoo.Choice]
    adapter: dict[str, Any] | None = None
    fixed: dict[str, Any] = field(default_factory=dict)

    @property
    def space(self) -> Mapping[str, zoo.Choice]:
        """The whole space, the recipe's part last."""
        return {f"architecture.{name}": dimension for name, dimension in self.fields.items()} | RECIPES

    @property
    def points(self) -> list[dict[str, Any]]:
        """Every point, those of one network side by side."""
        names, dimensions = list(self.space), list(self.space.values())
        return [dict(zip(names, point, strict=True)) for point in itertools.product(*(d.values for d in dimensions))]

    @property
    def config(self) -> dict[str, Any]:
        """The network at its defaults."""
        given = {name: dimension.default for name, dimension in self.fields.items()}
        return zoo.architecture(self.architecture, {**self.fixed, **given}).config()


MEL = {"name": "mel-spectrogram", "sample_rate": 8000, "n_fft": 512, "hop_length": 512, "n_mels": 24}
CASES = {
    "digits": Case(
        "digits", "lenet5",
        {"width": zoo.Choice((0.5, 1.0, 2.0), default=1.0), "kernel": zoo.Choice((3, 5, 7), default=5),
         "activation": zoo.Choice(("tanh", "relu"), default="tanh")},
    ),
    "italy": Case(
        "ucr/ItalyPowerDemand", "ts-resnet",
        {"width": zoo.Choice((8, 16, 32), default=16), "blocks": zoo.Choice((1, 2, 3), default=3),
         "dropout": zoo.Choice((0.0, 0.3), default=0.0)},
    ),
    "fsdd": Case(
        "fsdd", "res8-narrow",
        {"layers": zoo.Choice((2, 4, 6), default=6), "width": zoo.Choice((8, 12, 19), default=19),
         "dropout": zoo.Choice((0.0, 0.3), default=0.0)},
        MEL,
    ),
    "trec": Case(
        "trec", "textcnn",
        {"filters": zoo.Choice((8, 16, 32), default=32), "embedding": zoo.Choice((16, 32, 64), default=64),
         "dropout": zoo.Choice((0.0, 0.5), default=0.5)},
    ),
}  # fmt: skip


def parts_of(case: Case) -> tuple[list[Part], int, int]:
    """Lay out training, validation and test grids; gives them, the size of the vocabulary and the number of classes."""
    data = api.load(case.source, data_home=HOME if HOME.exists() else None)
    made = registry.from_settings(case.adapter or data.adapter or registry.default_settings(data.modality))
    codes = np.searchsorted(np.asarray(data.classes), data.labels).astype(np.int32)
    kept = np.random.default_rng(0).permutation(len(codes))[: TRAIN + HELD + 1000]
    data, codes = data.take(kept), codes[kept]
    learned, test = train_test_split(np.arange(len(codes)), train_size=TRAIN + HELD, random_state=0, stratify=codes)
    train, held = train_test_split(learned, train_size=TRAIN, random_state=0, stratify=codes[learned])
    grids = made.fit([data.items[i] for i in learned]).transform(data.items)
    vocabulary = made.grid_.vocabulary_size
    scale = Scaler.identity() if vocabulary else Scaler.fitted([grids[train]])
    return [Part(scale(grids[rows]), codes[rows]) for rows in (train, held, test)], vocabulary, len(data.classes)


def path_of(name: str, number: int) -> Path:
    """Say where a point of a data set lies."""
    return TABLE / name / f"{number:03}.json"


def cpu(trainer: Trainer, leg: Leg) -> tuple[float, Any]:
    """Train a leg and give its CPU seconds."""
    started = time.process_time()
    lap = trainer(leg)
    return time.process_time() - started, lap


def traced(trainer: Trainer, values: dict[str, Any]) -> float:
    """Give the CPU seconds of building and tracing a network that this process does not know yet."""
    leg = Leg(-1, values, (1,))
    cold, _ = cpu(trainer, leg)
    warm, _ = cpu(trainer, leg)
    return cold - warm


def trained(trainer: Trainer, number: int, values: dict[str, Any], test: Part) -> dict[str, Any]:
    """Train a point along every chain."""
    legs, tests = [], []
    for chain, rungs in enumerate(CHAINS):
        for rung in range(len(rungs)):
            leg = Leg(number * len(CHAINS) + chain, values, rungs[: rung + 1])
            seconds, lap = cpu(trainer, leg)
            legs.append(
                {"rungs": leg.rungs, "seconds": seconds, "score": lap.score, "flops": lap.flops, "reason": lap.reason}
            )
        logits = (
            trainer.bench(values).network(*apply(values, trainer.model, trainer.recipe)).predict(np.asarray(test.x))
        )
        tests.append(float(np.mean(logits.argmax(1) == test.y)))
    return {"values": values, "legs": legs, "tests": tests}


def fill(name: str) -> None:
    """Train the points of a data set that are not there."""
    case, before, trace = CASES[name], None, 0.0
    (train, held, test), vocabulary, classes = parts_of(case)
    bench = Bench(train, held, zoo.Grid(train.shape, vocabulary), classes, [], 0)
    path_of(name, 0).parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer({"": bench}, case.config, RECIPE, States(Path(folder)), TOP)
        for number, values in enumerate(case.points):
            path = path_of(name, number)
            if path.exists():
                continue
            network = {field: value for field, value in values.items() if field.startswith("architecture")}
            if network != before:
                before, trace = network, traced(trainer, values)
            found = trained(trainer, number, values, test) | {"trace": trace}
            path.with_suffix(".tmp").write_text(json.dumps(found))
            path.with_suffix(".tmp").replace(path)
            print(name, number, f"{sum(leg['seconds'] for leg in found['legs']):.2f} s", found["tests"], flush=True)
            for state in Path(folder).glob("*.npz"):
                state.unlink()


def main() -> None:
    """Fill the tables that the command line names, or all."""
    settle("cnn")
    for name in sys.argv[1:] or CASES:
        fill(name)


if __name__ == "__main__":
    main()
