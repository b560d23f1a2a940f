"""How well short trainings foretell long ones: one long cosine cut short, or a cosine for every rung.

    GRIDZOO_DATA=<folder> nice python benchmarks/fidelity.py [name …]

Random points of a search space are trained thrice on the same parts: by the whole recipe
(the truth: test accuracy), by the recipe's schedule for all epochs of a trial and read
where the rungs are ("cut"), and by one cosine for each rung, each from the weights of
the one before ("rung"). The first table gives the rank correlation of each rung's
validation accuracy (and loss) with the truth, and the truth of the point that
successive halving chooses. The second one replays ways to spend about the same number
of epochs on points drawn from these: the mean truth of what they choose. Finished points are kept in ``runs/fidelity``. About ten minutes on one core.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr
from sklearn.model_selection import train_test_split

import zoo
from adapters import registry
from gridzoo import api
from training.fitting.fit import Training, fit
from training.fitting.network import Network
from training.fitting.parts import Part
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler
from training.running.worker import settle
from training.tuning.oracles import oracle_for
from training.tuning.settings import Tuning
from training.tuning.space import apply, joined_space

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
OUT = ROOT / "runs" / "fidelity"
RUNGS, FACTOR, POINTS = (2, 5, 15), 3, 24


@dataclass(frozen=True)
class Case:
    """A data set, its grid, and what is tuned."""

    source: str
    architecture: str
    items: int
    adapter: dict[str, Any] | None = None


CASES = (
    Case("digits", "lenet5", 1797),
    Case(
        "fsdd", "res8-narrow", 800,
        {"name": "mel-spectrogram", "sample_rate": 8000, "n_fft": 512, "hop_length": 256, "n_mels": 40},
    ),
    Case("trec", "textcnn", 1500),
)  # fmt: skip


def main() -> None:
    """Train the points of the cases that the command line names, and print their tables."""
    settle("cnn")
    OUT.mkdir(parents=True, exist_ok=True)
    first = ["| data | schedule | rank correlation at 2, 5, 15 epochs | truth of the chosen | best | median |", "|" + "---|" * 6]  # fmt: skip
    second = [f"| data | {' | '.join(WAYS)} |", "|" + "---|" * (len(WAYS) + 1)]
    for case in CASES:
        if not sys.argv[1:] or case.source in sys.argv[1:]:
            rows = list(points(case))
            first += [summary(case, schedule, rows) for schedule in ("cut", "rung")]
            second.append(replayed(case, rows))
    print("\n".join([*first, "", *second]))


def points(case: Case) -> Iterator[dict[str, Any]]:
    """Give the trained points of a case, from the disk where they are there."""
    parts: list[Part] | None = None
    arch = zoo.architecture(case.architecture)
    space = joined_space(zoo.space(arch), Recipe(), ("architecture", "recipe"))
    oracle = oracle_for(Tuning("random", trials=POINTS), space, seed=0)
    for number in range(POINTS):
        proposal = oracle.create_trial(f"point{number}")
        path = OUT / f"{case.source}-{number:02}.json"
        if not path.exists():
            parts = parts or parts_of(case)
            path.write_text(json.dumps(trained(parts, arch, zoo.chosen(proposal.hyperparameters, dict(space)))))
        yield json.loads(path.read_text())


def parts_of(case: Case) -> list[Part]:
    """Lay out training, validation and test grids."""
    data = api.load(case.source, data_home=HOME if HOME.exists() else None)
    settings = case.adapter or data.adapter or registry.default_settings(data.modality)
    made = registry.from_settings(settings)
    codes = np.searchsorted(np.asarray(data.classes), data.labels).astype(np.int32)
    kept, _ = train_test_split(
        np.arange(len(codes)),
        train_size=min(case.items, len(codes) - len(data.classes)),
        random_state=0,
        stratify=codes,
    )
    data, codes = data.take(kept), codes[kept]
    rest, test = train_test_split(np.arange(len(codes)), test_size=0.3, random_state=0, stratify=codes)
    train, validation = train_test_split(rest, test_size=0.15, random_state=0, stratify=codes[rest])
    grids = made.fit([data.items[i] for i in rest]).transform(data.items)
    scale = Scaler.identity() if made.grid_.vocabulary_size else Scaler.fitted([grids[train]])
    parts = [Part(scale(grids[rows]), codes[rows]) for rows in (train, validation, test)]
    global VOCABULARY, CLASSES
    VOCABULARY, CLASSES = made.grid_.vocabulary_size, len(data.classes)
    return parts


VOCABULARY = CLASSES = 0


def trained(parts: list[Part], arch: zoo.Architecture, values: dict[str, Any]) -> dict[str, Any]:
    """Train one point in the three ways."""
    train, validation, test = parts
    model, recipe = apply(values, arch.config(), Recipe())
    network = Network(zoo.from_config(model), zoo.Grid(train.shape, VOCABULARY), CLASSES, "adam", True)
    fit(network, train, validation, recipe, 0)
    truth = float(np.mean(network.predict(np.asarray(test.x)).argmax(1) == test.y))
    cut = Training(network, train, validation, replace(recipe, epochs=RUNGS[-1]), 0)
    scores: dict[str, list[list[float]]] = {"cut": [], "rung": []}
    for until in RUNGS:
        cut.run(until)
        scores["cut"].append(score(cut))
    state = None
    for rung, (first, until) in enumerate(zip((0, *RUNGS), RUNGS, strict=False)):
        leg = Training(network, train, validation, replace(recipe, epochs=until - first), rung)
        if state:
            leg.resume(state)
        leg.run(until)
        state = leg.state()
        scores["rung"].append(score(leg))
    return {"values": values, "truth": truth, **scores}


def score(training: Training) -> list[float]:
    """Read validation accuracy and loss at the best epoch so far."""
    return [training.history.best("validation_accuracy"), -training.history.best("validation_loss")]


def summary(case: Case, schedule: str, rows: list[dict[str, Any]]) -> str:
    """Write one line of the first table."""
    truth = np.array([row["truth"] for row in rows])
    ranks = [np.array([row[schedule][rung] for row in rows]) for rung in range(len(RUNGS))]
    correlations = ", ".join(
        f"{spearmanr(scores[:, 0], truth)[0]:.2f} ({spearmanr(scores[:, 1], truth)[0]:.2f})" for scores in ranks
    )
    chosen = truth[halved(rows, schedule, list(range(len(rows))), 0)[0]]
    return (
        f"| {case.source} | {schedule} | {correlations} | {chosen:.4f} | {truth.max():.4f} | {np.median(truth):.4f} |"
    )


def halved(rows: list[dict[str, Any]], schedule: str, alive: list[int], first: int) -> list[int]:
    """Let one point in ``FACTOR`` go on from each rung, from the rung ``first``; gives those on the last, best first."""
    for rung in range(first, len(RUNGS)):
        alive = sorted(alive, key=lambda i: tuple(rows[i][schedule][rung]), reverse=True)
        if rung + 1 < len(RUNGS):
            alive = alive[: max(1, len(alive) // FACTOR)]
    return alive


# Brackets of (points, first rung); epochs in all: 75, 74, 77.
WAYS = {
    "5 points, all epochs": [(5, 2)],
    "18 points, halving": [(18, 0)],
    "9 + 3 + 1 points, brackets of Hyperband": [(9, 0), (3, 1), (1, 2)],
}


def replayed(case: Case, rows: list[dict[str, Any]], times: int = 2000) -> str:
    """Write one line of the second table."""
    rng, cells = np.random.default_rng(0), []
    for brackets in WAYS.values():
        found = []
        for _ in range(times):
            order = rng.permutation(len(rows)).tolist()
            ends = []
            for size, first in brackets:
                drawn, order = order[:size], order[size:]
                ends.append(halved(rows, "rung", drawn, first)[0])
            best = max(ends, key=lambda i: tuple(rows[i]["rung"][-1]))
            found.append(rows[best]["truth"])
        cells.append(f"{np.mean(found):.4f}")
    return f"| {case.source} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
