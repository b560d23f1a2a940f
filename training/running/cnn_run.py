"""Tune, train and test a CNN on one fold, in one arm."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

import zoo
from training.fitting.augment import Augmentation, augmentations_for
from training.fitting.callbacks import Hooks
from training.fitting.fit import mean_log_loss
from training.fitting.network import Network
from training.fitting.parts import Part, Stored
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler, own_axes, scaler_for
from training.fitting.tracking import watched
from training.records import Settings, Strain, Trial
from training.running.robustness import is_asked, strains
from training.running.task import Outcome, Task
from training.running.weights import keep_weights
from training.tuning.bench import Bench
from training.tuning.budget import Budget
from training.tuning.proposals import proposer_for
from training.tuning.search import Found, search_here
from training.tuning.settings import ADAPTER, Tuning
from training.tuning.space import apply, joined_space
from training.tuning.states import States
from training.tuning.structure import structure_space
from training.tuning.trainer import Trainer
from training.verdict.arms import order_of, permute_cells


def run_cnn(task: Task) -> Outcome:
    """Search hyperparameters if the run says so, train, and predict the test items."""
    run, recipe = task.run, Recipe(**task.run.recipe)
    prepared = {label: prepare(one, recipe) for label, one in _choices(task).items()}
    model = {name: value for name, value in run.model.items() if name != "label"}
    chosen: Settings = {}
    trials: list[Trial] = []
    if run.tuning:
        benches = {label: bench for label, (bench, _) in prepared.items()}
        found, recipe = tune_on(benches, Tuning(**run.tuning), model, recipe)
        chosen, trials = found.values, found.trials
        model, recipe = apply(chosen, model, recipe)
    label = str(chosen.get(ADAPTER, next(iter(prepared))))
    (bench, test), task = prepared[label], _choices(task)[label]
    started = time.perf_counter()
    learned, history = bench.train_on(model, recipe, Hooks(watched(task.tensorboard, trials)))
    trained = time.perf_counter()
    network = bench.as_used(learned, model, recipe)
    keep_weights(task, network.weights())
    logits = np.concatenate([network.predict(x) for x in test.segments()])
    return Outcome(
        predicted=logits.argmax(1),
        scores={
            "log_loss": round(mean_log_loss(logits, test.y), 6),
            "best_epoch": float(history.best_epoch + 1),
        }
        | ({"validation_accuracy": history.best("validation_accuracy")} if len(bench.validation) else {}),
        curves=history.curves,
        trials=trials,
        chosen=chosen,
        parameters=network.parameters,
        precision=learned.precision,
        macs=zoo.Size.of(zoo.layers_of(network.model)).macs,
        probabilities=softmax(logits.astype(float), axis=1),
        strains=_strains(network, test, task, recipe),
        build_seconds=trained - started - history.seconds,
        train_seconds=history.seconds,
        predict_seconds=time.perf_counter() - trained,
    )


def _choices(task: Task) -> dict[str, Task]:
    """Give the task on each of the grids that are chosen from, by the label of their adapter."""
    return {label: task.on(laid) for label, laid in task.choices.items()} or {"": task}


def tune_on(benches: Mapping[str, Bench], tuning: Tuning, model: Settings, recipe: Recipe) -> tuple[Found, Recipe]:
    """Search on one fold; gives what was found, and the recipe with the time that is left for the final training."""
    with tempfile.TemporaryDirectory(prefix="gridzoo-tuning-") as folder:
        trainer = Trainer(benches, model, recipe, States(Path(folder)), tuning.epochs)
        arch = zoo.from_config(model)
        space = joined_space(zoo.space(arch), recipe, tuning.over, tuple(benches), structure_space(arch))
        budget, seed = Budget(tuning, trainer), next(iter(benches.values())).seed
        found = search_here(trainer, proposer_for(tuning, space, seed), tuning, budget)
    return found, budget.final(recipe)


def _strains(network: Network, test: Part, task: Task, recipe: Recipe) -> list[Strain]:
    if not is_asked(task):
        return []
    x = np.concatenate(list(test.segments()))
    # What an item is standardised by changes with the item; the training part's numbers do not.
    anew = Scaler.by_item(own_axes(recipe.scale, task.axes))
    return list(strains(lambda changed: network.predict(anew(changed)), x, test.y, task.augmentations, task.axes))


def prepare(task: Task, recipe: Recipe) -> tuple[Bench, Part]:
    """Load, scale and (for the control) shuffle the grids of each part; the test part is handed over by itself."""
    run, scaler = task.run, scaler_of(task, recipe)
    seed = int(np.random.SeedSequence([run.seed, run.repeat, run.fold]).generate_state(1)[0] >> 1)
    train, validation, test = (Stored(task.grids, rows) for rows in (task.train, task.validation, task.test))
    augmented = recipe.augment and task.vocabulary_size == 0
    augmentations = augmentations_for(task.augmentations, task.axes) if augmented else []
    order = order_of(run.arm, task.axes, train.shape[: len(task.axes)], run.seed, seed, run.repeat)
    shuffle = _as_it_is if order is None else partial(permute_cells, order=order, axes=len(task.axes))
    # Items are augmented as in the original arm and then shuffled: the control must
    # differ from it in the order of the cells alone.
    late: list[Augmentation] = [lambda x, rng: shuffle(x)] if augmentations and order is not None else []

    def prepared(x: NDArray[Any]) -> NDArray[Any]:
        return shuffle(scaler(x))

    bench = Bench(
        train=Part.of(train, task.labels[task.train], scaler if late else prepared),
        validation=Part.of(validation, task.labels[task.validation], prepared),
        grid=zoo.Grid(train.shape, task.vocabulary_size),
        outputs=len(task.classes),
        augmentations=[*augmentations, *late],
        seed=seed,
    )
    return bench, Part.of(test, task.labels[task.test], prepared)


def scaler_of(task: Task, recipe: Recipe) -> Scaler:
    """Fit the scaler on the training part; ids are not scaled."""
    return scaler_for(recipe.scale, Stored(task.grids, task.train), task.axes, task.vocabulary_size > 0)


def _as_it_is(x: NDArray[Any]) -> NDArray[Any]:
    return x
