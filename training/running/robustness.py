"""How a trained network fares on test grids that are changed in ways that leave the label alone.

What is meaningful follows from what the adapter declares: where the place along an axis does
not matter, a shift does not; along time a stretch neither; where neither place in a picture
matters, a small turn or another size. Grids are standardised, so brightness and noise are in
standard deviations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from training.records import Strain
from training.running.task import Task

Predict = Callable[[NDArray[Any]], NDArray[Any]]
Change = Callable[[NDArray[Any], float], NDArray[Any]]
PICTURE = ("row", "column")
SHIFTS = (0.05, 0.1, 0.2)  # of an axis' length


@dataclass(frozen=True)
class Kind:
    """A way to change grids: its name, the unit of its strengths, the strengths, and how."""

    name: str
    unit: str
    strengths: tuple[float, ...]
    change: Change


def kinds(declared: Sequence[str], axes: Sequence[str], sizes: Sequence[int]) -> list[Kind]:
    """List what an adapter's declared augmentations make meaningful on a grid with these axes and sizes."""
    loose = [axis for axis in axes if f"shift:{axis}" in declared]
    found = [
        Kind(f"shift along {axis}", "cells", _steps(size), partial(_shift, dimension=1 + list(axes).index(axis)))
        for axis, size in zip(axes, sizes, strict=True)
        if axis in loose
    ]
    if "time" in loose:
        found.append(Kind("time stretch", "times as long", (0.8, 0.9, 1.1, 1.25), _stretch_on(axes, ["time"])))
    if tuple(axes) == PICTURE and set(loose) == set(PICTURE):
        found.append(Kind("rotation", "degrees", (5.0, 10.0, 20.0), _rotate))
        found.append(Kind("scale", "times as large", (0.8, 0.9, 1.1, 1.25), _stretch_on(axes, PICTURE)))
        found.append(Kind("brightness", "standard deviations", (-0.5, -0.25, 0.25, 0.5), _brighten))
    if loose:
        found.append(Kind("noise", "standard deviations", (0.1, 0.3, 1.0), _noise))
    return found


def is_asked(task: Task) -> bool:
    """Tell whether a run's network is to be tested on changed grids, and any change is meaningful.

    In the original arm alone: shuffled cells have no place to shift along. Ids have none either.
    """
    loose = any(f"shift:{axis}" in task.augmentations for axis in task.axes)
    plain = task.run.kind == "cnn" and task.run.arm == "original" and not task.vocabulary_size
    return task.robustness and plain and loose


def strains(
    predict: Predict, x: NDArray[Any], truth: NDArray[Any], declared: Sequence[str], axes: Sequence[str]
) -> Iterator[Strain]:
    """Predict changed test grids, one strength after another.

    Parameters
    ----------
    predict : callable
        Gives the logits of standardised grids.
    x : ndarray, shape ``(n, *spatial, channels)``
    truth : ndarray of int, shape (n,)
    declared, axes : sequence of str
        The adapter's augmentations, the names of the grid's axes.
    """
    for kind in kinds(declared, axes, x.shape[1 : 1 + len(axes)]):
        for strength in kind.strengths:
            right = predict(kind.change(x, strength)).argmax(1) == truth
            yield Strain(kind.name, strength, kind.unit, int(right.sum()), len(truth))


def _steps(size: int) -> tuple[float, ...]:
    """Whole cells, up to a fifth of the axis."""
    return tuple(sorted({float(max(1, round(share * size))) for share in SHIFTS}))


def _shift(x: NDArray[Any], strength: float, dimension: int) -> NDArray[Any]:
    """Move every second grid forwards, the others backwards; edge values fill the gap."""
    size = x.shape[dimension]
    by = round(strength)
    cells = np.arange(size)
    out = x.copy()
    for start, sign in ((0, 1), (1, -1)):
        out[start::2] = np.take(x[start::2], np.clip(cells - sign * by, 0, size - 1), axis=dimension)
    return out


def _stretch_on(axes: Sequence[str], stretched: Sequence[str]) -> Change:
    return partial(_stretch, dimensions=[1 + list(axes).index(axis) for axis in stretched])


def _stretch(x: NDArray[Any], strength: float, dimensions: Sequence[int]) -> NDArray[Any]:
    """Enlarge about the middle, by linear interpolation; edge values fill what is left."""
    factors = np.ones(x.ndim)
    factors[list(dimensions)] = 1 / strength
    middle = (np.array(x.shape) - 1) / 2
    return _float32(ndimage.affine_transform(x, factors, middle * (1 - factors), order=1, mode="nearest"))


def _rotate(x: NDArray[Any], strength: float) -> NDArray[Any]:
    """Turn every second grid clockwise, the others counter-clockwise."""
    out = x.copy()
    for start, sign in ((0, 1), (1, -1)):
        turned = ndimage.rotate(x[start::2], sign * strength, axes=(1, 2), reshape=False, order=1, mode="nearest")
        out[start::2] = turned
    return out


def _brighten(x: NDArray[Any], strength: float) -> NDArray[Any]:
    return _float32(x + strength)


def _noise(x: NDArray[Any], strength: float) -> NDArray[Any]:
    return _float32(x + strength * np.random.default_rng(0).standard_normal(x.shape))


def _float32(x: NDArray[Any]) -> NDArray[Any]:
    return x.astype(np.float32)
