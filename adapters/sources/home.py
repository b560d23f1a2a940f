"""The folder in which the files of named data sets lie."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.errors import DataError

VARIABLE = "GRIDZOO_DATA"


def find(data_home: Path | None, relative: str) -> Path:
    """Find a file or folder of a named data set.

    Parameters
    ----------
    data_home : path or None
        None is the folder that the environment variable ``GRIDZOO_DATA`` names.
    relative : str
        Such as ``"fsdd/recordings"``.

    Raises
    ------
    DataError
        If it is not there: says what was looked for, and where to put it.
    """
    told = data_home or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if told is None:
        raise DataError(
            f"expected {relative} in a folder of data sets, but none is named; "
            f"set {VARIABLE} or --data-home to the folder that holds it"
        )
    path = told.expanduser() / relative
    if not path.exists():
        raise DataError(
            f"expected {relative} in {told}, looked for {path} and found nothing; "
            f"put it there, or set {VARIABLE} or --data-home to the folder that holds it"
        )
    return path
