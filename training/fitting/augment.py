"""Transformations of training grids that an adapter declares label-preserving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.errors import ExperimentError, nearest

Augmentation = Callable[[NDArray[Any], np.random.Generator], NDArray[Any]]
SHIFT = 0.1  # of the axis' length, either way
MASK = 0.2  # of the axis' length


def _shift(dimension: int) -> Augmentation:
    """Move each grid along one axis by up to a tenth of it; its edge values fill the gap."""

    def apply(x: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
        size = x.shape[dimension]
        most = int(size * SHIFT)
        offsets = rng.integers(-most, most + 1, size=len(x))
        cells = np.clip(np.arange(size)[None, :] - offsets[:, None], 0, size - 1)
        index = cells.reshape(len(x), *(size if d == dimension else 1 for d in range(1, x.ndim)))
        moved: NDArray[Any] = np.take_along_axis(x, index, axis=dimension)
        return moved

    return apply


def _flip(dimension: int) -> Augmentation:
    """Mirror every second grid, drawn at random, along one axis."""

    def apply(x: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
        chosen = rng.random(len(x)) < 0.5
        out = x.copy()
        out[chosen] = np.flip(x[chosen], axis=dimension)
        return out

    return apply


def _mask(dimension: int) -> Augmentation:
    """Blank a stretch of each grid along one axis, up to a fifth of it (SpecAugment, Park et al. 2019).

    Grids are standardised, so that 0 is the channel's mean.
    """

    def apply(x: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
        size = x.shape[dimension]
        widths = rng.integers(0, int(size * MASK) + 1, size=len(x))
        starts = (rng.random(len(x)) * (size - widths + 1)).astype(int)
        cells = np.arange(size)[None, :]
        kept = (cells < starts[:, None]) | (cells >= (starts + widths)[:, None])
        shape = (len(x), *(size if d == dimension else 1 for d in range(1, x.ndim)))
        masked: NDArray[Any] = x * kept.reshape(shape).astype(x.dtype)
        return masked

    return apply


def _noise(x: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """Add a twentieth of a standard deviation of white noise (grids are standardised)."""
    noisy: NDArray[Any] = x + np.float32(0.05) * rng.standard_normal(x.shape, dtype=np.float32)
    return noisy


ON_AXIS: dict[str, Callable[[int], Augmentation]] = {"shift": _shift, "flip": _flip, "mask": _mask}


def augmentations_for(names: Sequence[str], axes: Sequence[str]) -> list[Augmentation]:
    """Look up an adapter's declared augmentations.

    Parameters
    ----------
    names : sequence of str
        ``"noise"``, ``"shift:<axis>"``, ``"flip:<axis>"`` or ``"mask:<axis>"``.
    axes : sequence of str
        Names of the grid's axes, in order.

    Raises
    ------
    ExperimentError
        If a name or its axis is unknown.
    """
    found: list[Augmentation] = []
    for name in names:
        kind, _, axis = name.partition(":")
        if name == "noise":
            found.append(_noise)
        elif kind in ON_AXIS and axis in axes:
            found.append(ON_AXIS[kind](1 + list(axes).index(axis)))
        else:
            known = ["noise", *(f"{k}:{a}" for k in ON_AXIS for a in axes)]
            raise ExperimentError(f"augmentation {name!r}: unknown; {nearest(name, known)}")
    return found
