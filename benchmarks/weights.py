"""Weights by a genetic algorithm, by CMA-ES and by gradient descent, for the same number of evaluations.

    nice python benchmarks/weights.py [--evaluations 6000] [--seeds 5]

Three settings: a smooth loss (cross-entropy of three digits), one with many local minima (parity
of six bits in a narrow network), and one that jumps (the share of digits told wrong, itself;
the gradient gets cross-entropy as a stand-in). One evaluation is a forward pass over all grids, a
gradient counts as three. Each method has its step size chosen from three on a seed of its own; the
other seeds decide start and draws. Then: how many evaluations a second a population gets in one
call, beside three other ways. Measurements are kept in ``runs/weights``; the tables are
written to ``docs/genes.md``. About five minutes on one quiet core.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tensorflow as tf
from scipy import stats
from sklearn.datasets import load_digits

import zoo
from training.genes.evolve import evolve_weights
from training.genes.landscape import LOSSES, Landscape
from training.running.worker import settle

ROOT = Path(__file__).resolve().parent.parent
OUT, PAGE = ROOT / "runs" / "weights", ROOT / "docs" / "genes.md"
STEPS = {"genetic": (0.03, 0.1, 0.3), "cma": (0.03, 0.1, 0.3), "gradient": (0.003, 0.01, 0.03)}
CHOOSING, MEMBERS = 1000, 40
SHARES = (0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Setting:
    """A network, its data, and what is to be low."""

    words: str
    architecture: str
    fields: dict[str, Any]
    data: Callable[[], tuple[np.ndarray, np.ndarray]]
    loss: Literal["cross-entropy", "error"]

    def model(self, seed: int) -> Any:
        """Draw the network."""
        x, y = self.data()
        return zoo.build(
            zoo.architecture(self.architecture, self.fields), zoo.Grid(x.shape[1:]), int(y.max()) + 1, seed=seed
        )


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Three digits, 300 of them."""
    x, y = load_digits(n_class=3, return_X_y=True)
    kept = np.random.default_rng(0).permutation(len(y))[:300]
    x = x[kept].reshape(-1, 8, 8, 1).astype(np.float32)
    return (x - x.mean()) / x.std(), y[kept].astype(np.int32)


def parity() -> tuple[np.ndarray, np.ndarray]:
    """All words of six bits; the class is whether their number of ones is odd."""
    bits = np.array(list(itertools.product((-1, 1), repeat=6)), np.float32)
    return bits[:, :, None], ((bits > 0).sum(1) % 2).astype(np.int32)


SMALL = {"maps": (4, 8), "units": (12,), "kernel": 3}
SETTINGS = {
    "smooth": Setting("cross-entropy, three digits, LeNet of two stages", "lenet5", SMALL, digits, "cross-entropy"),
    "many minima": Setting("cross-entropy, parity of six bits, MLP of 6 units", "mlp", {"units": 6, "layers": 1}, parity, "cross-entropy"),
    "jumps": Setting("share told wrong, three digits, the same LeNet", "lenet5", SMALL, digits, "error"),
}  # fmt: skip


def kept(name: str, measure: Callable[[], Any]) -> Any:
    """Give a measurement, from the disk if it was made."""
    path = OUT / f"{name}.json"
    if not path.exists():
        found = measure()
        path.write_text(json.dumps(found))
        print(name, found if not isinstance(found, dict) else found.get("loss"), flush=True)
    return json.loads(path.read_text())


def run(name: str, method: Any, step: float, seed: int, evaluations: int) -> dict[str, Any]:
    """Look for weights once."""
    setting = SETTINGS[name]
    found = evolve_weights(
        setting.model(seed), *setting.data(), method=method, loss=setting.loss, evaluations=evaluations, step=step, seed=seed
    )  # fmt: skip
    at = [min(loss for spent, loss in [(0, np.inf), *found.curve] if spent <= share * evaluations) for share in SHARES]
    return {"loss": found.loss, "at": at, "seconds": found.seconds, "evaluations": found.evaluations}


def step_for(name: str, method: str, evaluations: int) -> float:
    """Choose a step size on a seed that does not count."""
    runs = {
        step: kept(
            f"{name}-{method}-{step}-{CHOOSING}-{evaluations}",
            partial(run, name, method, step, CHOOSING, evaluations),
        )
        for step in STEPS[method]
    }
    return min(runs, key=lambda step: (runs[step]["loss"], runs[step]["at"][1]))


