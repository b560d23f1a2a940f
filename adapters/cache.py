"""Grids and readings on disk, under the name of everything that decides them.

An entry is its content and a small JSON file with its size and checksum, which is
written last: without it, or with content that does not match, the entry does not
exist and is made again. Both are written aside and renamed, so that any number of
processes may share a cache and die at any moment.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
import platformdirs

import adapters
from adapters.audit import digest
from adapters.base import Adapter, GridArray
from adapters.errors import ItemError
from adapters.grid import GridSpec
from adapters.reading import Reading, Values

VARIABLE = "GRIDZOO_CACHE"
LIMIT = 10 * 2**30  # bytes
BLOCK = 2**24  # bytes that are summed at once
READS_FILES = ("image", "sound")  # modalities whose items may be names of files


class Cache:
    """A folder of grids that were made before.

    Parameters
    ----------
    folder : path
        Made if it does not exist.
    limit : int
        Bytes; entries that were not used for longest give way.

    Examples
    --------
    >>> from adapters.text.words import Words
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Cache(Path(folder)).transform(Words().fit(["a b"]), ["b a"]).tolist()
    [[3, 2]]
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder, self.limit = folder, limit
        folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def default(cls) -> Cache:
        """Open the cache of this user: in the folder that ``GRIDZOO_CACHE`` names, or the platform's."""
        return cls(Path(os.environ.get(VARIABLE) or platformdirs.user_cache_dir("gridzoo")))

    def transform(self, adapter: Adapter, items: Sequence[Any]) -> GridArray:
        """Do what `Adapter.transform` does, once.

        Returns
        -------
        ndarray, shape ``(n, *grid_.shape)``
            Mapped from the file, read-only.

        Raises
        ------
        ItemError
            At the first bad item.
        """
        reading = self.read(adapter, items)
        if reading.errors:
            raise reading.errors[0]
        grids: GridArray = np.load(self.grids(adapter, reading.values), mmap_mode="r", allow_pickle=False)
        return grids

    def read(self, adapter: Adapter, items: Sequence[Any]) -> Reading:
        """Do what `Adapter.read` does; what is known to be readable is decoded when it is asked for."""
        listed = adapter.listed(items)
        if not all(isinstance(item, Path) for item in listed):
            return adapter.read(listed)  # no slower than finding out whether the items are known
        path = self.folder / f"{_key(['reading', adapter.settings()], listed, adapter.modality)}.reading"
        if not self._whole(path):
            reading = adapter.read(listed)
            bad = [[error.item, error.reason] for error in reading.errors]
            self._write(path, [json.dumps({"kept": reading.kept.tolist(), "bad": bad}).encode()])
            return reading
        known = json.loads(path.read_text(encoding="utf-8"))
        values = Values(adapter.decoder, [listed[i] for i in known["kept"]], None)
        errors = [ItemError(item, reason) for item, reason in known["bad"]]
        return Reading(values, np.asarray(known["kept"], dtype=np.int64), errors)

    def grids(self, adapter: Adapter, values: Values) -> Path:
        """Give the ``.npy`` file with the grids of decoded items; make it if it is not there.

        Parameters
        ----------
        adapter : Adapter
            Fitted.
        values : Values
            As `read` gives them.

        Returns
        -------
        path
            Its name ends in the shape. Another process may remove it when the cache is
            full: link or open it before that.
        """
        shape = (len(values), *adapter.grid_.shape)
        key = _key(["grids", adapter.settings(), _learned(adapter)], values.items, adapter.modality)
        path = self.folder / f"{key}-{'x'.join(map(str, shape))}.npy"
        if not self._whole(path):
            header = _header(shape, adapter.grid_.dtype)
            self._write(path, chain([header], (chunk.tobytes() for chunk in adapter.grid_chunks(values))))
        return path

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give a folder on the cache's own disk, so that entries can be linked into it; gone at the end."""
        with tempfile.TemporaryDirectory(prefix=_temporary(), dir=self.folder) as folder:
            yield Path(folder)

    def _whole(self, path: Path) -> bool:
        """Tell whether an entry is there and as it was written; each process reads it once to be sure."""
        try:
            written = json.loads(_seal(path).read_text(encoding="utf-8"))
            os.utime(_seal(path))
            state = path.stat()
            mark = (path.name, state.st_mtime_ns, state.st_size)
            if mark not in _SEEN and written != {"bytes": state.st_size, "crc": _checksum(path)}:
                raise ValueError("content and checksum differ")
        except (OSError, ValueError):
            return False
        _SEEN.add(mark)
        return True

    def _write(self, path: Path, parts: Iterable[Any]) -> None:
        """Write an entry: content, then its seal, each aside first."""
        crc = size = 0
        with self._aside(path) as stream:
            for part in parts:
                stream.write(part)
                crc, size = zlib.crc32(part, crc), size + len(part)
        with self._aside(_seal(path)) as stream:
            stream.write(json.dumps({"bytes": size, "crc": crc}).encode())
        self._trim(path)

    @contextmanager
    def _aside(self, path: Path) -> Iterator[IO[bytes]]:
        with tempfile.NamedTemporaryFile(prefix=_temporary(), dir=self.folder, delete=False) as stream:
            try:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
                Path(stream.name).replace(path)
            except BaseException:
                Path(stream.name).unlink(missing_ok=True)
                raise

    def _trim(self, newest: Path) -> None:
        """Remove what dead processes left, then what was not used for longest, until the rest fits."""
        for leftover in self.folder.glob(".*-*"):
            if not _alive(leftover.name[1:].partition("-")[0]):
                shutil.rmtree(leftover, ignore_errors=True) if leftover.is_dir() else leftover.unlink(missing_ok=True)
        entries = sorted(((used.stat().st_mtime_ns, used) for used in self.folder.glob("*.json")), reverse=True)
        room = self.limit
        for _, seal in entries:
            content = seal.with_suffix("")
            room -= content.stat().st_size if content.exists() else 0
            if room < 0 and content != newest:
                seal.unlink(missing_ok=True)
                content.unlink(missing_ok=True)


