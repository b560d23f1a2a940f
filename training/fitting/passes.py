"""Train pass by pass, on items that come in batches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.fitting.fit import item_weights, one_epoch
from training.fitting.parts import Held, Part
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler
from training.fitting.start import Start
from training.fitting.teach import Lesson, augmentations_of, starting_scaler


@dataclass(frozen=True)
class Progress:
    """All that the next pass needs of those before.

    Parameters
    ----------
    recipe : Recipe
        Its precision is that in which the layers computed.
    scaler : Scaler
    weights : list of ndarray
        In the order of ``model.weights``.
    state : list of ndarray
        What the network and its optimizer hold.
    passes : int
        How many there were.
    """

    recipe: Recipe
    scaler: Scaler
    weights: list[NDArray[Any]]
    state: list[NDArray[Any]]
    passes: int


def one_pass(lesson: Lesson, recipe: Recipe, seed: int, before: Progress | Start) -> Progress:
    """Train on all items once, at the recipe's learning rate; nothing is set apart to validate with.

    Parameters
    ----------
    lesson : Lesson
    recipe : Recipe
        Settled. Its epochs, schedule, validation and patience are for trainings that end.
    seed : int
        Decides initial weights, dropout, the order of items and augmentation.
    before : Progress or Start
        What the last pass gave, or what the first one starts from.
    """
    network, grids = lesson.network(recipe, seed), lesson.adapter.grids(lesson.values)
    if isinstance(before, Progress):
        scaler, passes = before.scaler, before.passes
        network.resume(before.state)
    else:
        scaler, passes = starting_scaler(lesson.adapter, Held(grids, np.arange(len(grids))), recipe, before), 0
        network.draw(seed)
        if before.weights is not None:
            network.model.set_weights(before.weights)
    part = Part(scaler(grids), lesson.y, weights=lesson.weights)
    rates = np.full(-(-len(part) // recipe.batch_size), recipe.learning_rate, np.float32)
    one_epoch(
        network,
        part,
        item_weights(part, lesson.outputs, recipe.balance),
        rates,
        recipe,
        np.random.default_rng([seed, passes]),
        augmentations_of(lesson.adapter, recipe),
    )
    return Progress(
        replace(recipe, precision=network.precision), scaler, network.model.get_weights(), network.state(), passes + 1
    )
