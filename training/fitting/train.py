"""Train one network on a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from keras.callbacks import Callback

import zoo
from adapters import registry
from adapters.base import Adapter
from adapters.cache import Cache
from adapters.dataset import Dataset
from adapters.quarantine import readable, warn_of_bad
from adapters.reading import Values
from training.errors import ExperimentError
from training.fitting.callbacks import Hooks
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.fitting.start import Start, from_imagenet, from_run
from training.fitting.teach import Lesson, teach
from training.fitting.threads import ThreadsError, take_threads
from training.records import Settings


def fit_predictor(
    dataset: Dataset,
    architecture: str | Settings,
    adapter: Settings | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
    weights: str | Path | None = None,
    callbacks: Sequence[Callback] = (),
) -> Predictor:
    """Train a network on all training items of a data set.

    Parameters
    ----------
    dataset : Dataset
        With an official split, only its ``"train"`` part is used.
    architecture : str or dict
        Name of a variant, or settings with a ``name``.
    adapter : dict, optional
        Settings with a ``name``; what suits the data by default.
    recipe : Recipe, optional
    seed : int
    weights : str or path, optional
        ``"imagenet"``, or the folder of a predictor to go on from.
    callbacks : sequence of keras.callbacks.Callback

    Raises
    ------
    ExperimentError, zoo.ZooError, adapters.errors.DataError
        If these do not fit together, or no item can be read.

    Warns
    -----
    UserWarning
        If some items cannot be read: they are left out.
    """
    recipe = prepared(recipe or Recipe())
    config = settled_architecture(architecture)
    made = registry.from_settings(adapter or dataset.adapter or registry.default_settings(dataset.modality))
    part, (values,) = training_part(dataset, [made], Cache.default())
    return fit_part(part, made.fit_read(values), values, config, recipe, seed, weights, callbacks)


def training_part(dataset: Dataset, adapters: Sequence[Adapter], cache: Cache) -> tuple[Dataset, list[Values]]:
    """Give the training items of a data set that every adapter can read, and what each decodes them to.

    Warns
    -----
    UserWarning
        If items were set aside.
    """
    part = dataset if dataset.parts is None else dataset.take(np.flatnonzero(dataset.parts == "train"))
    part, values = readable(part, [cache.read(adapter, part.items) for adapter in adapters])
    warn_of_bad(part)
    return part, values


def fit_part(
    part: Dataset,
    adapter: Adapter,
    values: Values,
    config: Settings,
    recipe: Recipe,
    seed: int,
    weights: str | Path | None = None,
    callbacks: Sequence[Callback] = (),
) -> Predictor:
    """Train a network on items that a fitted adapter has decoded; all settings are settled."""
    codes = np.searchsorted(np.asarray(part.classes), part.labels).astype(np.int32)
    lesson = Lesson(config, adapter, values, codes, len(part.classes), groups=part.groups)
    start = start_from(weights, lesson, part.classes, seed)
    hooks = Hooks(callbacks, about(lesson, recipe, seed))
    learned = teach(lesson, recipe, seed, start, hooks)
    return Predictor.of(adapter, config, part.classes, learned)


def prepared(recipe: Recipe) -> Recipe:
    """Settle a recipe for a training in this process, which gets the threads that it names.

    Raises
    ------
    ExperimentError
        If TensorFlow is at work with others.
    """
    if recipe.threads is not None:
        try:
            take_threads(recipe.threads)
        except ThreadsError as error:
            raise ExperimentError(f"threads: {error}; leave it out, or train in a new process") from None
    return recipe.settled()


def settled_architecture(architecture: str | Settings) -> Settings:
    """Give all settings of an architecture that is named, or described in part."""
    settings = {"name": architecture} if isinstance(architecture, str) else architecture
    overrides = {key: value for key, value in settings.items() if key != "name"}
    return zoo.architecture(settings["name"], overrides).config()


def start_from(weights: str | Path | None, lesson: Lesson, classes: tuple[str, ...], seed: int) -> Start:
    """Find the weights that a training starts from."""
    if weights is None:
        return Start()
    if weights == "imagenet":
        return from_imagenet(lesson.architecture, lesson.adapter.grid_, lesson.outputs, seed)
    donor = Predictor.load(weights)
    return from_run(donor, lesson.architecture, lesson.adapter.grid_, classes, lesson.outputs, seed)


def about(lesson: Lesson, recipe: Recipe, seed: int) -> Settings:
    """Say what is trained, for callbacks that log it."""
    return {
        "adapter": lesson.adapter.settings(),
        "architecture": lesson.architecture,
        "recipe": asdict(recipe),
        "seed": seed,
    }