def link(path: Path, folder: Path) -> Path:
    """Give an entry a second name in a folder of `Cache.scratch`, under which nobody removes it."""
    linked = folder / path.name
    if not linked.exists():
        os.link(path, linked)
    return linked


_SEEN: set[tuple[str, int, int]] = set()  # entries whose checksum this process has compared


def _seal(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _temporary() -> str:
    return f".{os.getpid()}-"


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _checksum(path: Path) -> int:
    crc = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            crc = zlib.crc32(block, crc)
    return crc


def _header(shape: tuple[int, ...], dtype: str) -> bytes:
    stream = io.BytesIO()
    described = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, described)
    return stream.getvalue()


@cache
def _code() -> str:
    """Hash this package's own code: what another version made is not taken for this one's."""
    (root,) = adapters.__path__
    total = hashlib.sha256()
    for module in sorted(Path(root).rglob("*.py")):
        total.update(module.read_bytes())
    return total.hexdigest()


def _key(what: list[Any], items: Sequence[Any], modality: str) -> str:
    total = hashlib.sha256(digest([_code(), *what]))
    for item in items:
        total.update(_identity(item, modality))
    return total.hexdigest()[:32]


def _identity(item: Any, modality: str) -> bytes:
    """Tell an item by its content, a file by its path, time and size."""
    if not isinstance(item, Path) and not (isinstance(item, str) and modality in READS_FILES):
        return digest(item)
    try:
        state = os.stat(item)
    except OSError:
        return digest([os.path.abspath(item), "absent"])
    return f"{os.path.abspath(item)}\0{state.st_mtime_ns}\0{state.st_size}\0".encode()


def _learned(adapter: Adapter) -> dict[str, Any]:
    learned = {name: value for name, value in sorted(vars(adapter).items()) if name.endswith("_")}
    return {name: value.to_json() if isinstance(value, GridSpec) else value for name, value in learned.items()}
