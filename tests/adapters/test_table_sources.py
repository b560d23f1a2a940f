"""Tables in files and in memory: manifests of paths, texts, numbers; whole and faulty."""

from __future__ import annotations

import builtins
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow
from scipy.sparse import csr_matrix

import gridzoo as gz
from adapters import registry as adapters
from adapters.errors import DataError, ItemError
from adapters.sources import registry, tables
from adapters.sources.memory import from_arrays
from training.fitting.items import adapter_for

FORMS = ("a.csv", "a.tsv", "a.jsonl", "a.ndjson", "a.parquet")


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    frame = pd.DataFrame(rows)
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow", reason="needs gridzoo[parquet]")
        frame.to_parquet(path)
    elif path.suffix in (".jsonl", ".ndjson"):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        frame.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")
    return path


def pictures(folder: Path) -> list[dict[str, Any]]:
    rows = []
    for number, (label, speaker, part) in enumerate([("a", "s", "train"), ("b", "s", "test"), ("a", "t", "valid")]):
        name = f"deep/er/{number}.{'png' if number else 'JPG'}"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Pillow.new("L", (8, 6), number).save(folder / name)
        rows.append({"path": name, "label": label, "speaker": speaker, "split": part, "remark": number})
    return rows


@pytest.mark.parametrize("form", FORMS)
def test_a_manifest_of_pictures(tmp_path: Path, form: str):
    dataset = registry.load(write(tmp_path / form, pictures(tmp_path)))
    assert dataset.modality == "image"
    assert dataset.labels.tolist() == ["a", "b", "a"]
    assert dataset.parts is not None
    assert dataset.groups is not None
    assert (dataset.groups.tolist(), dataset.group_name) == (["s", "s", "t"], "speaker")
    assert dataset.parts.tolist() == ["train", "test", "train"]
    assert dataset.adapter == {"name": "image", "height": 6, "width": 8, "channels": "grey"}
    assert adapters.from_settings(dataset.adapter).fit_transform(dataset.items).shape == (3, 6, 8, 1)
    said = " | ".join(dataset.provenance.guesses)
    for words in (
        "classes in column 'label'",
        "groups in column 'speaker'",
        "the official split (a validation part counts as training) in column 'split'",
        "'path': remark",
    ):
        assert words in said


@pytest.mark.parametrize("form", FORMS)
def test_a_table_of_values(tmp_path: Path, form: str):
    rows = [{"size": 1, "kind": "x", "y": 0}, {"size": None, "kind": "y", "y": 1}, {"size": 2.5, "kind": None, "y": 1}]
    dataset = registry.load(write(tmp_path / form, rows), target="y")
    assert (dataset.modality, dataset.labels.tolist()) == ("table", ["0", "1", "1"])
    assert dataset.items[0] == {"size": 1.0, "kind": "x"}
    assert np.isnan(dataset.items[1]["size"])
    assert dataset.items[2] == {"size": 2.5, "kind": None}


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_a_table(tmp_path: Path, form: str):
    rows = [{"text": f"one good day of {i}", "label": "+" if i % 2 else "-", "id": i} for i in range(6)]
    dataset = registry.load(write(tmp_path / form, rows))
    assert (dataset.modality, dataset.items[5], dataset.counts) == ("text", "one good day of 5", {"+": 3, "-": 3})


@pytest.mark.parametrize(
    ("texts", "adapter"),
    [
        (["ACGTTGCAACGG", "TTGACCATGATT"], "k-mers"),
        (["Nakamura", "O'Neill"], "characters"),
        (["it was fine", "it was not"], "words"),
    ],
)
def test_strings_have_the_adapter_that_suits_them_wherever_they_come_from(
    tmp_path: Path, texts: list[str], adapter: str
):
    rows = [{"text": text, "label": label} for text, label in zip(texts * 2, "abab", strict=True)]
    for dataset in (registry.load(write(tmp_path / "a.csv", rows)), from_arrays(texts * 2, list("abab"))):
        assert dataset.adapter["name"] == adapter
        assert any("covers 100 %" in guess for guess in dataset.provenance.guesses)
    assert adapter_for(None, np.asarray(texts)).name == adapter


@pytest.mark.parametrize(
    ("items", "settings"),
    [
        (np.zeros((4, 12, 10)), {"name": "image", "height": 12, "width": 10, "channels": "grey"}),
        (np.arange(4 * 9 * 9 * 3).reshape(4, 9, 9, 3) % 256, {"name": "image", "height": 9, "channels": "rgb"}),
        ([(np.ones(32_000, np.float32), 16_000)] * 4, {"name": "mel-spectrogram", "duration": 2.0}),
        ([np.arange(20.0)] * 4, {"name": "series"}),
    ],
)
def test_items_in_memory_have_the_adapter_that_suits_them(items: Any, settings: dict[str, Any]):
    found = from_arrays(items, list("abab")).adapter
    assert settings.items() <= found.items()
    assert adapter_for(None, items).settings().items() >= settings.items()


