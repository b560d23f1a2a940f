"""Test items are set apart as asked, groups are never torn, and what cannot be split is said."""

import numpy as np
import pytest

from adapters.dataset import Dataset, Provenance
from training.errors import ExperimentError
from training.splits import folds_of, validation_part


def dataset(n=60, groups=None, parts=None, labels=None):
    labels = np.array(labels if labels is not None else ["a", "b", "c"] * (n // 3))
    return Dataset("toy", "table", [{"x": i} for i in range(n)], labels, Provenance("toy"), groups, "speaker", parts)


@pytest.mark.parametrize("split", ["stratified", "stratified-group", "leave-one-group-out"])
def test_every_item_is_tested_once_a_repeat(split):
    groups = np.array([f"g{i % 6}" for i in range(60)])
    folds = folds_of(dataset(groups=groups), split, folds=3, repeats=1, seed=0)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(60))
    for fold in folds:
        assert not set(fold.train) & set(fold.test)
        if "group" in split:
            assert not set(groups[fold.train]) & set(groups[fold.test])


def test_repeats_draw_other_folds_and_seeds_decide():
    one, two = (folds_of(dataset(), "stratified", 3, 2, seed=0) for _ in range(2))
    assert all((a.test == b.test).all() for a, b in zip(one, two, strict=True))
    assert (one[0].test != one[3].test).any()
    assert (folds_of(dataset(), "stratified", 3, 1, seed=1)[0].test != one[0].test).any()


def test_official_split_is_taken_as_it_is():
    parts = np.array(["train"] * 45 + ["test"] * 15)
    (fold,) = folds_of(dataset(parts=parts), "official", 5, 1, 0)
    assert list(fold.test) == list(range(45, 60))


@pytest.mark.parametrize(
    ("given", "split", "folds", "message"),
    [
        (dataset(), "official", 5, "no.*|has none"),
        (dataset(), "leave-one-group-out", 5, "expected groups"),
        (dataset(), "stratified", 21, "at least 21 items a class"),
        (dataset(), "stratified", 1, "at least 2"),
        (dataset(groups=np.array(["g"] * 60)), "leave-one-group-out", 5, "at least 2 groups"),
    ],
)
def test_what_cannot_be_split_is_said(given, split, folds, message):
    with pytest.raises(ExperimentError, match=message):
        folds_of(given, split, folds, 1, 0)


def test_validation_items_are_apart_and_of_every_class():
    labels = np.array([0, 1, 2] * 20)
    train, validation = validation_part(labels, None, 0.15, 0)
    assert not set(train) & set(validation)
    assert len(train) + len(validation) == 60
    assert set(labels[validation]) == {0, 1, 2}


def test_validation_takes_whole_groups_where_groups_count():
    groups = np.array([f"g{i % 5}" for i in range(60)])
    train, validation = validation_part(np.zeros(60, int), groups, 0.2, 0)
    assert not set(groups[train]) & set(groups[validation])


def test_a_handful_of_items_still_gives_a_validation_part():
    train, validation = validation_part(np.array([0, 1, 1]), None, 0.15, 0)
    assert len(validation) == 1
    assert len(train) == 2
