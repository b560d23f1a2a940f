"""Train the network of the lessons on drawn X's and O's, and measure where it breaks.

    python benchmarks/learn_network.py

Writes ``reports/learn/data/network.json`` and prints the table of ``docs/learn.md``. Costs
about two minutes on one core. The network is the explainer's own with a second
convolution, six features each; every item is drawn by a seed, none is tested twice.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import learn_drawings as paper
import numpy as np
from scipy.stats import binomtest

import gridzoo as gz

OUT = Path(__file__).resolve().parent.parent / "reports" / "learn" / "data" / "network.json"
ARCHITECTURE = {"name": "xo2", "maps": 6}
TRAINING, TEST, A_POINT, POINTS, CHECKED = 6000, 4000, 200, 25, 60
TRAINING_SEED, TEST_SEED, CURVE_SEED, CHECK_SEED = 1, 2, 3, 4
KINDS = {"Conv2D": "conv", "MaxPooling2D": "pool", "Dense": "votes", "Activation": "relu"}


def main() -> None:
    """Train, measure, write."""
    predictor = train()
    found = {
        "made_by": "python benchmarks/learn_network.py",
        "grid": [paper.SIZE, paper.SIZE, 1],
        "classes": list(predictor.classes),
        "architecture": ARCHITECTURE,
        "parameters": predictor.network.parameters,
        "training_drawings": TRAINING,
        "mean": float(predictor.scaler.mean[0]),
        "deviation": float(predictor.scaler.deviation[0]),
        "layers": layers(predictor.network.model),
        "neutral": asdict(paper.Look()),
        "trained": paper.TRAINED,
        "accuracy": table(predictor),
        "curves": {name: curve(predictor, name) for name in paper.TRAINED},
        "check": {"seed": CHECK_SEED, "logits": check(predictor)},
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(markdown(found["accuracy"]))


def train() -> Any:
    """Train by gridzoo on drawings that vary in everything at once."""
    grids, labels = paper.drawings(TRAINING, TRAINING_SEED)
    # The drawings vary already, so that nothing is augmented.
    recipe = gz.Recipe(epochs=25, learning_rate=5e-3, patience=8, augment=False)
    adapter = {"name": "image", "height": paper.SIZE, "width": paper.SIZE}
    return gz.fit((list(grids), list(labels)), ARCHITECTURE, adapter=adapter, recipe=recipe)


def layers(model: Any) -> list[dict[str, Any]]:
    """List the layers that change values; the page knows what each kind does."""
    found = []
    for layer in model.layers:
        if kind := KINDS.get(type(layer).__name__):
            weights = [np.asarray(weight, "<f4") for weight in layer.get_weights()]
            found.append({"kind": kind, "name": layer.name, "output": list(layer.output.shape[1:])})
            if weights:
                (kernel,) = weights  # features and votes have no bias
                found[-1] |= {"shape": list(kernel.shape), "weights": base64.b64encode(kernel.tobytes()).decode()}
    return found


def table(predictor: Any) -> list[dict[str, Any]]:
    """Count right answers on the trained ranges: everything varied, then one thing alone."""
    grids, labels = paper.drawings(TEST, TEST_SEED)
    rows = [score(predictor, "everything at once", grids, labels)]
    for name, ends in paper.TRAINED.items():
        rng = np.random.default_rng([TEST_SEED, *name.encode()])
        labels = np.array([paper.CLASSES[i % 2] for i in range(TEST // 4)])
        looks = [replace(paper.Look(), **{name: rng.uniform(*ends)}) for _ in labels]
        drawn = [paper.grid(paper.strokes(label, rng), look) for label, look in zip(labels, looks, strict=True)]
        rows.append(score(predictor, name, np.stack(drawn), labels))
    return rows


def score(predictor: Any, varied: str, grids: Any, labels: Any) -> dict[str, Any]:
    """Compare answers with labels."""
    right = int(np.sum(predictor.predict(list(grids)) == labels))
    return {"varied": varied, "drawings": len(labels), "right": right}


def curve(predictor: Any, name: str) -> dict[str, Any]:
    """Count right answers for one look after another, the rest as it is by default."""
    amounts = np.linspace(*paper.MEASURED[name], POINTS)
    right = []
    for amount in amounts:
        rng = np.random.default_rng([CURVE_SEED, *name.encode()])  # the same hands at every amount
        labels = [paper.CLASSES[i % 2] for i in range(A_POINT)]
        look = replace(paper.Look(), **{name: float(amount)})
        grids = np.stack([paper.grid(paper.strokes(label, rng), look) for label in labels])
        right.append(score(predictor, name, grids, np.array(labels))["right"])
    return {"amounts": [round(float(a), 4) for a in amounts], "right": right, "drawings": A_POINT}


def check(predictor: Any) -> list[list[float]]:
    """Logits that the page has to reach."""
    grids, _ = paper.drawings(CHECKED, CHECK_SEED)
    return [[round(float(value), 6) for value in row] for row in predictor.logits(list(grids))]


def markdown(rows: list[dict[str, Any]]) -> str:
    """Write the table with Wilson's intervals."""
    lines = ["| varied | trained on | drawings | right | 95 % interval |", "|" + "---|" * 5]
    for row in rows:
        ends = paper.TRAINED.get(row["varied"])
        interval = binomtest(row["right"], row["drawings"]).proportion_ci(method="wilson")
        lines.append(
            f"| {row['varied']} | {f'{ends[0]:g} to {ends[1]:g}' if ends else 'all of these'} | {row['drawings']} | "
            f"{row['right'] / row['drawings']:.2%} | {interval.low:.2%} to {interval.high:.2%} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
