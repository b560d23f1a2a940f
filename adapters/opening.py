"""Files opened for reading, if they are files: nothing here waits for another program."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def regular(path: str | Path) -> tuple[int, int]:
    """Open a regular file.

    Parameters
    ----------
    path : path

    Returns
    -------
    tuple of (int, int)
        A descriptor, which the caller closes, and the bytes of the file.

    Raises
    ------
    OSError
        If it cannot be opened, or is a folder, a pipe or a device.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would wait for its writer
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return descriptor, status.st_size
    os.close(descriptor)
    raise OSError("it is a folder, a pipe or a device, not a file")
