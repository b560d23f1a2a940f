"""A run with what it needs, and what a model makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.records import Run, Settings, Strain, Trial, canonical
from training.running.limits import Limits


@dataclass(frozen=True)
class Laid:
    """The grids of one adapter, laid out in a file.

    Parameters
    ----------
    grids : path
        A ``.npy`` file with the grids of all items.
    axes : tuple of str
    vocabulary_size : int
        0 for a dense grid.
    augmentations : tuple of str
        What the adapter declares label-preserving.
    """

    grids: Path
    axes: tuple[str, ...]
    vocabulary_size: int
    augmentations: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A run with what it needs.

    Parameters
    ----------
    run : Run
    grids : path
        A ``.npy`` file with the grids of all items, fitted on this fold's training items.
    raw : path or None
        A JSON file with the raw sentences, or rows of a table as pairs of column and
        value, for baselines that read them.
    labels : ndarray of int32, shape (n,)
        Class of each item, as an index into ``classes``.
    classes : tuple of str
    train, validation, test : ndarray of int
        Positions of the items of each part.
    axes : tuple of str
        Names of the grid's axes.
    vocabulary_size : int
        0 for a dense grid.
    augmentations : tuple of str
        What the adapter declares label-preserving.
    limits : Limits
        What the run may use. They decide whether there is a result, not which: they are
        no part of its key.
    robustness : bool
        Whether the trained network is also tested on changed grids.
    groups : ndarray of int, shape (n,), or None
        Group of each item where the split keeps groups whole.
    choices : mapping of str to Laid
        By the label of their adapter: the grids that a search may choose from, those above
        among them. Empty where the adapter is given.
    tensorboard : path, optional
        Folder that curves are written to as the run goes on. Decides no result either.
    """

    run: Run
    grids: Path
    raw: Path | None
    labels: NDArray[np.int32]
    classes: tuple[str, ...]
    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]
    axes: tuple[str, ...]
    vocabulary_size: int
    augmentations: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    robustness: bool = False
    groups: NDArray[np.int64] | None = None
    choices: Mapping[str, Laid] = field(default_factory=dict)
    tensorboard: Path | None = None

    def on(self, laid: Laid) -> Task:
        """Give the task with the grids of one of its choices."""
        return replace(
            self, grids=laid.grids, axes=laid.axes, vocabulary_size=laid.vocabulary_size,
            augmentations=laid.augmentations, choices={},
        )  # fmt: skip

    @property
    def threads(self) -> int:
        """Threads of TensorFlow; 1 for a baseline."""
        return self.run.recipe.get("threads") or 1

    @property
    def network(self) -> str:
        """What decides which traced network a run needs; the same for all folds and arms."""
        if self.run.kind != "cnn":
            return self.run.kind
        tuned = canonical(self.run.tuning)
        return f"{canonical(self.run.model)} {self.grids.stem.partition('-')[2]} {len(self.classes)} {tuned} {self.threads}"


@dataclass(frozen=True)
class Outcome:
    """What a model says of the test items, and how it came to be.

    ``probabilities`` has the shape ``(test items, classes)``; None where a model gives none.
    """

    predicted: NDArray[np.int64]
    train_seconds: float
    predict_seconds: float
    build_seconds: float = 0.0
    scores: dict[str, float] = field(default_factory=dict)
    curves: dict[str, list[float]] = field(default_factory=dict)
    trials: list[Trial] = field(default_factory=list)
    chosen: Settings = field(default_factory=dict)
    parameters: int = 0
    macs: int = 0
    precision: str = ""
    strains: list[Strain] = field(default_factory=list)
    probabilities: NDArray[np.float64] | None = None
