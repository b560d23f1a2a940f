"""Tune one architecture on a data set, and train the point that was found."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from keras.callbacks import Callback

import zoo
from adapters import registry
from adapters.base import Adapter
from adapters.cache import Cache, link
from adapters.dataset import Dataset
from adapters.reading import Values, cores
from training.entrants import labelled
from training.errors import ExperimentError
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.fitting.tracking import watched
from training.fitting.train import fit_part, prepared, settled_architecture, training_part
from training.records import Settings, Trial, label_of
from training.running.task import Laid
from training.splits import validation_part
from training.tuning.budget import Budget
from training.tuning.pool import Pool
from training.tuning.proposals import proposer_for
from training.tuning.search import Watch, search
from training.tuning.settings import ADAPTER, Tuning
from training.tuning.site import Site
from training.tuning.space import apply, joined_space
from training.tuning.structure import structure_space
from training.tuning.table import trial_row


@dataclass(frozen=True)
class Tuned:
    """What a search found.

    Parameters
    ----------
    best : dict
        The chosen point.
    tried : list of Trial
        Every point, in the order of proposal.
    predictor : Predictor
        Trained by the whole recipe with the chosen point.
    """

    best: Settings
    tried: list[Trial]
    predictor: Predictor

    def trials(self) -> pd.DataFrame:
        """Give one row a trial; columns as in `Comparison.trials`, without those that say whose run it was."""
        return pd.DataFrame([trial_row(number, trial, self.best) for number, trial in enumerate(self.tried)])


def tune(
    dataset: Dataset,
    architecture: str | Settings,
    adapters: Sequence[Settings] = (),
    recipe: Recipe | None = None,
    tuning: Tuning | None = None,
    seed: int = 0,
    workers: int | None = None,
    tensorboard: Path | None = None,
    callbacks: Sequence[Callback] = (),
    watch: Watch | None = None,
) -> Tuned:
    """Search hyperparameters on the training items of a data set, then train the best point by the whole recipe.

    Parameters
    ----------
    dataset : Dataset
        With an official split, only its ``"train"`` part is used.
    architecture : str or dict
        Name of a variant, or settings with a ``name``, at which the search starts.
    adapters : sequence of dict
        Settings with a ``name``; what suits the data by default. Of several the best is
        chosen too, if ``tuning.over`` names the adapter.
    recipe : Recipe, optional
    tuning : Tuning, optional
    seed : int
        Decides everything, for any number of workers.
    workers : int, optional
        Trials at a time; the number of usable cores by default.
    tensorboard : path, optional
        Folder for the curves of all trials, once they are over, and of the final training.
    callbacks : sequence of keras.callbacks.Callback
        Called in the final training.
    watch : callable, optional
        Is told how many points were tried so far, of how many, and the best score.

    Returns
    -------
    Tuned
        Its scores are of validation items that the choice was made by: for the score of
        the procedure compare with ``"<architecture>+"`` on held-out folds.

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If these do not fit together, no item can be read, or no trial could be trained.

    Warns
    -----
    UserWarning
        If some items cannot be read: they are left out.
    """
    recipe, workers = recipe or Recipe(), workers or cores()
    tuning = (tuning or Tuning()).within(recipe.epochs)
    config = settled_architecture(architecture)
    made, cache = _adapters(dataset, adapters, tuning), Cache.default()
    part, decoded = training_part(dataset, list(made.values()), cache)
    values = dict(zip(made, decoded, strict=True))
    with (
        cache.scratch() as scratch,
        tempfile.TemporaryDirectory(prefix="tuning-", dir=scratch) as folder,
        Pool(workers) as pool,
    ):
        laid = {label: _laid(adapter, values[label], config, cache, scratch) for label, adapter in made.items()}
        site = _site(laid, part, config, recipe, seed, Path(folder), tuning)
        arch = zoo.from_config(config)
        space = joined_space(zoo.space(arch), recipe, tuning.over, tuple(laid), structure_space(arch))
        budget = Budget(tuning, site.trainer(), workers)
        found = search(tuning, proposer_for(tuning, space, seed), partial(pool.train, site), site.states, budget, watch)
    model, final = apply(found.values, config, budget.final(recipe))
    chosen = str(found.values.get(ADAPTER, next(iter(made))))
    callbacks = [*watched(tensorboard, found.trials), *callbacks]
    predictor = fit_part(
        part, made[chosen], values[chosen], settled_architecture(model), prepared(final), seed, callbacks=callbacks
    )
    return Tuned(found.values, found.trials, predictor)


def _site(
    laid: Mapping[str, Laid], part: Dataset, config: Settings, recipe: Recipe, seed: int, folder: Path, tuning: Tuning
) -> Site:
    codes = np.searchsorted(np.asarray(part.classes), part.labels).astype(np.int32)
    train, held = validation_part(codes, part.groups, recipe.validation, seed)
    return Site(laid, codes, len(part.classes), train, held, config, recipe, seed, folder, tuning.epochs)


def _adapters(dataset: Dataset, adapters: Sequence[Settings], tuning: Tuning) -> dict[str, Adapter]:
    wanted = list(adapters) or [dataset.adapter or registry.default_settings(dataset.modality)]
    if (len(wanted) > 1) != ("adapter" in tuning.over):
        raise ExperimentError(
            f"tune: expected several adapters and 'adapter' in tuning.over, or neither; "
            f"got {len(wanted)} adapters and over={list(tuning.over)}"
        )
    made = [registry.from_settings(settings) for settings in wanted]
    labels = [label_of(settings) for settings in labelled([adapter.settings() for adapter in made])]
    return dict(zip(labels, made, strict=True))


def _laid(adapter: Adapter, values: Values, config: Settings, cache: Cache, scratch: Path) -> Laid:
    """Fit one adapter, and lay out its grids."""
    adapter.fit_read(values)
    if reason := zoo.from_config(config).supports(adapter.grid_):
        raise ExperimentError(f"{config['name']} on {adapter.grid_.describe()}: {reason}")
    return Laid(
        link(cache.grids(adapter, values), scratch),
        tuple(axis.name for axis in adapter.grid_.axes),
        adapter.grid_.vocabulary_size,
        adapter.augmentations,
    )
