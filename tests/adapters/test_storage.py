"""Saved adapters are data: what is not, or does not fit, is refused."""

from __future__ import annotations

import io
import json
import pickle
import tracemalloc
import zipfile
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
        ({"learned": {"grid_": "x"}}, "names of learned attributes"),
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


def packed(content: bytes, compression: int = zipfile.ZIP_STORED, times: int = 1) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", compression) as file:
        for number in range(times):
            file.writestr(f"a{number}_.npy", content)
    return archive.getvalue()


def array(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, values, allow_pickle=True)
    return stream.getvalue()


def claiming(shape: object, descr: object = "<f8") -> bytes:
    header = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


def overlapping() -> bytes:
    """Name the same 1 MB a thousand times in an archive's list of members."""
    content = bytearray(packed(array(np.zeros(2**17)), times=2))
    first, second = (i for i in range(len(content)) if content[i : i + 4] == b"PK\1\2")
    end = content.index(b"PK\5\6")
    entry = bytes(content[first:second])
    listed = b"".join(entry[:46] + f"b{i:03}".encode()[-2:] + entry[48:] for i in range(1000))
    tail = bytearray(content[end:])
    tail[8:12] = (1000).to_bytes(2, "little") * 2
    tail[12:16] = len(listed).to_bytes(4, "little")
    return bytes(content[:first]) + listed + bytes(tail)


@pytest.mark.parametrize(
    "content",
    [
        packed(array(np.zeros(2**26)), zipfile.ZIP_DEFLATED),
        packed(claiming((2**40,))),
        packed(claiming((2**63, 2**63))),
        packed(claiming((-1,))),
        packed(claiming((1,), "|V1000000000")),
        packed(claiming((1,), [("a", "<f8", (1000, 1000, 1000))])),
        packed(claiming("(1,)")),
        packed(b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + b" " * 100),
        packed(b"\x93NUMPY\x03\x00\x10\x00\x00\x00" + b" " * 100),
        packed(array(np.array([1, "a"], dtype=object))),
        packed(b"no array"),
        overlapping(),
    ],
    ids=lambda content: f"{len(content)} bytes",
)
def test_arrays_that_would_fill_the_memory_are_refused_before_they_do(folder: Path, content: bytes):
    (folder / "adapter.npz").write_bytes(content)
    tracemalloc.start()
    with pytest.raises(DataError, match="expected a saved adapter"):
        storage.load(folder)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2**23


@pytest.mark.parametrize("name", ["adapter.json", "adapter.npz"])
def test_files_of_many_gigabytes_are_refused_unread(folder: Path, name: str):
    with open(folder / name, "ab") as file:
        file.truncate(2**33)  # takes no room on the disk
    with pytest.raises(DataError, match=r"expected at most .* bytes, got 8,589,934,592"):
        storage.load(folder)


def test_a_deep_description_is_refused(folder: Path):
    (folder / "adapter.json").write_text("[" * 10**6)
    with pytest.raises(DataError, match="expected a saved adapter"):
        storage.load(folder)


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
