"""Folders of pictures and sounds, as people have them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow

from adapters import registry as adapters
from adapters.audit import audit, fingerprint
from adapters.errors import DataError
from adapters.sources import registry

RNG = np.random.default_rng(1)


def picture(path: Path, size: tuple[int, int] = (20, 10), mode: str = "RGB") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.fromarray(RNG.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)).convert(mode).save(path)
    return path


def sound(path: Path, seconds: float = 0.3, rate: int = 8000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, RNG.normal(scale=0.1, size=round(seconds * rate)), rate)
    return path


def test_pictures_by_class(tmp_path: Path):
    picture(tmp_path / "cat" / "b.png")
    picture(tmp_path / "cat" / "deep" / "er" / "a.JPG")
    picture(tmp_path / "dog" / "c.bmp")
    (tmp_path / "dog" / "notes.txt").write_text("no picture")
    (tmp_path / "dog" / ".hidden.png").write_text("ignored")
    picture(tmp_path / ".trash" / "d.png")
    picture(tmp_path / "beside.png")
    dataset = registry.load(tmp_path)
    assert (dataset.modality, dataset.counts, dataset.parts) == ("image", {"cat": 2, "dog": 1}, None)
    assert dataset.adapter == {"name": "image", "height": 10, "width": 20, "channels": "rgb"}
    assert "2 other files left out: 1 × .png, 1 × .txt" in dataset.provenance.guesses
    assert adapters.from_settings(dataset.adapter).fit_transform(dataset.items).shape == (3, 10, 20, 3)


def test_sounds_by_class(tmp_path: Path):
    for number in range(5):
        sound(tmp_path / "low" / f"{number}.wav")
        sound(tmp_path / "high" / f"{number}.flac", 0.5)
    picture(tmp_path / "low" / "cover.png")
    dataset = registry.load(str(tmp_path))
    assert (dataset.modality, dataset.counts) == ("sound", {"high": 5, "low": 5})
    assert dataset.adapter["duration"] == 0.5
    assert dataset.adapter["sample_rate"] == 8000
    assert adapters.from_settings(dataset.adapter).fit_transform(dataset.items).shape[0] == 10


def test_train_and_test_are_the_official_split(tmp_path: Path):
    for part in ("Train", "test", "val"):
        for label in ("a", "b"):
            picture(tmp_path / part / label / "x.png", mode="L")
    dataset = registry.load(tmp_path)
    assert dataset.counts == {"a": 3, "b": 3}
    assert dataset.parts is not None
    assert dataset.parts.tolist() == ["train", "train", "test", "test", "train", "train"]
    assert any("official split" in guess for guess in dataset.provenance.guesses)
    assert dataset.adapter["channels"] == "grey"


def test_train_and_test_beside_other_folders_are_classes(tmp_path: Path):
    for label in ("train", "test", "bus"):
        picture(tmp_path / label / "x.png")
    dataset = registry.load(tmp_path)
    assert (dataset.classes, dataset.parts) == (("bus", "test", "train"), None)


def test_links_are_followed_and_loops_are_not(tmp_path: Path):
    original = picture(tmp_path / "elsewhere" / "x.png")
    root = tmp_path / "data"
    picture(root / "a" / "y.png")
    (root / "b").mkdir()
    (root / "b" / "link.png").symlink_to(original)
    (root / "c").symlink_to(tmp_path / "elsewhere")
    (root / "a" / "loop").symlink_to(root)
    (root / "a" / "broken.png").symlink_to(tmp_path / "nowhere.png")
    dataset = registry.load(root)
    assert dataset.counts == {"a": 2, "b": 1, "c": 1}
    reading = adapters.from_settings(dataset.adapter).read(dataset.items)
    assert [Path(error.item).name for error in reading.errors] == ["broken.png"]
    assert audit(dataset).duplicates.count == 1 + 0  # the link and the folder show one file


def test_damaged_files_are_found_by_the_adapter(tmp_path: Path):
    picture(tmp_path / "a" / "good.png")
    (tmp_path / "a" / "empty.png").write_bytes(b"")
    sound(tmp_path / "b" / "really a sound.png".replace(".png", ".wav")).rename(tmp_path / "b" / "sound.png")
    picture(tmp_path / "b" / "good.png")
    dataset = registry.load(tmp_path)
    reading = adapters.from_settings(dataset.adapter).read(dataset.items)
    assert [Path(error.item).name for error in reading.errors] == ["empty.png", "sound.png"]
    assert dataset.take(reading.kept, reading.errors).counts == {"a": 1, "b": 1}


def test_groups_by_pattern(tmp_path: Path):
    for label in ("a", "b"):
        for speaker in ("ann", "bob"):
            sound(tmp_path / label / f"{speaker}_1.wav")
    dataset = registry.load(tmp_path, group=r"/(\w+)_\d")
    assert dataset.groups is not None
    assert dataset.groups.tolist() == ["ann", "bob", "ann", "bob"]


@pytest.mark.parametrize(("group", "reason"), [("(", "regular expression"), ("ann", "parentheses"), ("(x)y", "match")])
def test_wrong_patterns_are_explained(tmp_path: Path, group: str, reason: str):
    sound(tmp_path / "a" / "ann.wav")
    with pytest.raises(DataError, match=reason):
        registry.load(tmp_path, group=group)


def test_folders_without_classes_are_explained(tmp_path: Path):
    with pytest.raises(DataError, match="one folder a class, found none"):
        registry.load(tmp_path)
    picture(tmp_path / "loose.png")
    with pytest.raises(DataError, match="one folder a class, found none"):
        registry.load(tmp_path)
    picture(tmp_path / "only" / "x.png")
    with pytest.raises(DataError, match="at least 2 classes, found 1"):
        registry.load(tmp_path)
    with pytest.raises(DataError, match="expected no target, its folders are the classes"):
        registry.load(tmp_path, target="label")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("digts", "did you mean 'digits'"),
        ("/no/such/place", "does not exist"),
        (Path(__file__), "is no CSV, TSV, JSON lines"),
    ],
)
def test_unknown_sources_are_explained(source: str | Path, reason: str):
    with pytest.raises(DataError, match=reason):
        registry.load(source)


def test_a_fingerprint_follows_content_not_place(tmp_path: Path):
    for label in ("a", "b"):
        picture(tmp_path / "here" / label / "x.png")
    before = fingerprint(registry.load(tmp_path / "here"))
    (tmp_path / "here").rename(tmp_path / "there")
    assert fingerprint(registry.load(tmp_path / "there")) == before
    picture(tmp_path / "there" / "a" / "x.png")
    assert fingerprint(registry.load(tmp_path / "there")) != before


def test_texts_by_class(tmp_path: Path):
    for name, content in (
        ("spam/a.txt", "buy now".encode("utf-8-sig")), ("spam/deep/b.md", b"win"), ("ham/c.txt", "grüße".encode()),
        ("ham/latin.txt", "grüße".encode("latin-1")), ("ham/.d.txt", b"hidden"), ("ham/cover.png", b""),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    dataset = registry.load(tmp_path)
    assert (dataset.modality, dataset.items) == ("text", ["grüße", "buy now", "win"])
    assert dataset.labels.tolist() == ["ham", "spam", "spam"]
    (bad,) = dataset.bad
    assert (Path(bad.item).name, bad.reason.split(";")[0]) == (
        "latin.txt", "expected text in UTF-8: invalid start byte at byte 2",
    )  # fmt: skip
    assert "1 other files left out: 1 × .png" in dataset.provenance.guesses
    with pytest.raises(DataError, match="at least 2 classes"):
        registry.load(tmp_path, modality="image")
    with pytest.raises(DataError, match=r"found none; of sound"):
        registry.load(tmp_path, modality="sound")
    with pytest.raises(DataError, match="modality of image, sound, text for a folder, got 'table'"):
        registry.load(tmp_path, modality="table")
    with pytest.raises(DataError, match="expected no part, its folders are the classes and the split"):
        registry.load(tmp_path, part="split")


def test_texts_keep_their_groups_and_parts(tmp_path: Path):
    for part in ("train", "test"):
        for label in ("a", "b"):
            (tmp_path / part / label).mkdir(parents=True)
            for who in ("ann", "bob"):
                (tmp_path / part / label / f"{who}.txt").write_text(f"{who} of {label}")
    (tmp_path / "train" / "a" / "ann.txt").write_bytes(b"\xff")
    dataset = registry.load(tmp_path, group=r"(\w+)\.txt")
    assert dataset.groups is not None
    assert dataset.parts is not None
    assert (dataset.items[0], dataset.groups[:2].tolist()) == ("ann of a", ["ann", "bob"])
    assert dataset.parts.tolist() == ["test"] * 4 + ["train"] * 3
    assert dataset.groups.tolist() == ["ann", "bob", "ann", "bob", "bob", "ann", "bob"]
