"""What a verdict asks where nothing is named: networks, folds and items that suit the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sklearn.model_selection import train_test_split

from adapters.dataset import Dataset
from training.errors import ExperimentError
from training.experiment import Experiment, Model
from training.records import LEFT_OUT
from training.splits import Split
from training.usual import judged_architectures


def suited_to(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Fill in what depends on the data: the networks, and folds that keep groups whole.

    Up to twice as many groups as folds are left out one by one. There is one look at them then: a repeat brings
    no other group.
    """
    usual = (Model.of(settings, tuned=True) for settings in judged_architectures(dataset, experiment.adapters))
    models = experiment.architectures or tuple(usual)
    splits, looks = experiment.splits, experiment.looks
    if not splits:
        splits = (_usual_split(dataset, experiment.folds),)
    if splits == (LEFT_OUT,):
        looks = 1
    if len(splits) != 1 or len(experiment.adapters) > 1:
        raise ExperimentError(
            f"verdict: expected one split and one adapter, got {list(splits)} and {len(experiment.adapters)} adapters; "
            "'gridzoo compare' takes several"
        )
    return replace(experiment, architectures=models, splits=splits, repeats=looks, looks=looks, limit=None)


def _usual_split(dataset: Dataset, folds: int) -> Split:
    """Keep groups whole; where they are few, one of two groups would be tested beside folds of one."""
    if dataset.groups is None:
        return "stratified"
    return LEFT_OUT if len(np.unique(dataset.groups)) <= 2 * folds else "stratified-group"


def draw(dataset: Dataset, limit: int | None, seed: int) -> Dataset:
    """Draw some items in proportion to the classes; all if there are not more."""
    if limit is None or len(dataset) <= limit:
        return dataset
    _, counts = np.unique(dataset.labels, return_counts=True)
    stratify = dataset.labels if counts.min() >= 2 and limit >= len(counts) else None
    kept, _ = train_test_split(np.arange(len(dataset)), train_size=limit, random_state=seed, stratify=stratify)
    about = dataset.provenance
    note = f"{limit} of {len(dataset)} items, drawn in proportion to the classes; the experiment's limit says how many"
    return replace(dataset.take(np.sort(kept)), provenance=replace(about, guesses=(*about.guesses, note)))
