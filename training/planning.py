"""From a declared experiment to its tasks: read, quarantine, split, fit adapters, lay grids out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from adapters import registry
from adapters.audit import Audit, audit
from adapters.base import Adapter
from adapters.cache import Cache
from adapters.dataset import Dataset
from adapters.grid import GridSpec
from adapters.quarantine import readable
from adapters.reading import Values
from training.budget import Share, search_share
from training.entrants import Entrant, check_search, entrants_of, labelled
from training.entrants import architecture_of as architecture_of
from training.errors import ExperimentError
from training.experiment import Experiment
from training.fitting.scaling import own_axes
from training.laying import Place, lay_out, searched, store_raw
from training.records import Run, Settings
from training.running.limits import Limits
from training.running.sizes import Spec
from training.running.task import Task
from training.splits import Fold, folds_of, validation_part
from training.tuning.settings import Tuning

LIBRARIES = {
    "cnn": ("gridzoo", "keras", "keras-tuner", "tensorflow", "numpy"),
    "baseline": ("gridzoo", "scikit-learn", "scipy", "numpy"),
}


@dataclass(frozen=True)
class Prepared:
    """An experiment with its data read.

    Parameters
    ----------
    experiment : Experiment
    dataset : Dataset
        Without the items that an adapter could not read; those are in ``bad``.
    audit : Audit
        What was found in it, its fingerprint among that.
    adapters : list of (dict, Adapter, Values)
        Settings (with a ``label`` where needed), the adapter, and the decoded items.
    entrants : list of Entrant
    splits : list of (str, list of Fold)
        Their names and folds.
    """

    experiment: Experiment
    dataset: Dataset
    audit: Audit
    adapters: list[tuple[Settings, Adapter, Values]]
    entrants: list[Entrant]
    splits: list[tuple[str, list[Fold]]]

    @property
    def runs(self) -> int:
        """Number of runs."""
        folds = sum(len(folds) for _, folds in self.splits)
        return self.trainings + folds * sum(entrant.kind == "baseline" for entrant in self.entrants)

    @property
    def trainings(self) -> int:
        """Number of runs that train a network."""
        folds = sum(len(folds) for _, folds in self.splits)
        networks = [entrant for entrant in self.entrants if entrant.kind == "cnn"]
        return folds * sum(1 if entrant.searches_adapter else len(self.adapters) for entrant in networks)


def prepare(experiment: Experiment, dataset: Dataset, cache: Cache) -> Prepared:
    """Read the items with every adapter, set bad ones aside, and split the rest.

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If the experiment does not fit the data.
    """
    wanted = experiment.adapters or (dataset.adapter or registry.default_settings(dataset.modality),)
    made = [registry.from_settings(settings) for settings in wanted]
    readings = [cache.read(adapter, dataset.items) for adapter in made]
    dataset, values = readable(dataset, readings)
    names = experiment.splits or (("official",) if dataset.parts is not None else ("stratified",))
    splits = [
        (
            f"{name} {experiment.folds}-fold" if name.startswith("stratified") else name,
            [_limited(fold, dataset, experiment) for fold in
             folds_of(dataset, name, experiment.folds, experiment.repeats, experiment.seed)],
        )
        for name in names
    ]  # fmt: skip
    settings = labelled([adapter.settings() for adapter in made])
    first_fold = splits[0][1][0]
    grid = made[0].fit_read(values[0].take(first_fold.train)).grid_
    entrants = entrants_of(experiment, dataset, grid, max(adapter.rank for adapter in made))
    if experiment.recipe.validation == 0 and any(entrant.kind == "cnn" and entrant.tuning for entrant in entrants):
        raise ExperimentError(
            "recipe: validation: expected a share above 0 to choose hyperparameters by, got 0; "
            "name architectures without '+', or set items apart"
        )
    check_search(experiment, entrants, made)
    found = audit(dataset, experiment.folds)
    return Prepared(experiment, dataset, found, list(zip(settings, made, values, strict=True)), entrants, splits)


def tasks_of(prepared: Prepared, cache: Cache, folder: Path, workers: int, shared: int = 1) -> Iterator[Task]:
    """Lay out the grids of every fold in ``folder`` and give the tasks, those of one network together.

    ``shared`` cores are there for trainings that are fewer; 1 where that is not known.
    """
    grounds = lay_out(prepared.adapters, prepared.splits, cache, folder)
    for ground in grounds:
        _check(prepared.experiment, prepared.entrants, ground.adapter)
    raw = store_raw(prepared.dataset, grounds[0].adapter, folder)
    codes = np.searchsorted(np.asarray(prepared.dataset.classes), prepared.dataset.labels).astype(np.int32)
    given = [entrant for entrant in prepared.entrants if not entrant.searches_adapter]
    pairs = [
        (entrant, ground)
        for order, ground in enumerate(grounds)
        for entrant in given
        if entrant.kind == "cnn" or order == 0  # a baseline does not depend on the adapter: once is enough
    ]
    pairs += [(entrant, searched(grounds)) for entrant in prepared.entrants if entrant.searches_adapter]
    for entrant, ground in pairs:
        share = partial(_recipe, prepared, entrant, ground.adapter.grid_, workers, shared)
        for place in ground.places:
            task = _task(prepared, entrant, ground.settings, place, codes, share)
            yield replace(task, raw=raw)


def _task(
    prepared: Prepared, entrant: Entrant, adapter: Settings, place: Place, codes: NDArray[np.int32],
    share: Callable[[int], Settings],
) -> Task:  # fmt: skip
    """Make the task of an entrant on one fold; ``share`` gives its recipe for so many training items."""
    experiment, dataset, fold = prepared.experiment, prepared.dataset, place.fold
    groups = _group_codes(dataset) if "group" in place.split else None
    own = None if groups is None else groups[fold.train]
    inner, held = validation_part(codes[fold.train], own, experiment.recipe.validation, experiment.seed)
    laid = next(iter(place.laid.values()))
    return Task(
        run=Run(
            dataset=dataset.name, fingerprint=prepared.audit.fingerprint, adapter=adapter, kind=entrant.kind,
            model=entrant.model, arm=entrant.arm, recipe=share(len(inner)), tuning=entrant.tuning,
            split=place.split if experiment.limit is None else f"{place.split}, {experiment.limit} training items",
            repeat=fold.repeat, fold=fold.fold, seed=experiment.seed,
            versions={name: version(name) for name in LIBRARIES[entrant.kind]},
        ),
        grids=laid.grids, raw=None, labels=codes, classes=dataset.classes,
        train=fold.train[inner], validation=fold.train[held], test=fold.test,
        axes=laid.axes, vocabulary_size=laid.vocabulary_size, augmentations=laid.augmentations, groups=groups,
        limits=Limits(experiment.time_limit, experiment.memory_limit), robustness=experiment.robustness,
        choices=place.laid if entrant.searches_adapter else {},
    )  # fmt: skip


def _limited(fold: Fold, dataset: Dataset, experiment: Experiment) -> Fold:
    if experiment.limit is None or experiment.limit >= len(fold.train):
        return fold
    train, _ = train_test_split(
        fold.train, train_size=experiment.limit, random_state=experiment.seed, stratify=dataset.labels[fold.train]
    )
    return replace(fold, train=np.sort(train))


def _group_codes(dataset: Dataset) -> NDArray[np.int64]:
    assert dataset.groups is not None, "a split by groups has groups"
    return np.unique(dataset.groups, return_inverse=True)[1]


def _share(prepared: Prepared, workers: int) -> Share | None:
    """Give what every network has on one fold, its search included: the same for all folds and adapters."""
    experiment = prepared.experiment
    if experiment.budget is None:
        return None
    # Workers train at once: together they have as many seconds as there are workers.
    at_once = workers if experiment.budget_unit == "seconds" else 1
    return Share(experiment.budget * at_once / max(1, prepared.trainings), experiment.budget_unit)


def _time(prepared: Prepared, workers: int) -> Settings:
    """Give a baseline the seconds that a network has with its search."""
    share, experiment = _share(prepared, workers), prepared.experiment
    if share and share.unit == "seconds":
        return {"seconds": round(share.amount, 3)}
    if experiment.recipe.seconds is None:
        return {}
    searched = search_share(experiment.tuning, experiment.recipe)
    return {"seconds": round(experiment.recipe.seconds * (1 + searched), 3)}


def _recipe(prepared: Prepared, entrant: Entrant, grid: GridSpec, workers: int, shared: int, items: int) -> Settings:
    """Give an entrant its share of the budget, and of the cores."""
    if entrant.kind == "baseline":
        return _time(prepared, workers)
    threads = prepared.experiment.recipe.threads or max(1, shared // max(1, prepared.trainings))
    recipe = replace(prepared.experiment.recipe.settled(), threads=threads)
    share = _share(prepared, workers)
    if share is not None:
        spec = Spec.of(entrant.model, grid, len(prepared.dataset.classes))
        recipe = share.recipe(recipe, Tuning(**entrant.tuning) if entrant.tuning else None, spec, items)
    return asdict(recipe)


def _check(experiment: Experiment, entrants: Sequence[Entrant], adapter: Adapter) -> None:
    if not adapter.grid_.vocabulary_size:
        own_axes(experiment.recipe.scale, [axis.name for axis in adapter.grid_.axes])
    for entrant in entrants:
        if entrant.kind == "cnn" and (reason := architecture_of(entrant.model).supports(adapter.grid_)):
            raise ExperimentError(f"{entrant.model['name']} on {adapter.grid_.describe()}: {reason}")
