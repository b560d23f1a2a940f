"""Test items are set apart as asked, groups are never torn, and what cannot be split is said."""

import numpy as np
import pytest

from adapters.dataset import Dataset, Provenance
from adapters.sources.registry import load
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
    folds = folds_of(dataset(parts=parts), "official", 5, 2, 0)
    assert [(fold.repeat, fold.fold) for fold in folds] == [(0, 0), (1, 0)]
    assert all(list(fold.test) == list(range(45, 60)) for fold in folds)


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


def test_no_item_is_spared_for_validation_if_none_is_asked_for():
    train, validation = validation_part(np.array([0, 1, 1]), None, 0.0, 0)
    assert (list(train), len(validation)) == ([0, 1, 2], 0)


def test_a_handful_of_items_still_gives_a_validation_part():
    train, validation = validation_part(np.array([0, 1, 1]), None, 0.15, 0)
    assert len(validation) == 1
    assert len(train) == 2


@pytest.mark.parametrize(("name", "folds"), [("fsdd", 6), ("esc-50", 5)])
def test_groups_of_named_data_sets_are_never_torn(name, folds, tmp_path):
    if name == "fsdd":
        speakers = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
        (tmp_path / "fsdd" / "recordings").mkdir(parents=True)
        for i, speaker in enumerate(speakers * 20):
            (tmp_path / "fsdd" / "recordings" / f"{i % 10}_{speaker}_{i}.wav").write_bytes(b"")
    else:
        rows = [f"{i % 5 + 1}-{i}-A-0.wav,{i % 5 + 1},{'dog' if i % 3 else 'rain'}" for i in range(60)]
        (tmp_path / "esc-50" / "meta").mkdir(parents=True)
        (tmp_path / "esc-50" / "meta" / "esc50.csv").write_text("\n".join(["filename,fold,category", *rows]))
    data = load(name, data_home=tmp_path)
    assert len(folds_of(data, "leave-one-group-out", 5, 1, 0)) == folds
    for split in ("leave-one-group-out", "stratified-group"):
        for fold in folds_of(data, split, 5, 1, 0):
            assert not set(data.groups[fold.train]) & set(data.groups[fold.test])
            assert len(fold.train) + len(fold.test) == len(data)
