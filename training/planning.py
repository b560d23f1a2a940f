"""From a declared experiment to its tasks: read, quarantine, split, fit adapters, lay grids out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

import zoo
from adapters import registry
from adapters.audit import Audit, audit
from adapters.base import Adapter
from adapters.cache import Cache, link
from adapters.dataset import Dataset
from adapters.errors import ItemError
from adapters.grid import GridSpec
from adapters.reading import Reading, Values
from training.budget import Share, search_share
from training.errors import ExperimentError
from training.experiment import DEFAULT_ARCHITECTURES, Experiment, Model
from training.fitting.recipe import Recipe
from training.fitting.scaling import own_axes
from training.records import Run, Settings, canonical, label_of
from training.running.limits import Limits
from training.running.sizes import Spec
from training.running.task import Task
from training.splits import Fold, folds_of, validation_part
from training.tuning.settings import Tuning
from training.verdict import arms, baselines

LIBRARIES = {
    "cnn": ("gridzoo", "keras", "keras-tuner", "tensorflow", "numpy"),
    "baseline": ("gridzoo", "scikit-learn", "scipy", "numpy"),
}
RAW = {"text": "text", "table": "row"}  # modalities whose raw items some baselines read, and where a preview has them


@dataclass(frozen=True)
class Entrant:
    """What a cell trains: a CNN in an arm, or a baseline."""

    kind: str
    model: Settings
    arm: str
    tuning: Settings


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
        return folds * len(self.adapters) * sum(entrant.kind == "cnn" for entrant in self.entrants)


def labelled(settings: Sequence[Settings]) -> list[Settings]:
    """Add a ``label`` to settings that share their name: what sets them apart."""
    out = []
    for one in settings:
        twins = [other for other in settings if other["name"] == one["name"]]
        apart = [key for key in one if any(other.get(key) != one[key] for other in twins)]
        if len(twins) > 1 and not apart:
            raise ExperimentError(f"{one['name']!r}: expected it once, got it twice with the same settings")
        label = {"label": f"{one['name']} {', '.join(f'{key}={one[key]}' for key in apart)}"} if apart else {}
        out.append({**one, **label})
    return out


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
    dataset, kept = _without_bad(dataset, readings)
    values = [_only(reading, kept) for reading in readings]
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
    entrants = _entrants(experiment, dataset, made[0].fit_read(values[0].take(first_fold.train)).grid_)
    if experiment.recipe.validation == 0 and any(entrant.kind == "cnn" and entrant.tuning for entrant in entrants):
        raise ExperimentError(
            "recipe: validation: expected a share above 0 to choose hyperparameters by, got 0; "
            "name architectures without '+', or set items apart"
        )
    found = audit(dataset, experiment.folds)
    return Prepared(experiment, dataset, found, list(zip(settings, made, values, strict=True)), entrants, splits)


def tasks_of(prepared: Prepared, cache: Cache, folder: Path, workers: int, shared: int = 1) -> Iterator[Task]:
    """Lay out the grids of every fold in ``folder`` and give the tasks, those of one network together.

    ``shared`` cores are there for trainings that are fewer; 1 where that is not known.
    """
    experiment, dataset = prepared.experiment, prepared.dataset
    classes = dataset.classes
    codes = np.searchsorted(np.asarray(classes), dataset.labels).astype(np.int32)
    raw = _store_raw(prepared, folder)
    for order, (settings, adapter, values) in enumerate(prepared.adapters):
        laid: list[tuple[str, Fold, Path, GridSpec]] = []
        for split, folds in prepared.splits:
            for fold in folds:
                adapter.fit_read(values.take(fold.train))
                laid.append((split, fold, link(cache.grids(adapter, values), folder), adapter.grid_))
        _check(experiment, prepared.entrants, adapter)
        for entrant in prepared.entrants:
            if entrant.kind == "baseline" and order > 0:
                continue  # it does not depend on the adapter: once is enough
            for split, fold, grids, spec in laid:
                groups = _group_codes(dataset) if "group" in split else None
                inner, validation = validation_part(
                    codes[fold.train], None if groups is None else groups[fold.train],
                    experiment.recipe.validation, experiment.seed,
                )  # fmt: skip
                tied = entrant.kind == "cnn"
                recipe = _recipe(prepared, entrant, spec, len(inner), workers, shared) if tied else None
                yield Task(
                    run=Run(
                        dataset=dataset.name, fingerprint=prepared.audit.fingerprint, adapter=settings, kind=entrant.kind,
                        model=entrant.model, arm=entrant.arm,
                        recipe=asdict(recipe) if recipe else _time(prepared, workers), tuning=entrant.tuning,
                        split=split if experiment.limit is None else f"{split}, {experiment.limit} training items",
                        repeat=fold.repeat, fold=fold.fold, seed=experiment.seed,
                        versions={name: version(name) for name in LIBRARIES[entrant.kind]},
                    ),
                    grids=grids, raw=raw, labels=codes, classes=classes,
                    train=fold.train[inner], validation=fold.train[validation], test=fold.test,
                    axes=tuple(axis.name for axis in spec.axes),
                    vocabulary_size=spec.vocabulary_size, augmentations=adapter.augmentations, groups=groups,
                    limits=Limits(experiment.time_limit, experiment.memory_limit),
                    robustness=experiment.robustness,
                )  # fmt: skip


def architecture_of(model: Settings) -> zoo.Architecture:
    """Make the architecture that a run's settings name."""
    return zoo.from_config({key: value for key, value in model.items() if key != "label"})


