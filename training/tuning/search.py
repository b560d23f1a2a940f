"""Search hyperparameters: a keras-tuner oracle proposes, we train, it is told the score."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras_tuner

import zoo
from training.errors import ExperimentError
from training.fitting.recipe import Recipe
from training.records import Settings, Trial
from training.tuning.settings import Tuning

Space = Mapping[str, zoo.Dimension]
OBJECTIVE = "validation_accuracy"

RECIPE_SPACE: Space = {
    "learning_rate": zoo.FloatRange(3e-4, 1e-2, default=2e-3, log=True),
    "batch_size": zoo.Choice((16, 32, 64), default=32),
}


def joined_space(architecture: Space, over: Sequence[str]) -> dict[str, zoo.Dimension]:
    """Join the spaces of an architecture and of the recipe; names say whose they are."""
    spaces = {"architecture": architecture, "recipe": RECIPE_SPACE}
    return {f"{owner}.{name}": _owned(spec, owner) for owner in over for name, spec in spaces[owner].items()}


def _owned(spec: zoo.Dimension, owner: str) -> zoo.Dimension:
    return replace(spec, when=(f"{owner}.{spec.when[0]}", spec.when[1])) if spec.when else spec


def hyperparameters(space: Space) -> keras_tuner.HyperParameters:
    """Say a space in keras-tuner's words."""
    hp = keras_tuner.HyperParameters()
    zoo.chosen(hp, dict(space))
    return hp


def oracle_for(tuning: Tuning, space: Space, seed: int) -> keras_tuner.Oracle:
    """Make the oracle that a tuning names."""
    kinds = {
        "bayesian": keras_tuner.oracles.BayesianOptimizationOracle,
        "random": keras_tuner.oracles.RandomSearchOracle,
        "grid": keras_tuner.oracles.GridSearchOracle,
    }
    return kinds[tuning.oracle](
        objective=keras_tuner.Objective(OBJECTIVE, "max"),
        max_trials=tuning.trials,
        hyperparameters=hyperparameters(space),
        # keras-tuner takes 0 for "no seed given".
        seed=seed + 1,
    )


def search(
    tuning: Tuning, space: Space, seed: int, evaluate: Callable[[Settings], Trial]
) -> tuple[Settings, list[Trial]]:
    """Try points of a space and give the best one.

    Parameters
    ----------
    tuning : Tuning
    space : mapping
    seed : int
    evaluate : callable
        Trains a point's settings and scores it on validation items.

    Returns
    -------
    values : dict
        The point with the highest score, the earliest of equals.
    trials : list of Trial
        Every point, in the order in which it was tried.

    Raises
    ------
    ExperimentError
        If the oracle proposed no point at all.
    """
    trials: list[Trial] = []
    # The oracle keeps its state in files as it goes; a run's tuning is one unit of
    # work and lives or dies as a whole, so they are of no use afterwards.
    with tempfile.TemporaryDirectory(prefix="gridzoo-tuning-") as folder, contextlib.redirect_stdout(io.StringIO()):
        oracle = oracle_for(tuning, space, seed)
        oracle._set_project_dir(folder, "search")
        while True:
            proposal = oracle.create_trial("gridzoo")
            if proposal.status != "RUNNING":
                break
            trial = evaluate(zoo.chosen(proposal.hyperparameters, dict(space)))
            trials.append(trial)
            oracle.update_trial(proposal.trial_id, {OBJECTIVE: trial.score})
            proposal.status = "COMPLETED"
            oracle.end_trial(proposal)
    if not trials:
        raise ExperimentError(f"tuning: expected an oracle that proposes a point, but {tuning.oracle!r} proposed none")
    return max(trials, key=lambda trial: trial.score).values, trials


def apply(values: Settings, model: Settings, recipe: Recipe) -> tuple[Settings, Recipe]:
    """Put a point's values into an architecture's settings and a recipe."""
    parts: dict[str, dict[str, Any]] = {"architecture": {}, "recipe": {}}
    for name, value in values.items():
        owner, _, field = name.partition(".")
        parts[owner][field] = value
    return {**model, **parts["architecture"]}, replace(recipe, **parts["recipe"])
