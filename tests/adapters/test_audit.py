"""What the audit finds in data, and that it reads every item once."""

from __future__ import annotations

import builtins
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow

from adapters.audit import Audit, audit, fingerprint
from adapters.sources import registry
from adapters.sources.memory import from_arrays

HOME = Path(os.environ.get("GRIDZOO_DATA") or Path(__file__).parents[2].parent / "shared" / "data")


def counts(found: Audit) -> tuple[int, int, int, int, int]:
    return (
        found.duplicates.count, found.crossing.count, found.clashes.count, found.rare.count, found.flat.count,
    )  # fmt: skip


def test_nothing_to_find():
    found = audit(from_arrays(list("abcdefghij"), list("xxxxxyyyyy")))
    assert counts(found) == (0, 0, 0, 0, 0)
    assert found.findings == ()


def test_duplicates_across_the_split_and_clashes():
    data = from_arrays(["a", "b", "a", "a", "c", "b"], ["x", "y", "x", "y", "x", "y"])
    data = replace(data, parts=np.asarray(["train", "train", "test", "test", "test", "train"]))
    found = audit(data, folds=3)
    assert counts(found) == (3, 2, 1, 0, 0)
    assert found.duplicates.examples == ("'a': 3 times", "'b': 2 times")
    assert found.crossing.examples == ("'a'", "'a'")
    assert found.clashes.examples == ("'a': x × 2, y × 1",)


def test_classes_that_do_not_reach_every_fold():
    found = audit(from_arrays(list("abcdefg"), list("xxxxxyz")), folds=2)
    assert (found.rare.count, found.rare.examples) == (2, ("y: 1", "z: 1"))
    assert audit(from_arrays(list("abcdefg"), list("xxxxxyz")), folds=1).rare.count == 0


@pytest.mark.parametrize(
    ("good", "flat", "modality"),
    [
        (np.arange(4.0), np.full(4, 2.5), "series"),
        (np.arange(4.0), np.zeros((0, 2)), "series"),
        (np.arange(4.0).reshape(2, 2), np.ones((2, 2)), "image"),
        (Pillow.linear_gradient("L"), Pillow.new("RGB", (3, 3), "red"), "image"),
        ((np.arange(4.0), 8000), (np.zeros(4), 8000), "sound"),
        ("word", " \n", "text"),
        ({"a": 1.0}, {"a": None, "b": float("nan")}, "table"),
    ],
)
def test_items_in_which_nothing_varies(good: object, flat: object, modality: str):
    found = audit(from_arrays([good, flat], ["x", "y"], modality=modality), folds=1)
    assert found.flat.count == 1
    assert "items[1]" in found.flat.examples[0]


def test_files_in_which_nothing_varies(tmp_path: Path):
    rng = np.random.default_rng(0)
    pictures = {
        "noise.jpg": rng.integers(0, 256, (300, 300, 3)),
        "checks.png": np.indices((256, 256, 3)).sum(axis=0) % 2 * 255,  # even on average
        "grey.jpg": np.full((300, 300, 3), 128),
    }
    for name, pixels in pictures.items():
        Pillow.fromarray(pixels.astype(np.uint8)).save(tmp_path / name)
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "damaged.png").write_bytes(b"no picture")
    soundfile.write(tmp_path / "hiss.wav", rng.normal(scale=0.1, size=800), 8000)
    soundfile.write(tmp_path / "silence.flac", np.zeros(800), 8000)
    for endings, flat in ((("jpg", "png"), {"grey.jpg", "empty.png"}), (("wav", "flac"), {"silence.flac"})):
        paths = sorted(path for path in tmp_path.iterdir() if path.suffix[1:] in endings)
        found = audit(from_arrays(paths, ["x", *["y"] * (len(paths) - 1)]), folds=1)
        assert {example.split(":")[0].split("/")[-1] for example in found.flat.examples} == flat


def test_every_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    paths = [tmp_path / name for name in ("a.png", "b.png")]
    for shade, path in enumerate(paths):
        Pillow.new("L", (4, 4), shade).save(path)
    data = from_arrays(paths, ["x", "y"])
    opened: Counter[str] = Counter()
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.update([path.name]) or read(path))
    monkeypatch.setattr(builtins, "open", lambda path, *_: pytest.fail(f"{path} was opened beside"))
    found = audit(data, folds=1)
    monkeypatch.undo()
    assert opened == {"a.png": 1, "b.png": 1}
    assert found.fingerprint == fingerprint(data)


@pytest.mark.skipif(not HOME.is_dir(), reason=f"no data sets in {HOME}; set GRIDZOO_DATA")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sms-spam", (403, 0, 0, 0, 0)),
        ("dna-splice", (185, 0, 1, 0, 0)),
        ("trec", (81, 10, 0, 0, 0)),
        ("mpqa", (2361, 0, 99, 0, 3)),
    ],
)
def test_real_data(name: str, expected: tuple[int, ...]):
    assert counts(audit(registry.load(name, data_home=HOME))) == expected
