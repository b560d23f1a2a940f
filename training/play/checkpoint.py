"""A training under way, on disk: wholly there or not at all, and nothing in it is code."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
STATE = "state.json"


def save(path: Path, state: dict[str, Any], arrays: Arrays) -> None:
    """Write state and arrays as one file, under a temporary name first.

    Raises
    ------
    OSError
        If it cannot be written; the file before it stays.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            text = np.frombuffer(json.dumps(state).encode(), np.uint8)
            own: dict[str, Any] = {STATE: text, **arrays}
            np.savez(stream, **own)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def load(path: Path) -> tuple[dict[str, Any], Arrays] | None:
    """Read what `save` wrote; None if there is none, or if it is damaged (the training then begins anew)."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return json.loads(arrays.pop(STATE).tobytes()), arrays
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
