"""Changed grids: what is changed, what is not, and that only meaningful changes are tried."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from adapters.image import Image
from training.describing.shares import endured
from training.fitting.recipe import Recipe
from training.folder import RunFolder
from training.records import Record, Run, Strain
from training.running.driver import resume
from training.running.guess import RATE, guess
from training.running.robustness import is_asked, kinds, strains
from training.running.sizes import NetworkSize
from training.running.task import Task

RUN = Run("d", "f", {"name": "x"}, "cnn", {"name": "m"}, "original", {}, {}, "s", 0, 0, 0, {})
PICTURES = np.random.default_rng(0).normal(size=(6, 9, 9, 1)).astype(np.float32)


def changed(name, x, strength, declared=("shift:row", "shift:column"), axes=("row", "column")):
    kind = next(kind for kind in kinds(declared, axes, x.shape[1:3]) if kind.name == name)
    return kind.change(x, strength)


def test_pictures_are_shifted_turned_scaled_and_lit_and_sounds_are_stretched():
    names = [kind.name for kind in kinds(Image.augmentations, ("row", "column"), (9, 9))]
    assert names == ["shift along row", "shift along column", "rotation", "scale", "brightness", "noise"]
    sound = [kind.name for kind in kinds(("shift:time", "mask:time"), ("time", "mel band"), (40, 32))]
    assert sound == ["shift along time", "time stretch", "noise"]


def test_what_declares_no_free_axis_is_not_changed_at_all():
    assert kinds((), ("row", "column"), (9, 9)) == []
    assert kinds(("mask:column",), ("column",), (9,)) == []


def test_a_shift_moves_cells_forwards_and_backwards():
    x = np.zeros((2, 10, 3, 1), np.float32)
    x[:, 5] = 1
    out = changed("shift along row", x, 2)
    assert out[0].any(axis=(1, 2)).nonzero()[0].tolist() == [7]
    assert out[1].any(axis=(1, 2)).nonzero()[0].tolist() == [3]


@pytest.mark.parametrize(("name", "neutral"), [("rotation", 0.0), ("scale", 1.0), ("brightness", 0.0), ("noise", 0.0)])
def test_a_change_of_no_strength_changes_nothing(name, neutral):
    np.testing.assert_allclose(changed(name, PICTURES, neutral), PICTURES, atol=1e-5)


def test_a_larger_picture_has_its_middle_where_it_was():
    x = np.zeros((1, 9, 9, 1), np.float32)
    x[0, 3:6, 3:6] = 1
    out = changed("scale", x, 2.0)
    assert out.sum() > 2 * x.sum()
    np.testing.assert_allclose(out, out[:, ::-1, ::-1], atol=1e-5)


def test_a_time_stretch_moves_only_along_time():
    x = np.zeros((1, 11, 4, 1), np.float32)
    x[0, 8, 2] = 1
    out = changed("time stretch", x, 1.25, ("shift:time",), ("time", "mel band"))
    assert out[0, :, [0, 1, 3]].sum() == 0
    assert out[0, :, 2].argmax() > 8


def test_every_strength_is_counted_and_the_grids_stay_as_they_were():
    before = PICTURES.copy()
    always_first = list(
        strains(
            lambda x: np.tile([1.0, 0.0], (len(x), 1)),
            PICTURES,
            np.array([0, 0, 0, 0, 1, 1]),
            Image.augmentations,
            ("row", "column"),
        )
    )
    np.testing.assert_array_equal(PICTURES, before)
    assert {(strain.right, strain.items) for strain in always_first} == {(4, 6)}
    assert len({(strain.name, strain.strength) for strain in always_first}) == len(always_first) == 18
    assert [strain.strength for strain in always_first[:2]] == [1, 2]  # of nine cells a twentieth and a tenth are one


def test_folds_are_summed_up_and_records_come_back():
    record = Record(RUN, "ok", test=[0, 1, 2, 3], strains=[Strain("noise", 0.1, "standard deviations", 3, 4)])
    other = replace(record, test=[4, 5, 6, 7], strains=[replace(record.strains[0], right=1)])
    (found,) = endured([record, other])
    assert (found.right.value, found.right.items) == (0.5, 8)
    assert Record.from_json(json.loads(json.dumps(record.to_json()))) == record


def task(**changes):
    rows = np.arange(100)
    settings = {
        "run": replace(RUN, recipe=asdict(Recipe())), "grids": Path("k-100x9x9x1.npy"), "raw": None,
        "labels": np.zeros(100, np.int32), "classes": ("a", "b"), "train": rows[:60], "validation": rows[60:80],
        "test": rows[80:], "axes": ("row", "column"), "vocabulary_size": 0, "augmentations": Image.augmentations,
        "robustness": True,
    }  # fmt: skip
    return Task(**{**settings, **changes})


def test_changes_are_asked_of_networks_on_grids_in_the_given_order_alone():
    assert is_asked(task())
    assert not is_asked(task(robustness=False))
    assert not is_asked(task(augmentations=("mask:row",)))
    assert not is_asked(task(vocabulary_size=30))
    for change in ({"kind": "baseline"}, {"arm": "permuted 0"}, {"arm": "mlp"}):
        assert not is_asked(task(run=replace(RUN, **change)))


def test_a_run_that_finished_without_is_done_again_when_it_is_asked_about(tmp_path):
    folder = RunFolder(tmp_path)
    folder.create()
    asked, plain = task(), task(robustness=False)
    folder.write_record(Record(asked.run, "ok"))
    assert resume([plain], folder)[1] == []
    assert resume([asked], folder)[1] == [asked]
    folder.write_record(Record(asked.run, "ok", strains=[Strain("noise", 0.1, "standard deviations", 3, 4)]))
    assert resume([asked, plain], folder)[1] == []


def test_changed_grids_are_counted_beforehand():
    """18 strengths (a shift of a twentieth and of a tenth of nine cells are one), 20 items, forward passes alone."""
    size = NetworkSize(macs=4_000_000, layers=3)
    more = guess(task(), size).seconds - guess(task(robustness=False), size).seconds
    assert more == pytest.approx(18 * 20 * 2 * 4_000_000 / RATE)