def test_strings_that_name_pictures_or_sounds_are_files(tmp_path: Path):
    Pillow.fromarray(np.zeros((6, 5), np.uint8)).save(tmp_path / "a.png")
    names = [str(tmp_path / name) for name in ("a.png", "b.PNG")]
    dataset = from_arrays(names, ["+", "-"])
    assert (dataset.modality, dataset.items) == ("image", [Path(name) for name in names])
    assert adapter_for(None, names).settings() | {"height": 6, "width": 5} == adapter_for(None, names).settings()
    assert from_arrays(["see a.png", "no file"], ["+", "-"]).modality == "text"
    assert from_arrays(["a.png", "a.wav"], ["+", "-"]).modality == "text"  # files of two kinds are no data set


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_items_in_memory_without_a_class_are_set_aside(missing: Any):
    dataset = from_arrays([[1, 2], [3, 4], [5, 6], [7, 8], [9, 9]], ["none", missing, 1.0, "none", 1])
    assert (dataset.items, dataset.labels.tolist()) == ([[1, 2], [5, 6], [7, 8], [9, 9]], ["none", "1", "none", "1"])
    assert [str(error) for error in dataset.bad] == [f"items[1]: expected a class, got {missing!r}"]


@pytest.mark.parametrize(
    ("items", "labels", "message"),
    [
        (np.zeros((40, 3)), np.linspace(0, 1, 40), "expected classes, got 40 different labels of 40 items.*Regressor"),
        (csr_matrix(np.eye(4)), list("abab"), "expected a list of items, an array or a data frame, got csr_matrix"),
        ((row for row in np.eye(4)), list("abab"), "got generator"),
        ([object()] * 4, list("abab"), "expected a modality of image, .*, got None; pass modality="),
        (np.full((4, 5, 5), 7.5), list("abab"), "expected brightness from 0 to 1, got 7.5 .* modality='series'"),
    ],
)
def test_what_is_no_data_set_in_memory_is_refused(items: Any, labels: Any, message: str):
    with pytest.raises(DataError, match=message):
        gz.fit((items, labels), "lenet5", epochs=1)


def test_what_lists_rows_is_a_table_and_what_is_like_an_array_is_one():
    assert from_arrays([[1.0, 2.0], [3.0, 4.0]], ["a", "b"]).modality == "table"

    class Tensor:
        """Of another library."""

        def __len__(self) -> int:
            return 4

        def __array__(self, *_: Any, **__: Any) -> np.ndarray:
            return np.zeros((4, 6, 5))

    dataset = from_arrays(Tensor(), list("abab"))  # type: ignore[arg-type]
    assert (dataset.modality, dataset.adapter["height"], dataset.items[0].shape) == ("image", 6, (6, 5))


def test_a_data_set_is_told_in_one_line():
    dataset = from_arrays(["so good", "so bad"] * 500, ["+", "-"] * 500, name="reviews")
    assert repr(dataset) == "<Dataset 'reviews': 1000 text items of 2 classes>"
    assert repr(dataset.take([0, 1], [ItemError("3", "expected text")])).endswith("of 2 classes, 1 set aside>")


def test_what_is_guessed_can_be_overruled(tmp_path: Path):
    rows = [{"label": "x y z", "other": label, "speaker": s, "split": "test"} for label, s in ("ap", "bp", "aq", "bq")]
    path = write(tmp_path / "a.csv", rows)
    dataset = registry.load(path, target="other", group="", part="", modality="table")
    assert (dataset.modality, dataset.classes, dataset.groups, dataset.parts) == ("table", ("a", "b"), None, None)
    assert list(dataset.items[0]) == ["label", "speaker", "split"]
    assert registry.load(path, target="other", group="label").group_name == "label"
    numbers = write(tmp_path / "b.csv", [{"y": i % 2, "t0": i, "t1": -i, "t2": 0.5} for i in range(4)])
    series = registry.load(numbers, target="y", modality="series")
    assert (series.modality, series.items[3].tolist()) == ("series", [3.0, -3.0, 0.5])


def test_a_column_called_split_is_one_only_if_it_says_so(tmp_path: Path):
    path = write(tmp_path / "a.csv", [{"split": i, "x": 1, "label": i % 2} for i in range(4)])
    dataset = registry.load(path)
    assert dataset.parts is None
    assert list(dataset.items[0]) == ["split", "x"]
    with pytest.raises(DataError, match=r"a.csv line 2: expected a part of train.*in column 'split', got '0'"):
        registry.load(path, part="split")


