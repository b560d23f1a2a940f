"""From decoded items to a trained network: split, lay out, scale, train."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import zoo
from adapters.base import Adapter
from adapters.cache import Cache, link
from adapters.reading import Values
from training.errors import ExperimentError
from training.fitting.augment import augmentations_for
from training.fitting.callbacks import Hooks
from training.fitting.fit import History, fit
from training.fitting.network import Network, network_for
from training.fitting.objective import Goal
from training.fitting.parts import IN_MEMORY, Held, Part, Rows, Stored, grids_in
from training.fitting.recipe import Recipe
from training.fitting.scaling import Scaler, scaler_for
from training.fitting.start import Start
from training.records import Settings
from training.splits import validation_part

# Mean and deviation of ImageNet's pixels, from 0 to 1, over all channels: what its weights
# take a standardised grid of another kind for.
PIXELS = (0.449, 0.226)


@dataclass(frozen=True)
class Lesson:
    """What one network is to learn, and from what.

    Parameters
    ----------
    architecture : dict
        Settings with a ``name``.
    adapter : Adapter
        Fitted.
    values : Values
        Decoded items.
    y : ndarray
        Classes as indices, int32 of shape ``(n,)``; or standardised numbers, float32 of
        shape ``(n, outputs)``.
    outputs : int
        Number of classes, or of numbers.
    weights : ndarray of float32, shape ``(n,)``, optional
        How much each item counts.
    groups : ndarray of str, shape ``(n,)``, optional
        What must not be in training and validation at once.
    """

    architecture: Settings
    adapter: Adapter
    values: Values
    y: NDArray[Any]
    outputs: int
    weights: NDArray[np.float32] | None = None
    groups: NDArray[np.str_] | None = None

    @property
    def goal(self) -> Goal:
        """What it is for."""
        return "classification" if self.y.ndim == 1 else "regression"

    def network(self, recipe: Recipe, seed: int) -> Network:
        """Give this thread's network that learns it, to be drawn with this seed."""
        return network_on(self.architecture, self.adapter, self.outputs, recipe, self.goal, seed)


@dataclass(frozen=True)
class Learned:
    """A trained network, as plain arrays.

    Parameters
    ----------
    recipe : Recipe
        By which it was trained; its precision is that in which the layers computed.
    scaler : Scaler
    weights : list of ndarray
        In the order of ``model.weights``.
    history : History
    """

    recipe: Recipe
    scaler: Scaler
    weights: list[NDArray[Any]]
    history: History


def teach(lesson: Lesson, recipe: Recipe, seed: int, start: Start | None = None, hooks: Hooks | None = None) -> Learned:
    """Train a network on the items but for a validation part, which chooses the epoch.

    Parameters
    ----------
    lesson : Lesson
    recipe : Recipe
        Settled.
    seed : int
        Decides the validation part, and what `Training` says.
    start : Start, optional
    hooks : Hooks, optional

    Raises
    ------
    ExperimentError
        If there are fewer than 2 items, or the network cannot read such grids.
    """
    if len(lesson.y) < 2:
        raise ExperimentError("expected at least 2 items, one of them to validate with, got 1 sample; add items")
    start = start or Start()
    network = lesson.network(recipe, seed)
    inner, held = validation_part(_strata(lesson), lesson.groups, recipe.validation, seed)
    with _laid_out(lesson) as rows:
        train, validation = rows(inner), rows(held)
        scaler = starting_scaler(lesson.adapter, train, recipe, start)
        history = fit(
            network,
            _part(train, lesson, inner, scaler),
            _part(validation, lesson, held, scaler),
            recipe,
            seed,
            augmentations_of(lesson.adapter, recipe),
            start.weights,
            hooks,
        )
    return Learned(replace(recipe, precision=network.precision), scaler, network.model.get_weights(), history)


def network_on(
    architecture: Settings, adapter: Adapter, outputs: int, recipe: Recipe, goal: Goal, seed: int = 0
) -> Network:
    """Give this thread's network for the grids of an adapter.

    Raises
    ------
    ExperimentError
        If it cannot read such grids.
    """
    grid = adapter.grid_
    if reason := zoo.from_config(architecture).supports(grid):
        raise ExperimentError(f"{architecture['name']} on {grid.describe()}: {reason}")
    return network_for(
        architecture, zoo.Grid(grid.shape, grid.vocabulary_size), outputs,
        recipe.optimizer, recipe.weight_decay > 0, recipe.precision, goal, seed,
    )  # fmt: skip


def augmentations_of(adapter: Adapter, recipe: Recipe) -> list[Callable[..., NDArray[Any]]]:
    """Look up what the recipe allows and the adapter declares; none for ids."""
    if not recipe.augment or adapter.grid_.vocabulary_size:
        return []
    return augmentations_for(adapter.augmentations, [axis.name for axis in adapter.grid_.axes])


def _strata(lesson: Lesson) -> NDArray[Any]:
    """Say what both parts should hold in proportion: classes, where there are any."""
    return lesson.y if lesson.goal == "classification" else np.zeros(len(lesson.y), np.int32)


@contextmanager
def _laid_out(lesson: Lesson) -> Iterator[Callable[[NDArray[np.int64]], Rows]]:
    """Lay the grids out: in the cache if they come from files or are large, otherwise in memory."""
    adapter, values = lesson.adapter, lesson.values
    if len(values) <= grids_in(IN_MEMORY, adapter.grid_.shape) and not isinstance(values.items[0], Path):
        grids = adapter.grids(values)
        yield lambda rows: Held(grids, rows)
        return
    cache = Cache.default()
    with cache.scratch() as scratch:
        path = link(cache.grids(adapter, values), scratch)
        yield lambda rows: Stored(path, rows)


def _part(rows: Rows, lesson: Lesson, positions: NDArray[np.int64], scaler: Scaler) -> Part:
    weights = None if lesson.weights is None else lesson.weights[positions]
    return Part.of(rows, lesson.y[positions], scaler, weights)


def starting_scaler(adapter: Adapter, train: Rows, recipe: Recipe, start: Start) -> Scaler:
    """Make the scaler that the recipe asks for, or that the starting weights expect."""
    if start.scaler is not None:
        return start.scaler
    grid = adapter.grid_
    axes, ids = [axis.name for axis in grid.axes], grid.vocabulary_size > 0
    if start.pixels is None:
        return scaler_for(recipe.scale, train, axes, ids)
    factor, offset = start.pixels
    if adapter.modality == "image":
        return Scaler.identity().then(factor, offset)
    mean, deviation = PIXELS
    standardised = scaler_for("channel" if recipe.scale == "none" else recipe.scale, train, axes, ids)
    return standardised.then(factor * deviation, factor * mean + offset)
