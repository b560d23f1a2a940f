"""Tune, train and test a CNN on one fold, in one arm."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import zoo
from training.fitting.augment import Augmentation, augmentations_for
from training.fitting.fit import History, fit, mean_log_loss
from training.fitting.network import Network, network_for
from training.fitting.parts import Part, Stored
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler
from training.records import Settings, Trial
from training.running.task import Outcome, Task
from training.tuning import search as tuning
from training.tuning.settings import Tuning
from training.verdict.arms import order_of, permute_cells


@dataclass(frozen=True)
class Bench:
    """The prepared parts of one task, on which any settings can be trained."""

    task: Task
    train: Part
    validation: Part
    test: Part
    augmentations: list[Augmentation]
    seed: int

    def train_on(self, model: Settings, recipe: Recipe) -> tuple[Network, History]:
        """Train an architecture by a recipe."""
        task = self.task
        grid = zoo.Grid(self.test.shape, task.vocabulary_size)
        network = network_for(model, grid, len(task.classes), recipe.optimizer, recipe.weight_decay > 0)
        history = fit(network, self.train, self.validation, recipe, self.seed, self.augmentations)
        return network, history


def run_cnn(task: Task) -> Outcome:
    """Search hyperparameters if the run says so, train, and predict the test items."""
    run, recipe = task.run, Recipe(**task.run.recipe)
    bench = prepare(task, recipe)
    model = {name: value for name, value in run.model.items() if name != "label"}
    chosen: Settings = {}
    trials: list[Trial] = []
    if run.tuning:
        chosen, trials = _tune(bench, Tuning(**run.tuning), model, recipe)
        model, recipe = tuning.apply(chosen, model, recipe)
    started = time.perf_counter()
    network, history = bench.train_on(model, recipe)
    trained = time.perf_counter()
    logits = np.concatenate([network.predict(x) for x in bench.test.segments()])
    return Outcome(
        predicted=logits.argmax(1),
        scores={
            "log_loss": round(mean_log_loss(logits, bench.test.y), 6),
            "validation_accuracy": history.best("validation_accuracy"),
            "best_epoch": float(history.best_epoch + 1),
        },
        curves=history.curves,
        trials=trials,
        chosen=chosen,
        parameters=network.parameters,
        build_seconds=trained - started - history.seconds,
        train_seconds=history.seconds,
        predict_seconds=time.perf_counter() - trained,
    )


def _tune(bench: Bench, plan: Tuning, model: Settings, recipe: Recipe) -> tuple[Settings, list[Trial]]:
    def evaluate(values: Settings) -> Trial:
        settings, changed = tuning.apply(values, model, recipe)
        _, history = bench.train_on(settings, replace(changed, epochs=plan.epochs))
        return Trial(values, history.best("validation_accuracy"), history.epochs, round(history.seconds, 3))

    return tuning.search(plan, tuning.joined_space(zoo.space(zoo.from_config(model)), plan.over), bench.seed, evaluate)


def prepare(task: Task, recipe: Recipe) -> Bench:
    """Load, scale and (for the control) shuffle the grids of each part."""
    run = task.run
    seed = int(np.random.SeedSequence([run.seed, run.repeat, run.fold]).generate_state(1)[0] >> 1)
    train, validation, test = (Stored(task.grids, rows) for rows in (task.train, task.validation, task.test))
    dense = task.vocabulary_size == 0
    scaler = Scaler.fitted(train.segments()) if recipe.scale and dense else Scaler.identity()
    augmentations = augmentations_for(task.augmentations, task.axes) if recipe.augment and dense else []
    order = order_of(run.arm, task.axes, train.shape[: len(task.axes)], run.seed, seed)
    shuffle = _as_it_is if order is None else partial(permute_cells, order=order, axes=len(task.axes))
    # Items are augmented as in the original arm and then shuffled: the control must
    # differ from it in the order of the cells alone.
    late: list[Augmentation] = [lambda x, rng: shuffle(x)] if augmentations and order is not None else []

    def prepared(x: NDArray[Any]) -> NDArray[Any]:
        return shuffle(scaler(x))

    return Bench(
        task=task,
        train=Part.of(train, task.labels[task.train], scaler if late else prepared),
        validation=Part.of(validation, task.labels[task.validation], prepared),
        test=Part.of(test, task.labels[task.test], prepared),
        augmentations=[*augmentations, *late],
        seed=seed,
    )


def _as_it_is(x: NDArray[Any]) -> NDArray[Any]:
    return x
