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
        path = self._path(trial)
        with path.with_suffix(".tmp").open("wb") as stream:
            np.savez(stream, np.asarray(rung), *state)
        path.with_suffix(".tmp").replace(path)

    def load(self, trial: int) -> tuple[int, list[NDArray[Any]]]:
        """Give the rung that a trial has finished, and its state there; -1 and nothing if it is not known."""
        try:
            with np.load(self._path(trial), allow_pickle=False) as file:
                return int(file["arr_0"]), [file[f"arr_{i}"] for i in range(1, len(file.files))]
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return -1, []

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
