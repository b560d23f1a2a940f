"""What trials need to go on, in files of bounded size: lost ones are trained again."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 2**30  # bytes of states that a search keeps


def write_arrays(path: Path, arrays: Sequence[NDArray[Any]]) -> None:
    """Write arrays into an ``.npz`` file, whole or not at all."""
    with path.with_suffix(".tmp").open("wb") as stream:
        np.savez(stream, *arrays)
    path.with_suffix(".tmp").replace(path)


def read_arrays(path: Path) -> list[NDArray[Any]]:
    """Give the arrays of a file; none if it is gone or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return [file[f"arr_{i}"] for i in range(len(file.files))]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return []


@dataclass(frozen=True)
class States:
    """Weights and optimizer of each trial at the end of its last leg, one ``.npz`` file a trial.

    Parameters
    ----------
    folder : path
        Scratch space that all processes of a search see. Where they do not, or where a
        file is gone, a trial begins anew, with the same result.
    """

    folder: Path

    def save(self, trial: int, rung: int, state: Sequence[NDArray[Any]]) -> None:
        """Keep a state in place of the trial's earlier one."""
        write_arrays(self._path(trial), [np.asarray(rung), *state])

    def load(self, trial: int) -> tuple[int, list[NDArray[Any]]]:
        """Give the rung that a trial has finished, and its state there; -1 and nothing if it is not known."""
        arrays = read_arrays(self._path(trial))
        return (int(arrays[0]), arrays[1:]) if arrays else (-1, [])

    def trim(self, best_first: Sequence[int]) -> None:
        """Forget trials that are not listed, and the last of the list once there are too many bytes."""
        paths = [self._path(trial) for trial in best_first]
        sizes = {path: path.stat().st_size for path in self.folder.glob("trial-*.npz")}
        total = 0
        for path in [*paths, *(path for path in sizes if path not in set(paths))]:
            total += sizes.get(path, 0)
            if total > MOST or path not in paths:
                path.unlink(missing_ok=True)

    def _path(self, trial: int) -> Path:
        return self.folder / f"trial-{trial}.npz"
