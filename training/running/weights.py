"""Weights of finished runs that a look inside may ask for: they spare it the training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from training.running.task import Task
from training.tuning.states import read_arrays, write_arrays

MOST = 2**28  # bytes of weights beside the grids


def keep_weights(task: Task, weights: Sequence[NDArray[Any]]) -> None:
    """Keep the weights of a network on the grid as it is, of the first repeat, while there is room.

    They lie beside the grids, and go with them. Where they are not there, the look trains the
    network again, with the same result: so a full disk is no reason to fail.
    """
    if task.run.arm != "original" or task.run.repeat:
        return
    path = _path(task)
    try:
        taken = sum(other.stat().st_size for other in path.parent.glob("*.npz"))
        if taken + sum(array.nbytes for array in weights) <= MOST:
            write_arrays(path, weights)
    except OSError:
        path.with_suffix(".tmp").unlink(missing_ok=True)


def kept_weights(task: Task) -> list[NDArray[Any]]:
    """Give the weights of a run; none if they were not kept."""
    return read_arrays(_path(task))


def _path(task: Task) -> Path:
    return task.grids.parent / f"{task.run.key}.npz"
