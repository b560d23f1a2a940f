"""The folder in which the files of named data sets lie, and to which they are downloaded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from adapters.errors import DataError
from adapters.sources.files import Remote, below

VARIABLE = "GRIDZOO_DATA"


def find(data_home: Path | None, relative: str, remotes: Sequence[Remote] = ()) -> Path:
    """Find a file or folder of a named data set; download it where it is not.

    Parameters
    ----------
    data_home : path or None
        Looked into first, and downloaded to. None is the folder that the environment
        variable ``GRIDZOO_DATA`` names; without it the platform's folder for user data,
        which is looked into in any case.
    relative : str
        Such as ``"fsdd/recordings"``. A file may lie there compressed, as ``….gz``.
    remotes : sequence of Remote, optional
        What makes it up; by default what the table of files says.

    Raises
    ------
    DataError
        If it is neither there nor can be downloaded: says what was looked for, and
        where to put it.
    """
    import platformdirs

    told = data_home or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    own = Path(platformdirs.user_data_dir("gridzoo"))
    homes = [told.expanduser(), own] if told else [own]
    parts = tuple(remotes) or below(relative)
    names = [remote.path for remote in parts] or [relative]
    for home in homes:
        if all(_there(home / name) for name in names):
            return _there(home / relative) or home / relative
    if not parts:
        raise DataError(
            f"expected {relative} in {' or '.join(map(str, homes))} and found nothing; "
            f"put it there, or set {VARIABLE} or --data-home to the folder that holds it"
        )
    from adapters.sources.download import fetch

    for remote in parts:
        if not _there(homes[0] / remote.path):
            fetch(remote, homes[0])
    return _there(homes[0] / relative) or homes[0] / relative


def _there(path: Path) -> Path | None:
    """Give the path that exists: itself, or compressed."""
    return next((found for found in (path, path.with_name(path.name + ".gz")) if found.exists()), None)