def _without_bad(dataset: Dataset, readings: Sequence[Reading]) -> tuple[Dataset, NDArray[np.int64]]:
    """Drop every item that any adapter could not read, so that all cells see the same folds."""
    kept = readings[0].kept
    errors: dict[str, ItemError] = {}
    for reading in readings:
        kept = np.intersect1d(kept, reading.kept)
        errors.update({error.item: error for error in reading.errors})
    if not len(kept):
        raise next(iter(errors.values()))
    return dataset.take(kept, tuple(errors.values())), kept


def _only(reading: Reading, kept: NDArray[np.int64]) -> Values:
    return reading.values.take(np.searchsorted(reading.kept, kept))


def _limited(fold: Fold, dataset: Dataset, experiment: Experiment) -> Fold:
    if experiment.limit is None or experiment.limit >= len(fold.train):
        return fold
    train, _ = train_test_split(
        fold.train, train_size=experiment.limit, random_state=experiment.seed, stratify=dataset.labels[fold.train]
    )
    return replace(fold, train=np.sort(train))


def _entrants(experiment: Experiment, dataset: Dataset, grid: GridSpec) -> list[Entrant]:
    axes, tuning = [axis.name for axis in grid.axes], asdict(experiment.tuning)
    usual = [Model(name, tuned=i == 0) for i, name in enumerate(DEFAULT_ARCHITECTURES[dataset.modality])]
    models = experiment.architectures or tuple(usual)
    wanted = arms.expanded(experiment.arms, axes, [axis.size for axis in grid.axes])
    found = []
    for tuned in (True, False):
        configs = labelled([zoo.architecture(m.name, m.settings).config() for m in models if m.tuned == tuned])
        for config in configs:
            found += [Entrant("cnn", config, arm, tuning if tuned else {}) for arm in wanted if "mlp" not in arm]
            # An MLP whose size were searched would no longer be equal.
            recipe_alone = {**tuning, "over": ["recipe"]} if tuned else {}
            controls = [arm for arm in wanted if "mlp" in arm]
            equal = _equal_mlp(config, grid, len(dataset.classes)) if controls else {}
            found += [Entrant("cnn", equal, arm, recipe_alone) for arm in controls]
    for name in experiment.baselines:
        found.append(Entrant("baseline", baselines.settings_of(name, dataset.modality, axes), "original", {}))
    return found


def _equal_mlp(config: Settings, grid: GridSpec, outputs: int) -> Settings:
    shape = zoo.Grid(grid.shape, len(grid.vocabulary))
    return {
        **zoo.equal_mlp(architecture_of(config), shape, outputs).config(),
        "label": arms.equal_to(label_of(config)),
    }


def _group_codes(dataset: Dataset) -> NDArray[np.int64]:
    assert dataset.groups is not None, "a split by groups has groups"
    return np.unique(dataset.groups, return_inverse=True)[1]


def _share(prepared: Prepared, workers: int) -> Share | None:
    """Give what every network has on one fold, its search included: the same for all folds and adapters."""
    experiment = prepared.experiment
    if experiment.budget is None:
        return None
    folds = sum(len(folds) for _, folds in prepared.splits) * len(prepared.adapters)
    shares = folds * sum(e.kind == "cnn" for e in prepared.entrants)
    # Workers train at once: together they have as many seconds as there are workers.
    at_once = workers if experiment.budget_unit == "seconds" else 1
    return Share(experiment.budget * at_once / max(1, shares), experiment.budget_unit)


def _time(prepared: Prepared, workers: int) -> Settings:
    """Give a baseline the seconds that a network has with its search."""
    share, experiment = _share(prepared, workers), prepared.experiment
    if share and share.unit == "seconds":
        return {"seconds": round(share.amount, 3)}
    if experiment.recipe.seconds is None:
        return {}
    searched = search_share(experiment.tuning, experiment.recipe)
    return {"seconds": round(experiment.recipe.seconds * (1 + searched), 3)}


def _recipe(prepared: Prepared, entrant: Entrant, grid: GridSpec, items: int, workers: int, shared: int) -> Recipe:
    """Give an entrant its share of the budget, and of the cores."""
    threads = prepared.experiment.recipe.threads or max(1, shared // max(1, prepared.trainings))
    recipe = replace(prepared.experiment.recipe.settled(), threads=threads)
    share = _share(prepared, workers)
    if share is None:
        return recipe
    spec = Spec.of(entrant.model, grid, len(prepared.dataset.classes))
    return share.recipe(recipe, Tuning(**entrant.tuning) if entrant.tuning else None, spec, items)


def _check(experiment: Experiment, entrants: Sequence[Entrant], adapter: Adapter) -> None:
    if not adapter.grid_.vocabulary_size:
        own_axes(experiment.recipe.scale, [axis.name for axis in adapter.grid_.axes])
    for entrant in entrants:
        if entrant.kind == "cnn" and (reason := architecture_of(entrant.model).supports(adapter.grid_)):
            raise ExperimentError(f"{entrant.model['name']} on {adapter.grid_.describe()}: {reason}")


def _store_raw(prepared: Prepared, folder: Path) -> Path | None:
    dataset, (_, adapter, _) = prepared.dataset, prepared.adapters[0]
    if dataset.modality not in RAW:
        return None
    text = canonical([adapter.preview(item)[RAW[dataset.modality]] for item in dataset.items])
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    path.write_text(text, encoding="utf-8")
    return path
