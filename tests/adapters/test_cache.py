"""A cache gives what the adapter would, whatever happened to its files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from adapters import cache as module
from adapters.cache import Cache, link
from adapters.errors import ItemError
from adapters.image import Image
from adapters.text.words import Words


def pictures(folder: Path, count: int = 5) -> list[Path]:
    rng = np.random.default_rng(0)
    paths = [folder / f"{i}.png" for i in range(count)]
    for path in paths:
        Pillow.fromarray(rng.integers(0, 256, (9, 7)).astype(np.uint8)).save(path)
    return paths


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return pictures(tmp_path)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def adapter(paths: list[Path]) -> Image:
    return Image(4, 6).fit(paths)


def entries(cache: Cache, ending: str = ".npy") -> list[Path]:
    return sorted(cache.folder.glob(f"*{ending}"))


def forget() -> None:
    """As another process would, trust no entry that was compared before."""
    module._SEEN.clear()


def test_what_was_made_is_not_made_again(cache: Cache, adapter: Image, paths: list[Path], monkeypatch):
    expected = adapter.transform(paths)
    np.testing.assert_array_equal(cache.transform(adapter, paths), expected)

    def never(*_: object) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr(Image, "_read", never)
    monkeypatch.setattr(Image, "_grid", never)
    forget()
    np.testing.assert_array_equal(cache.transform(adapter, paths), expected)


def test_whatever_decides_a_grid_is_in_its_name(cache: Cache, paths: list[Path]):
    cache.transform(Image(4, 6).fit(paths), paths)
    cache.transform(Image(4, 6, policy="crop").fit(paths), paths)
    cache.transform(Image(4, 6).fit(paths), paths[::-1])
    texts = ["a b", "b c"]
    cache.transform(Words().fit(texts), texts)
    cache.transform(Words().fit(texts[:1]), texts)  # the same settings, another vocabulary
    assert len(entries(cache)) == 5


def test_a_file_that_changed_is_read_again(cache: Cache, adapter: Image, paths: list[Path]):
    before = np.array(cache.transform(adapter, paths))
    Pillow.fromarray(np.zeros((9, 7), np.uint8)).save(paths[0])
    os.utime(paths[0], ns=(1, 1))
    after = cache.transform(adapter, paths)
    assert (after[0] == 0).all()
    np.testing.assert_array_equal(after[1:], before[1:])


def test_bad_items_are_named_when_cold_and_when_warm(cache: Cache, paths: list[Path]):
    paths[2].write_bytes(b"no picture")
    adapter = Image(4, 6)
    cold, warm = cache.read(adapter, paths), cache.read(adapter, paths)
    assert len(entries(cache, ".reading")) == 1
    for reading in (cold, warm):
        assert reading.kept.tolist() == [0, 1, 3, 4]
        assert [(error.item, error.reason) for error in reading.errors] == [
            (error.item, error.reason) for error in adapter.read(paths).errors
        ]
    adapter.fit_read(warm.values)
    np.testing.assert_array_equal(adapter.grids(warm.values), adapter.grids(cold.values))
    with pytest.raises(ItemError, match=r"2\.png"):
        cache.transform(adapter, paths)


def test_a_file_that_breaks_between_two_reads_is_named(cache: Cache, adapter: Image, paths: list[Path]):
    cache.read(adapter, paths)
    warm = cache.read(adapter, paths)
    paths[1].write_bytes(b"no picture")
    with pytest.raises(ItemError, match="a moment ago"):
        adapter.grids(warm.values)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "no seal", "torn seal"])
def test_a_damaged_entry_is_made_again(cache: Cache, adapter: Image, paths: list[Path], damage: str):
    expected = adapter.transform(paths)
    cache.transform(adapter, paths)
    (entry,) = entries(cache)
    content = entry.read_bytes()
    seal = entry.with_name(f"{entry.name}.json")
    if damage == "no seal":
        seal.unlink()
    elif damage == "torn seal":
        seal.write_text('{"bytes":')
    else:
        flipped = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
        entry.write_bytes({"cut": content[:-20], "flipped": flipped, "empty": b""}[damage])
    forget()
    np.testing.assert_array_equal(cache.transform(adapter, paths), expected)
    assert entry.read_bytes() == content


def test_what_was_not_used_for_longest_gives_way(tmp_path: Path, paths: list[Path]):
    size = 4 * 4 * 6 * len(paths) + 128
    cache = Cache(tmp_path / "small", limit=int(2.5 * size))
    adapters = [Image(4, 6, policy=policy).fit(paths) for policy in ("stretch", "pad", "crop")]
    cache.transform(adapters[0], paths)
    cache.transform(adapters[1], paths)
    first, second = entries(cache)
    for name, age in ((first, 1), (second, 2)):
        os.utime(name.with_name(f"{name.name}.json"), ns=(age, age))
    cache.transform(adapters[2], paths)
    assert not first.exists()
    assert second.exists()
    assert len(entries(cache)) == 2


def test_a_linked_entry_outlives_the_cache(cache: Cache, adapter: Image, paths: list[Path]):
    with cache.scratch() as folder:
        linked = link(cache.grids(adapter, cache.read(adapter, paths).values), folder)
        for entry in entries(cache):
            entry.unlink()
        np.testing.assert_array_equal(np.load(linked), adapter.transform(paths))
    assert not folder.exists()


WRITER = """
import sys, time
from pathlib import Path
from adapters.cache import Cache
from adapters.image import Image

class Slow(Image):
    def grid_chunks(self, values):
        print("writing", flush=True)
        for value in values:
            yield self._grids([value])
            time.sleep(float(sys.argv[3]))

paths = sorted(Path(sys.argv[1]).glob("*.png"))
adapter = Slow(4, 6).fit(paths)
print(Cache(Path(sys.argv[2])).transform(adapter, paths).sum(), flush=True)
"""


def writer(paths: list[Path], cache: Cache, delay: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(paths[0].parent), str(cache.folder), str(delay)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_killed_writer_leaves_nothing_that_counts(cache: Cache, adapter: Image, paths: list[Path]):
    process = writer(paths, cache, 60)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    deadline = time.monotonic() + 30
    while not list(cache.folder.glob(".*-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert entries(cache) == []
    assert len(list(cache.folder.glob(".*-*"))) == 1
    np.testing.assert_array_equal(cache.transform(adapter, paths), adapter.transform(paths))
    assert list(cache.folder.glob(".*-*")) == []


def test_writers_at_once_agree(cache: Cache, adapter: Image, paths: list[Path]):
    processes = [writer(paths, cache, 0.05) for _ in range(3)]
    sums = [float(process.communicate()[0].split()[-1]) for process in processes]
    assert sums == pytest.approx([adapter.transform(paths).sum()] * 3)
    assert len(entries(cache)) == 1


def test_a_full_disk_is_said_and_leaves_nothing(cache: Cache, adapter: Image, paths: list[Path], monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        cache.transform(adapter, paths)
    assert list(cache.folder.iterdir()) == []
