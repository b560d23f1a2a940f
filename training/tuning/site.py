"""What a worker process needs to train any trial of a search, as data that travels to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import zoo
from training.fitting.augment import augmentations_for
from training.fitting.parts import Part, Stored
from training.fitting.recipe import Recipe
from training.fitting.scaling import scaler_for
from training.records import Settings
from training.running.task import Laid
from training.running.worker import settle
from training.tuning.bench import Bench
from training.tuning.proposals import Leg
from training.tuning.states import States
from training.tuning.trainer import Lap, Trainer


@dataclass(frozen=True)
class Site:
    """A search as any process can take part in it.

    Parameters
    ----------
    laid : mapping of str to Laid
        By the label of the adapter.
    labels : ndarray of int32, shape (n,)
    classes : int
    train, validation : ndarray of int
        Positions of the items of each part.
    model : dict
    recipe : Recipe
    seed : int
    folder : path
        Where the states of trials lie; also the name of the search within a worker.
    top : int
        Epochs after which no trial goes on.
    """

    laid: Mapping[str, Laid]
    labels: NDArray[np.int32]
    classes: int
    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    model: Settings
    recipe: Recipe
    seed: int
    folder: Path
    top: int

    @property
    def states(self) -> States:
        """What trials need to go on."""
        return States(self.folder)

    def bench(self, laid: Laid) -> Bench:
        """Prepare the parts of one adapter."""
        recipe, dense = self.recipe, laid.vocabulary_size == 0
        train, validation = Stored(laid.grids, self.train), Stored(laid.grids, self.validation)
        scaler = scaler_for(recipe.scale, train, laid.axes, not dense)
        return Bench(
            train=Part.of(train, self.labels[self.train], scaler),
            validation=Part.of(validation, self.labels[self.validation], scaler),
            grid=zoo.Grid(train.shape, laid.vocabulary_size),
            outputs=self.classes,
            augmentations=augmentations_for(laid.augmentations, laid.axes) if recipe.augment and dense else [],
            seed=self.seed,
        )

    def trainer(self) -> Trainer:
        """Make what trains legs in this process."""
        benches = {label: self.bench(laid) for label, laid in self.laid.items()}
        return Trainer(benches, self.model, self.recipe, self.states, self.top)


_here: dict[Path, Trainer] = {}  # of the search that this process takes part in


def train_there(site: Site, leg: Leg) -> Lap:
    """Train a leg in a worker process, which prepares the parts of a search once."""
    settle("cnn", site.recipe.threads or 1)
    if site.folder not in _here:
        _here.clear()
        _here[site.folder] = site.trainer()
    return _here[site.folder](leg)