def test_text_files_of_a_manifest(tmp_path: Path):
    for name, content in (("a.txt", b"\xef\xbb\xbfgood"), ("b.md", b"bad"), ("c.txt", b"\xff\xfe"), ("d.txt", b"x")):
        (tmp_path / name).write_bytes(content)
    names = ("a.txt", "b.md", "c.txt", "gone.txt", "d.txt")
    rows = [{"file": name, "label": label} for name, label in zip(names, "+-+--", strict=True)]
    dataset = registry.load(write(tmp_path / "m.csv", rows))
    assert (dataset.items, dataset.labels.tolist()) == (["good", "bad", "x"], ["+", "-", "-"])
    assert [Path(error.item).name for error in dataset.bad] == ["gone.txt", "c.txt"]
    assert [error.reason.split(";")[0] for error in dataset.bad] == [
        "expected a file, found none",
        "expected text in UTF-8: invalid start byte at byte 0",
    ]


def test_paths_of_nothing_are_explained(tmp_path: Path):
    path = write(tmp_path / "m.csv", [{"file": f"{i}.wav", "label": i % 2} for i in range(4)])
    with pytest.raises(DataError, match=r"files of column 'file', relative to .*found none.*modality='table'"):
        registry.load(path)
    assert registry.load(path, modality="table").modality == "table"
    with pytest.raises(DataError, match="expected one column of paths to image files, got file"):
        registry.load(path, modality="image")


def test_a_data_frame():
    frame = pd.DataFrame({"x": [1, 2, None], "when": pd.to_datetime(["2020-01-01"] * 3), "label": [1.0, 2.0, 2.0]})
    dataset = gz.load(frame)
    assert dataset.labels.tolist() == ["1", "2", "2"]
    assert dataset.items[0] == {"x": 1.0, "when": "2020-01-01 00:00:00"}
    assert gz.load((frame[["x"]], frame["label"])).modality == "table"
    with pytest.raises(DataError, match="'a' more than once"):
        gz.load(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(DataError, match=r"row 0: expected text, a number or nothing in column 'x', got list"):
        gz.load(pd.DataFrame({"x": [[1], [2]], "label": [0, 1]}))


def test_bad_lines_of_json_are_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tables, "LONGEST_LINE", 1000)
    lines = [
        b'\xef\xbb\xbf{"x": 1, "label": "a"}',
        b"",
        b'{"x": 2, "label": "b"',
        b"[1, 2]",
        b'{"x": 1, "x": 2, "label": "a"}',
        b'{"x": "\xff", "label": "a"}',
        b'{"x": "' + b"y" * 5000 + b'", "label": "a"}',
        b"[" * 900,
        b'{"label": "b"}',
        b'{"x": 3, "label": null}',
    ]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    dataset = registry.load(tmp_path / "a.jsonl")
    assert dataset.labels.tolist() == ["a", "b"]
    assert [error.item for error in dataset.bad] == [f"a.jsonl line {n}" for n in (3, 4, 5, 6, 7, 8, 10)]
    assert all("expected" in error.reason for error in dataset.bad)


def test_a_line_of_fifty_megabytes(tmp_path: Path):
    long = "y" * 50_000_000
    good = '{"x": "one", "label": "a"}\n{"x": "two", "label": "b"}\n'
    (tmp_path / "a.jsonl").write_text(f'{{"x": "{long}", "label": "a"}}\n{good}')
    (tmp_path / "a.csv").write_text(f"x,label\n1,a\n{long},a\n2,b\n")
    began = time.perf_counter()
    dataset = registry.load(tmp_path / "a.jsonl")
    assert len(dataset) == 2
    assert "at most 10 MB, got more" in dataset.bad[0].reason
    with pytest.raises(DataError, match=r"a.csv line 3: .*field larger than field limit"):
        registry.load(tmp_path / "a.csv")
    for label in ("a", "b"):
        (tmp_path / "texts" / label).mkdir(parents=True)
        (tmp_path / "texts" / label / "short.txt").write_text(label)
    (tmp_path / "texts" / "a" / "long.txt").write_text(long)
    folder = registry.load(tmp_path / "texts")
    assert (len(folder), len(folder.bad)) == (2, 1)
    assert "at most 10 MB of text, got 50 MB" in folder.bad[0].reason
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b"", "expected rows, got none"),
        ("a.jsonl", b"no json\n", r"expected rows, got none that can be read; a.jsonl line 1"),
        ("a.jsonl", b'{"x": 1, "label": "a"}\n{"x": 2, "label": "a"}\n', "at least 2 classes"),
        ("a.parquet", b"PAR1 and no more", "expected a Parquet file"),
        ("a.parquet", b"", "expected a Parquet file"),
        ("a.csv", b"\xff\xfex,label\n", "save it as CSV in UTF-8"),
        ("a.csv", b"x,label\n1,a\n2,a\n", "at least 2 classes"),
    ],
)
def test_faulty_files_are_explained(tmp_path: Path, name: str, content: bytes, reason: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=reason):
        registry.load(tmp_path / name)


def test_an_absent_package_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.parquet").write_bytes(b"")
    imported = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name.split(".")[0] in ("pyarrow", "fastparquet"):
            raise ImportError(name)
        return imported(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r"pip install gridzoo\[parquet\]"):
        registry.load(tmp_path / "a.parquet")
