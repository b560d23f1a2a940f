"""Unpack archives from strangers: nothing outside the folder, no links, no more than was to be expected."""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from adapters.errors import DataError

MOST_FILES = 250_000
MOST_EXPANSION = 100  # times the archive's size; text shrinks to a fifth, pictures and sounds to a half
SLACK = 2**20  # bytes beyond that, for small archives
CHUNK = 2**18
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, NotImplementedError)


@dataclass(frozen=True)
class Member:
    """An entry of an archive."""

    name: str
    is_folder: bool
    is_file: bool
    open: Callable[[], IO[bytes] | None]


def extract(archive: Path, inside: str, folder: Path) -> None:
    """Unpack the files below ``inside`` into ``folder``.

    Parameters
    ----------
    archive : path
        A zip file, or a tar file, compressed or not.
    inside : str
        A folder in the archive; ``"."`` is all of it.
    folder : path
        Exists, and is empty. After an error it holds what was unpacked so far.

    Raises
    ------
    DataError
        If the archive is damaged or has no such folder; if a name in it leads out of the
        folder, or a file wanted is a link or device; if it grows to more than 100 times
        its size, or holds more than 250,000 entries.
    OSError
        If a file cannot be written.
    """
    wanted = PurePosixPath(inside)
    budget = MOST_EXPANSION * archive.stat().st_size + SLACK
    found = False
    try:
        for number, member in enumerate(_members(archive)):
            if number >= MOST_FILES:
                raise DataError(f"{archive.name}: expected at most {MOST_FILES:,} files in it, got more; not unpacked")
            path = _inner(archive, member, folder)
            if member.is_folder or not path.is_relative_to(wanted):
                continue
            if not member.is_file:
                raise DataError(f"{archive.name}: expected files, got the link or device {member.name!r}; not unpacked")
            budget -= _write(member, folder / path.relative_to(wanted), archive, budget)
            found = True
    except (*DAMAGED, zipfile.LargeZipFile) as error:
        raise DataError(f"{archive.name}: expected a whole archive, got {error}; download it again") from error
    if not found:
        raise DataError(f"{archive.name}: expected a folder {inside!r} in it, found none; download it again")


def _members(archive: Path) -> Iterator[Member]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                kind = stat.S_IFMT(info.external_attr >> 16)  # 0 where the archive was not made on Unix
                yield Member(info.filename, info.is_dir(), kind in (0, stat.S_IFREG), partial(opened.open, info))
    else:
        with tarfile.open(archive) as packed:
            for entry in packed:
                yield Member(entry.name, entry.isdir(), entry.isreg(), partial(packed.extractfile, entry))


def _inner(archive: Path, member: Member, folder: Path) -> PurePosixPath:
    path = PurePosixPath(member.name)
    outside = not (folder / path).resolve().is_relative_to(folder.resolve())
    if outside or ".." in path.parts or "\\" in member.name:
        raise DataError(
            f"{archive.name}: expected names below its folder, got {member.name!r}; not unpacked, report it there"
        )
    return path


def _write(member: Member, target: Path, archive: Path, budget: int) -> int:
    """Copy a member, and count what it really holds, whatever its header says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source, written = member.open(), 0
    assert source is not None, "only links and folders have no content"
    with source, target.open("wb") as stream:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > budget:
                raise DataError(
                    f"{archive.name}: expected files of at most {MOST_EXPANSION} times its size, got more; not unpacked"
                )
            stream.write(chunk)
    return written
