"""The files of named data sets: where each comes from, and what it must hold (``files.csv``)."""

from __future__ import annotations

import csv
import functools
import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

TREE = "tree:"  # a checksum of the files in a folder, for archives whose own bytes change


@dataclass(frozen=True)
class Remote:
    """A file, or a folder that an archive holds.

    Parameters
    ----------
    path : str
        Where it lies in a folder of data sets, such as ``"fsdd/recordings"``.
    checksum : str
        ``sha256:…`` or ``md5:…`` of what the address gives; ``tree:…`` of the folder
        (see `tree`); or ``none`` where nobody has published one.
    url : str
    inside : str
        The folder of the archive that becomes ``path``; empty for a plain file.
    """

    path: str
    checksum: str
    url: str
    inside: str = ""

    @property
    def verified(self) -> bool:
        """Whether a checksum is known."""
        return self.checksum != "none"


@functools.cache
def remotes() -> tuple[Remote, ...]:
    """Read the table of files."""
    text = resources.files("adapters.sources").joinpath("files.csv").read_text(encoding="utf-8")
    return tuple(Remote(**row) for row in csv.DictReader(text.splitlines()))


def below(path: str) -> tuple[Remote, ...]:
    """List the files that make up ``path``: itself, or all in it."""
    return tuple(remote for remote in remotes() if remote.path == path or remote.path.startswith(f"{path}/"))


def tree(folder: Path) -> str:
    r"""Hash a folder: SHA-256 of its lines ``name\0sha256\n``, sorted by name.

    Returns
    -------
    str
        ``tree:`` and 64 hexadecimal digits. The archives that GitHub makes of a commit
        may be compressed anew at any time; the files in them stay the same.
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return TREE + total.hexdigest()
