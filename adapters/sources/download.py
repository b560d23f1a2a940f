"""Bring files of named data sets here, by pooch: whole and as they should be, or not at all."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pooch
import requests

from adapters.errors import DataError
from adapters.sources.archives import extract
from adapters.sources.files import TREE, Remote, tree

ATTEMPTS = 5
CHUNK = 2**14  # what a connection that breaks off may lose
TIMEOUT = (10.0, 60.0)  # seconds to connect, and between two pieces
PARTIAL, PACKED = ".part", ".download"
BEYOND_THE_END = 416  # the status of a range that begins where the file has ended


@dataclass(frozen=True)
class Resuming:
    """A downloader for pooch that goes on where the last attempt broke off.

    Parameters
    ----------
    partial : path
        Holds what has arrived so far; it gets another name when all has.
    """

    partial: Path

    def __call__(self, url: str, output_file: str | os.PathLike[str], pooch: Any) -> None:
        """Download ``url`` to ``output_file``; try again as long as something more arrives."""
        for attempt in range(ATTEMPTS):
            before = self._size()
            try:
                self._advance(url)
            except requests.HTTPError:
                raise
            except requests.RequestException:
                if attempt == ATTEMPTS - 1 or self._size() == before:
                    raise
            else:
                break
        os.replace(self.partial, output_file)

    def _size(self) -> int:
        return self.partial.stat().st_size if self.partial.exists() else 0

    def _advance(self, url: str) -> None:
        here = self._size()
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if response.status_code == BEYOND_THE_END:
                self.partial.unlink()
                raise requests.ConnectionError(f"{url} holds no more than the {here} bytes that are here")
            response.raise_for_status()
            mode = "ab" if response.status_code == requests.codes.partial_content else "wb"
            with self.partial.open(mode) as stream:
                for chunk in response.iter_content(CHUNK):
                    stream.write(chunk)


def fetch(remote: Remote, home: Path) -> Path:
    """Download one file, or one archive and unpack it.

    Parameters
    ----------
    remote : Remote
    home : path
        The folder of data sets.

    Returns
    -------
    path
        Where it lies: ``home / remote.path``. It is there whole, or not at all.

    Raises
    ------
    DataError
        If it cannot be had, is not what its checksum says, or cannot be written.
    """
    target = home / remote.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if remote.inside:
            _unpack(remote, _retrieve(remote, target.with_name(target.name + PACKED)), target)
        else:
            _retrieve(remote, target)
    except requests.HTTPError as error:
        status = f"{error.response.status_code} {error.response.reason}"
        raise _refusal(remote, target, f"received status {status}", "put the file there by hand") from error
    except requests.RequestException as error:
        kept = "the same command goes on from what has arrived" if remote.verified else "try again"
        raise _refusal(remote, target, f"the connection broke off ({error})", kept) from error
    except OSError as error:
        raise DataError(
            f"expected to write {target}, but: {error.strerror or error}; "
            "make room or give permission, or name another folder by GRIDZOO_DATA or --data-home"
        ) from error
    return target


def _retrieve(remote: Remote, target: Path) -> Path:
    partial = target.with_name(target.name + PARTIAL)
    if not remote.verified:
        partial.unlink(missing_ok=True)  # without a checksum nobody would see two halves of different files
    known = None if remote.checksum.startswith(TREE) or not remote.verified else remote.checksum
    try:
        pooch.retrieve(remote.url, known, fname=target.name, path=target.parent, downloader=Resuming(partial))
    except ValueError as error:  # what pooch raises where the checksum differs; requests' errors are OSErrors too
        if isinstance(error, OSError):
            raise
        raise _refusal(remote, target, f"received another file ({error})", "try again; nothing was kept") from error
    return target


def _unpack(remote: Remote, archive: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as temporary:
        made = Path(temporary, target.name)
        made.mkdir()
        try:
            extract(archive, remote.inside, made)
            if remote.checksum.startswith(TREE) and (found := tree(made)) != remote.checksum:
                raise _refusal(remote, target, f"received other files ({found})", "try again; nothing was kept")
        except DataError:
            archive.unlink()
            raise
        try:
            os.replace(made, target)
        except OSError:
            if not target.is_dir():
                raise  # otherwise another process was faster, with the same files
    archive.unlink(missing_ok=True)


def _refusal(remote: Remote, target: Path, received: str, step: str) -> DataError:
    return DataError(
        f"{target}: expected {remote.url} with checksum {remote.checksum}, {received}; {step}, "
        "or set GRIDZOO_DATA or --data-home to a folder that holds it"
    )
