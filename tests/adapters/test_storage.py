"""Saved adapters are data: what is not, or does not fit, is refused."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from adapters import registry, storage
from adapters.errors import DataError
from adapters.table.table_row import TableRow
from adapters.text.words import Words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    storage.save(TableRow().fit([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]), tmp_path)
    return tmp_path


def change(folder: Path, **changes: object) -> None:
    path = folder / "adapter.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_files_are_plain(folder: Path):
    assert sorted(path.name for path in folder.iterdir()) == ["adapter.json", "adapter.npz"]
    described = json.loads((folder / "adapter.json").read_text())
    assert described["settings"] == {"name": "table-row", "max_categories": 20}


def test_an_unfitted_adapter_is_not_saved(tmp_path: Path):
    with pytest.raises(DataError, match="call fit"):
        storage.save(Words(), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schema": 99}, "schema 99"),
        ({"settings": {"name": "os.system"}}, "expected an adapter of"),
        ({"settings": {"name": "table-row", "command": "rm"}}, "expected parameters of max_categories"),
        ({"settings": {"name": "table-row", "max_categories": "20"}}, "max_categories to be a whole number"),
        ({"settings": None}, "expected a saved adapter"),
        ({"grid": {"axes": []}}, "expected a saved adapter"),
        ({"learned": {"__class__": "x"}}, "names of learned attributes"),
        ({"learned": {"transform": "x"}}, "names of learned attributes"),
        ({"learned": [1]}, "expected a saved adapter"),
    ],
)
def test_tampered_descriptions_are_refused(folder: Path, changes: dict[str, object], reason: str):
    change(folder, **changes)
    with pytest.raises(DataError, match=reason):
        storage.load(folder)


def test_pickles_are_refused(folder: Path):
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (folder / "exploded",)  # type: ignore[return-value]

    np.savez(folder / "adapter.npz", columns_=np.array([Bomb()], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="expected a saved adapter"):
        storage.load(folder)
    (folder / "adapter.npz").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(DataError, match="expected a saved adapter"):
        storage.load(folder)
    assert not (folder / "exploded").exists()


@pytest.mark.parametrize("name", ["adapter.json", "adapter.npz"])
def test_damaged_files_are_refused(folder: Path, name: str):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="expected a saved adapter"):
        storage.load(folder)
    (folder / name).unlink()
    with pytest.raises(DataError, match="expected a saved adapter"):
        storage.load(folder)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"name": "mel-spektrogram"}, "did you mean 'mel-spectrogram'"),
        ({"name": "mel-spectrogram", "nmels": 4}, "did you mean 'n_mels'"),
        ({"height": 3}, "expected an adapter of image, .*, got None"),
        ({"name": "image", "height": True}, "height to be a whole number of at least 1, got True"),
        ({"name": "image", "channels": "grau"}, "channels to be 'grey' or 'rgb', got 'grau'"),
    ],
)
def test_wrong_settings_are_explained(settings: dict[str, object], reason: str):
    with pytest.raises(DataError, match=reason):
        registry.from_settings(settings)


def test_unknown_modality_is_explained():
    with pytest.raises(DataError, match="expected a modality of image, sound, text, series, table, board, got 'video'"):
        registry.default_settings("video")