def lines_of(name: str, seeds: int, evaluations: int) -> list[str]:
    """Write the table's lines of one setting."""
    weights = sum(int(np.prod(v.shape)) for v in SETTINGS[name].model(0).trainable_variables)
    rows = []
    for method in STEPS:
        step = step_for(name, method, evaluations)
        runs = [
            kept(
                f"{name}-{method}-{step}-{seed}-{evaluations}",
                partial(run, name, method, step, seed, evaluations),
            )
            for seed in range(seeds)
        ]
        at = np.array([one["at"] for one in runs])
        cells = " | ".join(interval(at[:, column]) for column in range(len(SHARES)))
        seconds = np.mean([one["seconds"] for one in runs])
        rows.append(f"| {name} | {weights} | {method} | {step:g} | {cells} | {seconds:.1f} |")
    return rows


def interval(values: np.ndarray) -> str:
    """Write a mean with its 95 % t-interval over seeds."""
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values) if len(values) > 1 else np.nan
    return f"{np.mean(values):.4f} ± {half:.4f}"


def speed(name: str) -> dict[str, float]:
    """Count evaluations a second of four ways through the same population."""
    setting = SETTINGS[name]
    model, (x, y) = setting.model(0), setting.data()
    loss = LOSSES[setting.loss]
    landscape = Landscape(model, x, y, loss, loss)
    vectors = (landscape.start + 0.1 * np.random.default_rng(0).standard_normal((MEMBERS, len(landscape.start)))).astype(np.float32)  # fmt: skip
    xs, ys = tf.constant(x), tf.constant(y)

    def one(vector: Any) -> Any:
        held = [variable.value for variable in model.non_trainable_variables]
        outputs, _ = model.stateless_call(landscape._cut(vector), held, xs, training=False)
        return tf.reduce_mean(loss(ys, outputs))

    single = tf.function(one, jit_compile=False)
    mapped = tf.function(lambda many: tf.map_fn(one, many), jit_compile=False)

    def predicted(many: np.ndarray) -> list[float]:
        found = []
        for vector in many:
            for variable, value in zip(model.trainable_variables, landscape._cut(vector), strict=True):
                variable.assign(value)
            found.append(float(tf.reduce_mean(loss(ys, model(xs, training=False)))))
        return found

    ways = {
        "set weights, call the model": predicted,
        "one compiled call a member": lambda many: [float(single(tf.constant(v))) for v in many],
        "tf.map_fn, one call": lambda many: mapped(tf.constant(many)).numpy(),
        "tf.vectorized_map, one call (evolve_weights)": landscape.losses,
    }
    expected, rates = None, {}
    for words, way in ways.items():
        found = np.asarray(way(vectors))
        expected = found if expected is None else expected
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)
        times = []
        for _ in range(5):
            started = time.process_time()
            way(vectors)
            times.append(time.process_time() - started)
        rates[words] = MEMBERS / float(np.median(times))
    return rates


def main() -> None:
    """Measure what is missing, and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--evaluations", type=int, default=6000)
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    settle("cnn")
    OUT.mkdir(parents=True, exist_ok=True)
    rates = {name: kept(f"speed-{name}", partial(speed, name)) for name in SETTINGS if name != "jumps"}
    rows = [line for name in SETTINGS for line in lines_of(name, asked.seeds, asked.evaluations)]
    heads = " | ".join(f"loss at {share:.0%}" for share in SHARES)
    command = " ".join(["python benchmarks/weights.py", *sys.argv[1:]])
    page = PAGE.read_text(encoding="utf-8").partition("<!-- measured -->")[0] if PAGE.exists() else "# Genes\n\n"
    table = "\n".join([f"| setting | weights | method | step | {heads} | s a run |", "|" + "---|" * 8, *rows])
    words = "\n".join(f"- **{name}**: {setting.words}" for name, setting in SETTINGS.items())
    speeds = "\n".join([
        f"| population of {MEMBERS} | {' | '.join(rates)} |", "|---|" + "---|" * len(rates),
        *(f"| {way} | {' | '.join(f'{rates[name][way]:,.0f}' for name in rates)} |" for way in next(iter(rates.values()))),
    ])  # fmt: skip
    measured = (
        f"<!-- measured -->\n`{command}` printed ({asked.evaluations:,} evaluations a run, mean and 95 % interval over "
        f"{asked.seeds} seeds):\n\n{words}\n\n{table}\n\nEvaluations a CPU second, by way of evaluating a population:\n\n{speeds}\n"
    )
    PAGE.write_text(page + measured, encoding="utf-8")
    print(measured)


if __name__ == "__main__":
    main()
