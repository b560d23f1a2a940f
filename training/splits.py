"""Set test items apart: stratified folds, official splits, one group left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import (
    GroupShuffleSplit,
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    StratifiedKFold,
    train_test_split,
)

from adapters.dataset import Dataset
from training.errors import ExperimentError
from training.records import LEFT_OUT

Split = Literal["stratified", "stratified-group", "official", "leave-one-group-out"]
SPLITS: tuple[Split, ...] = get_args(Split)
Index = NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """Positions of the training and the test items of one fold."""

    repeat: int
    fold: int
    train: Index
    test: Index


def folds_of(dataset: Dataset, split: str, folds: int, repeats: int, seed: int) -> list[Fold]:
    """Split a data set.

    Parameters
    ----------
    dataset : Dataset
    split : {"stratified", "stratified-group", "official", "leave-one-group-out"}
    folds, repeats : int
        The test items of the other splits are what they are: a repeat only draws other weights.
    seed : int

    Raises
    ------
    ExperimentError
        If the data set cannot be split so.
    """
    if split == "official":
        train, test = _official(dataset)
        return [Fold(repeat, 0, train, test) for repeat in range(repeats)]
    if split == LEFT_OUT:
        groups = _groups(dataset, split, at_least=2)
        left_out = list(LeaveOneGroupOut().split(groups, dataset.labels, groups))
        return [Fold(r, i, train, test) for r in range(repeats) for i, (train, test) in enumerate(left_out)]
    _enough_for(dataset, folds)
    found = []
    for repeat in range(repeats):
        state = int(np.random.SeedSequence([seed, repeat]).generate_state(1)[0])
        if split == "stratified":
            parts = StratifiedKFold(folds, shuffle=True, random_state=state).split(dataset.labels, dataset.labels)
        else:
            groups = _groups(dataset, split, at_least=folds)
            parts = StratifiedGroupKFold(folds, shuffle=True, random_state=state).split(
                dataset.labels, dataset.labels, groups
            )
        found += [Fold(repeat, i, train, test) for i, (train, test) in enumerate(parts)]
    return found


def validation_part(labels: NDArray[Any], groups: NDArray[Any] | None, share: float, seed: int) -> tuple[Index, Index]:
    """Set a validation part of the training items apart; gives positions of both.

    With a share of 0 it is empty. With groups (at least three), whole groups are set apart: the epoch and the
    hyperparameters are then chosen for unseen groups, as the test asks.
    """
    positions = np.arange(len(labels))
    if share == 0:
        return positions, positions[:0]
    if groups is not None and len(set(groups)) >= 3:
        splitter = GroupShuffleSplit(1, test_size=share, random_state=seed)
        train, validation = next(splitter.split(positions, labels, groups))
        return train, validation
    counts = np.unique(labels, return_counts=True)[1]
    size = max(round(share * len(labels)), 1)
    stratify = labels if counts.min() >= 2 and size >= len(counts) and len(labels) - size >= len(counts) else None
    train, validation = train_test_split(positions, test_size=size, random_state=seed, stratify=stratify)
    return np.sort(train), np.sort(validation)


def _official(dataset: Dataset) -> tuple[Index, Index]:
    if dataset.parts is None:
        raise ExperimentError(
            f"{dataset.name}: expected data with an official split, but it has none; use split 'stratified'"
        )
    train, test = (np.flatnonzero(dataset.parts == part) for part in ("train", "test"))
    if not len(train) or not len(test):
        raise ExperimentError(f"{dataset.name}: expected items in 'train' and 'test', got {len(train)} and {len(test)}")
    return train, test


def _groups(dataset: Dataset, split: str, at_least: int) -> NDArray[np.str_]:
    if dataset.groups is None:
        raise ExperimentError(
            f"{dataset.name}: expected groups for split {split!r}, but it has none; name them by group="
        )
    found = len(np.unique(dataset.groups))
    if found < at_least:
        raise ExperimentError(f"{dataset.name}: expected at least {at_least} groups for split {split!r}, got {found}")
    return dataset.groups


def _enough_for(dataset: Dataset, folds: int) -> None:
    if folds < 2:
        raise ExperimentError(f"folds: expected at least 2, got {folds}")
    smallest = min(dataset.counts.values())
    if smallest < folds:
        rare = [name for name, count in dataset.counts.items() if count < folds]
        raise ExperimentError(
            f"{dataset.name}: expected at least {folds} items a class for {folds} folds, but {rare[0]!r} has {smallest}"
            f"{f' and {len(rare) - 1} more classes too few' if len(rare) > 1 else ''}; ask for fewer folds or add items"
        )
