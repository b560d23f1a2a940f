"""Files of time series and of arrays, whole and faulty."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from adapters.errors import DataError
from adapters.sources import array_files, registry

HEAD = "# what it is\n@problemName toy\n@timeStamps false\n@univariate {}\n@classLabel true a b\n@data\n"
ONE, TWO = HEAD.format("true"), HEAD.format("false")


def written(folder: Path, text: str, name: str = "Toy.ts") -> Path:
    path = folder / name
    path.write_bytes(text.encode("latin-1"))
    return path


def test_one_file(tmp_path: Path):
    path = written(tmp_path, ONE.replace("what", "wh\xe4t") + "1,2,3:a\n\n# remark\n4.5,-1e2:b\n")
    dataset = registry.load(path)
    assert (dataset.name, dataset.modality, dataset.parts) == ("Toy", "series", None)
    assert [item.tolist() for item in dataset.items] == [[1, 2, 3], [4.5, -100]]
    assert dataset.labels.tolist() == ["a", "b"]


def test_several_channels_of_unequal_lengths(tmp_path: Path):
    dataset = registry.load(written(tmp_path, TWO + "1,2,3:4,5,6:a\n7:8:b\n"))
    assert [item.shape for item in dataset.items] == [(3, 2), (1, 2)]
    assert dataset.items[0][:, 1].tolist() == [4, 5, 6]


def test_a_pair_is_the_official_split(tmp_path: Path):
    train = written(tmp_path, ONE + "1,2:a\n3,4:b\n", "Toy_TRAIN.ts")
    alone = registry.load(train)
    assert (alone.name, alone.parts) == ("Toy", None)
    test = written(tmp_path, ONE + "5,6:a\n", "Toy_TEST.ts")
    for source in (tmp_path, train, test):
        dataset = registry.load(source)
        assert dataset.parts is not None
        assert (dataset.name, dataset.parts.tolist()) == ("Toy", ["train", "train", "test"])
        assert dataset.provenance.guesses == ("Toy_TRAIN.ts and Toy_TEST.ts are the official split",)
    written(tmp_path, ONE, "Other_TRAIN.ts")
    with pytest.raises(DataError, match=r"expected one pair.*got 2; name one file"):
        registry.load(tmp_path)


def test_faulty_series_are_set_aside(tmp_path: Path):
    lines = ["1,2:3,4:a", "1,?,3:1,2,3:a", "1,NaN:2,NaN:b", ":1,2:a", ":b", "1,2:3:a", "1,x:2,3:a", "1,2:a", "5:6:b"]
    dataset = registry.load(written(tmp_path, TWO + "\n".join(lines)))
    assert [item.shape for item in dataset.items] == [(2, 2), (1, 2), (1, 2)]  # NaN at the end is padding
    assert {error.item: error.reason.split(";")[0] for error in dataset.bad} == {
        "Toy.ts line 8": "expected a value at every time, got 1 gaps",
        "Toy.ts line 10": "expected channels of one length, got 0, 2",
        "Toy.ts line 11": "expected at least one value, got an empty series",
        "Toy.ts line 12": "expected channels of one length, got 2, 1",
        "Toy.ts line 13": "expected numbers separated by commas: could not convert string to float: 'x'",
        "Toy.ts line 14": "expected 2 channels as before, got 1",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "with a line @data"),
        ("1,2:a\n", "with a line @data"),
        (ONE.replace("timeStamps false", "timeStamps true") + "(0,1):a\n", "got time stamps"),
        (ONE.replace("classLabel true a b", "classLabel false") + "1,2\n", "expected classes"),
        (ONE.replace("@classLabel true a b", "@targetLabel true") + "1,2:0.5\n", "expected classes"),
        (ONE + "1,2:c\n", "line 7: expected values, a colon and a class of a, b, got 'c'"),
        (ONE + "1,2\n", "line 7: expected values, a colon and a class"),
        (ONE + "1,2:a\n", "at least 2 classes"),
        (ONE, "found none that can be read"),
        (ONE + ":a\n:b\n", "found none that can be read"),
    ],
)
def test_faulty_files_of_series_are_explained(tmp_path: Path, text: str, reason: str):
    with pytest.raises(DataError, match=reason):
        registry.load(written(tmp_path, text))


def test_the_text_form_of_the_archive(tmp_path: Path):
    folder = tmp_path / "ucr" / "Toy"
    folder.mkdir(parents=True)
    written(folder, "1\t0.5\t1.5\tNaN\n2.0000000e+00   3  4 5\n", "Toy_TRAIN.tsv")
    written(folder, "1\t0.5\tNaN\t2\n1\t1\t2\t3\n", "Toy_TEST.tsv")
    dataset = registry.load("ucr/Toy", data_home=tmp_path)
    assert dataset.labels.tolist() == ["1", "2", "1"]
    assert [len(item) for item in dataset.items] == [2, 3, 3]
    assert [error.item for error in dataset.bad] == ["Toy_TEST.tsv line 1"]
    assert any("checksum" in guess for guess in dataset.provenance.guesses)


@pytest.mark.parametrize("names", [("X", "y"), ("x", "y"), ("items", "labels")])
def test_arrays(tmp_path: Path, names: tuple[str, str]):
    arrays = {names[0]: np.zeros((4, 5, 5)), names[1]: np.asarray([[0], [1], [0], [1]])}
    np.savez(tmp_path / "a.npz", groups=np.asarray(list("aabb")), **arrays)
    dataset = registry.load(tmp_path / "a.npz")
    assert (dataset.modality, dataset.counts, dataset.parts) == ("image", {"0": 2, "1": 2}, None)
    assert dataset.groups is not None
    assert dataset.groups.tolist() == list("aabb")
    np.savez(tmp_path / "t.npz", items=np.asarray(["so good", "so bad"]), labels=np.asarray(["+", "-"]))
    texts = registry.load(tmp_path / "t.npz")
    assert (texts.modality, texts.items) == ("text", ["so good", "so bad"])


def test_arrays_with_an_official_split(tmp_path: Path):
    train, test = np.zeros((3, 6)), np.ones((2, 6))
    np.savez(tmp_path / "a.npz", x_train=train, y_train=[0, 1, 0], x_test=test, y_test=[1, 0])
    dataset = registry.load(tmp_path / "a.npz", modality="series")
    assert dataset.parts is not None
    assert (dataset.modality, dataset.parts.tolist()) == ("series", ["train"] * 3 + ["test"] * 2)
    assert dataset.items[4].tolist() == [1] * 6


def test_faulty_array_files_are_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.npz"
    np.savez(path, X=np.asarray([{}, {}], dtype=object), y=np.zeros(2))
    with pytest.raises(DataError, match="without objects"):
        registry.load(path)
    np.savez(path, a=np.zeros(2))
    with pytest.raises(DataError, match=r"expected arrays X and y, .*got a; save them"):
        registry.load(path)
    np.savez(path, X=np.zeros((2, 2)), y=np.zeros(3))
    with pytest.raises(DataError, match="expected 2 labels, got 3"):
        registry.load(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"saved by numpy\.savez"):
        registry.load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X.npy", "no array")
        archive.writestr("y.npy", "no array")
    with pytest.raises(DataError, match="at least one dimension, got 'X'"):
        registry.load(path)
    np.savez(path, X=np.zeros((2, 2)), y=np.arange(2))
    with pytest.raises(DataError, match="expected no target, its arrays are called what they are"):
        registry.load(path, target="y")
    monkeypatch.setattr(array_files, "MOST_BYTES", 100)
    with pytest.raises(DataError, match="GiB of arrays"):
        registry.load(path)
