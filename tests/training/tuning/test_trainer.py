"""Legs on a real network: a trial goes on from its weights, and a lost state changes nothing."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import zoo
from training.fitting.parts import Part
from training.fitting.recipe import Recipe
from training.records import Run
from training.running.cnn_run import run_cnn
from training.running.task import Task
from training.tuning.bench import Bench
from training.tuning.proposals import Leg
from training.tuning.states import States
from training.tuning.trainer import Trainer

GRID = zoo.Grid((8, 8, 1))
LENET = zoo.architecture("lenet5").config()
FIRST, SECOND = Leg(0, {"recipe.learning_rate": 0.005}, (1,)), Leg(0, {"recipe.learning_rate": 0.005}, (1, 3))


def bars(n, seed):
    """Pictures of a bar that lies or stands, and which."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 0.4, (n, 8, 8, 1)).astype(np.float32), rng.integers(0, 2, n).astype(np.int32)
    for cells, label in zip(x, y, strict=True):
        line = rng.integers(1, 7)
        cells[(line, slice(None)) if label else (slice(None), line)] += 0.4
    return x, y


@pytest.fixture(scope="module")
def bench():
    return Bench(Part(*bars(100, 0)), Part(*bars(60, 1)), GRID, 2, [], seed=3)


@pytest.fixture
def trainer(bench, tmp_path):
    return Trainer({"": bench}, LENET, Recipe(), States(tmp_path), top=5)


def test_a_leg_goes_on_from_the_weights_of_the_one_before(trainer, tmp_path):
    first, second = trainer(FIRST), trainer(SECOND)
    assert (first.epochs, second.epochs) == (1, 2)
    assert second.curves["loss"][0] < first.curves["loss"][0]
    assert second.score[0] == max(second.curves["validation_accuracy"]) or second.score[1] > first.score[1]
    anew = trainer(Leg(1, SECOND.values, (2,)))
    assert anew.curves["loss"] != second.curves["loss"]
    assert second.parameters == 44_426 - 8 * 85 == anew.parameters
    assert first.items == second.items == 60, "a score's error follows from how many items it is of"
    assert second.flops == 2 * 6 * 100 * zoo.measure("lenet5", GRID, 2).macs


def test_a_lost_state_is_trained_again_with_the_same_result(trainer):
    trainer(FIRST)
    expected = trainer(SECOND)
    for path in Path(trainer.states.folder).iterdir():
        path.unlink()
    again = trainer(SECOND)
    assert (again.score, again.curves) == (expected.score, expected.curves)


def test_another_trial_in_between_changes_nothing(trainer):
    trainer(FIRST)
    expected = trainer(SECOND)
    trainer(FIRST)
    trainer(Leg(7, {"recipe.learning_rate": 0.01}, (2,)))
    assert trainer(SECOND).curves == expected.curves


def test_no_state_is_kept_of_a_trial_that_has_arrived(trainer):
    trainer(FIRST)
    assert len(list(trainer.states.folder.iterdir())) == 1
    trainer(Leg(1, FIRST.values, (5,)))
    assert len(list(trainer.states.folder.iterdir())) == 1


def test_what_cannot_be_drawn_or_diverges_fails_with_a_reason(trainer, bench):
    assert "kernel" in trainer(Leg(0, {"architecture.kernel": "wide"}, (1,))).reason
    x = bench.train.x.copy()
    x[0] = np.nan
    broken = replace(trainer, benches={"": replace(bench, train=Part(x, bench.train.y))})
    lap = broken(FIRST)
    assert lap.score is None
    assert "finite" in lap.reason


def test_random_test_labels_are_met_by_chance(tmp_path):
    """The detector of leaks: a search that saw the test items would do better than chance on noise."""
    x, y = bars(400, 5)
    y[200:] = np.random.default_rng(0).integers(0, 2, 200)
    np.save(tmp_path / "grids.npy", x)
    run = Run(
        "bars", "", {"name": "image"}, "cnn", LENET, "original", {**vars(Recipe(epochs=6))},
        {"oracle": "random", "trials": 8, "epochs": 4, "over": ("recipe",)}, "official", 0, 0, 0, {},
    )  # fmt: skip
    task = Task(
        run, tmp_path / "grids.npy", None, y, ("lies", "stands"), np.arange(140), np.arange(140, 200),
        np.arange(200, 400), ("row", "column"), 0, (),
    )  # fmt: skip
    outcome = run_cnn(task)
    assert outcome.scores["validation_accuracy"] > 0.9
    assert abs(np.mean(outcome.predicted == y[200:]) - 0.5) < 3.3 * 0.5 / np.sqrt(200)
    assert len(outcome.trials) == 8
    assert outcome.chosen in [trial.values for trial in outcome.trials]


@pytest.mark.parametrize(("seconds", "epochs"), [(1e-3, 1), (1e3, 5)])
def test_a_trial_has_its_share_of_the_time_of_a_training(bench, tmp_path, seconds, epochs):
    limited = Trainer({"": bench}, LENET, Recipe(epochs=40, seconds=seconds), States(tmp_path), top=5)
    assert limited(Leg(0, {"recipe.learning_rate": 0.005}, (5,))).epochs == epochs
    ticks = count()
    with pytest.MonkeyPatch.context() as patch:  # a clock that ticks once a run: epochs of a second
        patch.setattr("training.fitting.fit.time", SimpleNamespace(perf_counter=lambda: next(ticks)))
        shared = Trainer({"": bench}, LENET, Recipe(epochs=40, seconds=24.0), States(tmp_path), top=5)
        assert shared(Leg(1, {"recipe.learning_rate": 0.005}, (5,))).epochs == 3  # 24 s × 5 / 40
