"""Downloads from a server on this machine: whole and right, or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import stat
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import DataError
from adapters.sources import archive_sets, archives, download, files, home, registry
from adapters.sources.files import Remote

CONTENT = bytes(range(256)) * 4096  # 1 MiB
RIGHT = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


class Server(ThreadingHTTPServer):
    """Serves ``content``; breaks off after ``cuts[i]`` bytes of answer i, if that is set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.ranges = True
        self.cuts: list[int | None] = []
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/file"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/file":
            return self.send_error(404)
        asked = self.headers.get("Range")
        self.server.asked.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.ranges else 0
        if start and start >= len(self.server.content):
            return self.send_error(416)
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut = self.server.cuts.pop(0) if self.server.cuts else None
        self.wfile.write(body if cut is None else body[:cut])
        return None

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        served.shutdown()
        thread.join()


def left(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_whole_file(server: Server, tmp_path: Path):
    path = download.fetch(Remote("set/data.bin", RIGHT, server.url), tmp_path)
    assert (path, path.read_bytes()) == (tmp_path / "set" / "data.bin", CONTENT)
    assert left(tmp_path) == {"set/data.bin"}
    assert server.asked == [None]


def test_md5_is_a_checksum_too(server: Server, tmp_path: Path):
    md5 = hashlib.md5(CONTENT).hexdigest()
    assert download.fetch(Remote("data", f"md5:{md5}", server.url), tmp_path).read_bytes() == CONTENT


def test_a_broken_download_goes_on_at_once(server: Server, tmp_path: Path):
    server.cuts = [500_000, 200_000]
    path = download.fetch(Remote("data", RIGHT, server.url), tmp_path)
    assert path.read_bytes() == CONTENT
    first = 500_000 // download.CHUNK * download.CHUNK
    second = first + 200_000 // download.CHUNK * download.CHUNK
    assert server.asked == [None, f"bytes={first}-", f"bytes={second}-"]


def test_a_broken_download_goes_on_next_time(server: Server, tmp_path: Path):
    server.cuts = [500_000, 0]
    with pytest.raises(DataError, match=r"connection broke off.*goes on from what has arrived"):
        download.fetch(Remote("data", RIGHT, server.url), tmp_path)
    assert left(tmp_path) == {"data.part"}
    assert download.fetch(Remote("data", RIGHT, server.url), tmp_path).read_bytes() == CONTENT
    assert server.asked[-1] == f"bytes={500_000 // download.CHUNK * download.CHUNK}-"
    assert left(tmp_path) == {"data"}


def test_without_ranges_it_starts_again(server: Server, tmp_path: Path):
    server.ranges = False
    server.cuts = [500_000]
    assert download.fetch(Remote("data", RIGHT, server.url), tmp_path).read_bytes() == CONTENT


def test_more_than_the_file_holds_starts_again(server: Server, tmp_path: Path):
    (tmp_path / "data.part").write_bytes(CONTENT + b"more")
    assert download.fetch(Remote("data", RIGHT, server.url), tmp_path).read_bytes() == CONTENT


def test_halves_of_two_files_are_found_out(server: Server, tmp_path: Path):
    (tmp_path / "data.part").write_bytes(b"another file's beginning")
    with pytest.raises(DataError, match=f"checksum {RIGHT}, received another file"):
        download.fetch(Remote("data", RIGHT, server.url), tmp_path)
    assert left(tmp_path) == set()
    (tmp_path / "data.part").write_bytes(b"another file's beginning")
    assert download.fetch(Remote("data", "none", server.url), tmp_path).read_bytes() == CONTENT


def test_a_wrong_checksum(server: Server, tmp_path: Path):
    with pytest.raises(DataError, match=r"sha256:0000.*received another file.*GRIDZOO_DATA or --data-home"):
        download.fetch(Remote("data", f"sha256:{'0' * 64}", server.url), tmp_path)
    assert left(tmp_path) == set()


def test_no_such_file(server: Server, tmp_path: Path):
    with pytest.raises(DataError, match="received status 404"):
        download.fetch(Remote("data", RIGHT, server.url + "s"), tmp_path)
    assert left(tmp_path) == set()


def test_nobody_there(tmp_path: Path):
    with Server() as gone:
        url = gone.url
    with pytest.raises(DataError, match=r"connection broke off.*GRIDZOO_DATA"):
        download.fetch(Remote("data", RIGHT, url), tmp_path)
    assert left(tmp_path) == set()


def test_a_full_disk(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Full(io.FileIO):
        def write(self, _: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda path, mode="r": Full(path, "w") if "b" in mode else opened(path, mode))
    with pytest.raises(DataError, match=r"No space left on device; make room.*--data-home"):
        download.fetch(Remote("data", RIGHT, server.url), tmp_path)
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_written(server: Server, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"expected to write .*give permission"):
        download.fetch(Remote("set/data", RIGHT, server.url), tmp_path / "file")


def tar(members: dict[str, bytes], *special: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in special:
            archive.addfile(entry)
    return stream.getvalue()


def zipped(members: dict[str, bytes], *links: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name in links:
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return stream.getvalue()


def link(name: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    return entry


GOOD = {"top/data/a/1.txt": b"one", "top/data/b/2.txt": b"two", "top/readme": b"not wanted"}


@pytest.mark.parametrize("make", [tar, zipped])
def test_an_archive_becomes_a_folder(make: Callable[..., bytes], server: Server, tmp_path: Path):
    server.content = make(GOOD)
    expected = tmp_path / "expected"
    for name, content in (("a/1.txt", b"one"), ("b/2.txt", b"two")):
        (expected / name).parent.mkdir(parents=True)
        (expected / name).write_bytes(content)
    remote = Remote("set/data", files.tree(expected), server.url, "top/data")
    path = download.fetch(remote, tmp_path / "home")
    assert left(tmp_path / "home") == {"set/data/a/1.txt", "set/data/b/2.txt"}
    assert files.tree(path) == remote.checksum
    (expected / "b" / "2.txt").rename(expected / "b" / "3.txt")
    wrong = Remote("other", files.tree(expected), server.url, "top/data")
    with pytest.raises(DataError, match="received other files"):
        download.fetch(wrong, tmp_path / "home")
    assert left(tmp_path / "home") == {"set/data/a/1.txt", "set/data/b/2.txt"}


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (tar({"top/data/../../../out": b"x"}), "below its folder"),
        (tar({"/out": b"x"}), "below its folder"),
        (zipped({"top/data/../../../out": b"x"}), "below its folder"),
        (zipped({"/out": b"x"}), "below its folder"),
        (zipped({"top/data/..\\..\\out": b"x"}), "below its folder"),
        (tar(GOOD, link("top/data/link")), "link or device"),
        (tar(GOOD, link("top/data/link", tarfile.LNKTYPE)), "link or device"),
        (tar(GOOD, link("top/data/pipe", tarfile.FIFOTYPE)), "link or device"),
        (zipped(GOOD, "top/data/link"), "link or device"),
        (tar({"top/data/bomb": bytes(300_000_000 // 4)}), "100 times its size"),
        (zipped({"top/data/bomb": bytes(300_000_000 // 4)}), "100 times its size"),
        (tar(GOOD)[:-30], "whole archive"),
        (zipped(GOOD)[:-30], "whole archive"),
        (b"no archive at all", "whole archive"),
        (tar({"top/other": b"x"}), "found none"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_archives_that_are_refused(archive: bytes, reason: str, server: Server, tmp_path: Path):
    server.content = archive
    checksum = f"sha256:{hashlib.sha256(archive).hexdigest()}"
    with pytest.raises(DataError, match=reason):
        download.fetch(Remote("set/data", checksum, server.url, "top/data"), tmp_path / "home")
    assert left(tmp_path) == set()
    assert [path.name for path in (tmp_path / "home" / "set").iterdir()] == []


def test_archives_of_too_many_files(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    server.content = tar(GOOD)
    with pytest.raises(DataError, match="at most 2 files"):
        download.fetch(Remote("data", "none", server.url, "top/data"), tmp_path)


@pytest.fixture
def sonar(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    """One data set that this machine serves."""
    row = ",".join(["0.5"] * 60)
    server.content = f"{row},M\n{row},R\n".encode()
    remote = Remote("tabular/sonar.csv", f"sha256:{hashlib.sha256(server.content).hexdigest()}", server.url)
    monkeypatch.setattr(files, "remotes", lambda: (remote,))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("GRIDZOO_DATA", raising=False)
    return remote


def test_a_named_data_set_is_downloaded_once(server: Server, sonar: Remote, tmp_path: Path):
    assert registry.load("sonar").counts == {"mine": 1, "rock": 1}
    assert left(tmp_path) == {f"xdg/gridzoo/{sonar.path}"}
    registry.load("sonar")
    registry.load("sonar", data_home=tmp_path / "elsewhere")  # found in the platform's folder
    assert server.asked == [None]


def test_the_folder_that_is_named_comes_first(
    server: Server, sonar: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GRIDZOO_DATA", str(tmp_path / "told"))
    registry.load("sonar")
    assert left(tmp_path) == {f"told/{sonar.path}"}
    (tmp_path / "told" / sonar.path).write_text("1,M\n")  # whatever is there is used
    with pytest.raises(DataError, match="expected 61 cells, got 2"):
        registry.load("sonar")
    assert server.asked == [None]


def test_a_folder_is_whole_when_all_its_files_are(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    remotes = tuple(Remote(f"names/{name}.txt", RIGHT, server.url) for name in "abc")
    monkeypatch.setattr(files, "remotes", lambda: remotes)
    (tmp_path / "home" / "names").mkdir(parents=True)
    (tmp_path / "home" / "names" / "b.txt").write_bytes(b"here already")
    assert home.find(tmp_path / "home", "names") == tmp_path / "home" / "names"
    assert left(tmp_path / "home") == {"names/a.txt", "names/b.txt", "names/c.txt"}
    assert len(server.asked) == 2


def test_the_table_of_files():
    table = files.remotes()
    assert len({remote.path for remote in table}) == len(table)
    for remote in table:
        kind, _, digits = remote.checksum.partition(":")
        assert (kind, len(digits)) in {("sha256", 64), ("md5", 32), ("tree", 64), ("none", 0)}, remote
        assert remote.url.startswith("https://")
        assert not remote.path.startswith("/")
        assert ".." not in remote.path
        assert kind != "tree" or remote.inside
    assert [remote.path for remote in table if not remote.verified] == ["esc-50"]


@pytest.mark.parametrize("name", [name for name, *_, needs in registry.describe() if needs and "…" not in name])
def test_every_named_data_set_can_be_downloaded(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[Remote] = []

    def fetch(remote: Remote, home: Path) -> Path:
        asked.append(remote)
        raise DataError("expected no more than to be asked")

    monkeypatch.setattr(download, "fetch", fetch)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    with pytest.raises(DataError, match="no more than to be asked"):
        registry.load(name, data_home=tmp_path)
    assert asked[0] in files.remotes()


def test_a_set_of_the_archive_is_downloaded_by_its_name(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = "@timeStamps false\n@classLabel true a b\n@data\n1,2,3:a\n4,5,6:b\n"
    server.content = zipped({"Toy_TRAIN.ts": text.encode(), "Toy_TEST.ts": text.encode(), "Toy.txt": b"about it"})
    monkeypatch.setattr(archive_sets, "ARCHIVE", server.url + "?{}")
    dataset = registry.load("ucr/Toy", data_home=tmp_path)
    assert (len(dataset), dataset.provenance.title.split(":")[0]) == (4, "Toy")
    assert any("checksum" in guess for guess in dataset.provenance.guesses)
    registry.load("ucr/Toy", data_home=tmp_path)
    assert server.asked == [None]
