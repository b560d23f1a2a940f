"""Put a page on disk wholly or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def save(page: str, path: Path) -> Path:
    """Write a text file under a temporary name, then rename it; its folder is made if it does not exist.

    Raises
    ------
    OSError
        If the place cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(page)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    return path
