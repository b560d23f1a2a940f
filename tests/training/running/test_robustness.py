"""Changed grids: what is changed, what is not, and that only meaningful changes are tried."""

import json
from dataclasses import replace

import numpy as np
import pytest

from adapters.image import Image
from training.describing.shares import endured
from training.records import Record, Run, Strain
from training.running.robustness import kinds, strains

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
