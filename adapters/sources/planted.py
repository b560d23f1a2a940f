"""Pictures whose structure is known, since it was planted: local, global, or none.

Two classes of pictures of noise. In ``local`` ones short strokes lie somewhere: level in
one class, upright in the other. In ``global`` ones a wave crosses the whole picture, with
random phase: along the rows in one class, along the columns in the other. No cell by
itself tells the classes apart in either, its neighbours or its far relations do. In
``none`` every cell is a little brighter in one class or in the other, at random: cells tell
the classes apart, where they lie says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError

Grids = NDArray[np.float64]
SIZE, ITEMS = 12, 1000
STROKE = 4  # cells
STROKES = 6  # a picture
RANGE = 8.0  # deviations of noise between black and white


def _local(rng: np.random.Generator, upright: NDArray[np.bool_], size: int) -> Grids:
    signal = np.zeros((len(upright), size, size))
    for grid, stands in zip(signal, upright, strict=True):
        target = grid.T if stands else grid
        for across, start in rng.integers(0, size, (STROKES, 2)):
            # What leaves on one side comes in on the other: every cell is covered as often.
            target[across, (start + np.arange(STROKE)) % size] = 2.0
    return signal


def _global(rng: np.random.Generator, upright: NDArray[np.bool_], size: int) -> Grids:
    phase = rng.uniform(0, 2 * np.pi, (len(upright), 1))
    wave = np.sin(2 * np.pi * np.arange(size) / size + phase)[:, None, :]
    waves = np.broadcast_to(wave, (len(upright), size, size))
    return np.where(upright[:, None, None], waves, waves.transpose(0, 2, 1))


def _none(rng: np.random.Generator, upright: NDArray[np.bool_], size: int) -> Grids:
    pattern = rng.normal(0, 1 / size, (size, size))
    return np.where(upright[:, None, None], pattern, -pattern)


KINDS: dict[str, Callable[[np.random.Generator, NDArray[np.bool_], int], Grids]] = {
    "local": _local,
    "global": _global,
    "none": _none,
}


def planted(kind: str, items: int = ITEMS, strength: float = 1.0, size: int = SIZE, seed: int = 0) -> Dataset:
    """Make pictures with a planted structure.

    Parameters
    ----------
    kind : {"local", "global", "none"}
    items : int
        At least 4; half of each class.
    strength : float
        Of the signal; noise has deviation 1. At 0 nothing tells the classes apart.
    size : int
        Rows and columns, at least 2.
    seed : int

    Returns
    -------
    Dataset
        Grey values from 0 to 1.

    Raises
    ------
    DataError
        If a dial is out of range.

    Examples
    --------
    >>> planted("local", items=10, size=8).counts
    {'level': 5, 'upright': 5}
    """
    if kind not in KINDS or items < 4 or size < 2 or strength < 0:
        raise DataError(
            f"planted: expected a kind of {', '.join(KINDS)}, 4 items, 2 cells and a strength of 0 at least, "
            f"got {kind!r}, {items}, {size}, {strength}"
        )
    rng = np.random.default_rng([seed, list(KINDS).index(kind), items, size])
    upright = rng.permutation(items) % 2 == 1
    grids = strength * KINDS[kind](rng, upright, size) + rng.normal(size=(items, size, size))
    pictures = np.clip(0.5 + grids / RANGE, 0, 1).astype(np.float32)
    title = f"Noise with {kind if kind != 'none' else 'no'} structure planted, {size} × {size}, strength {strength:g}"
    return Dataset(
        f"planted-{kind}",
        "image",
        list(pictures),
        np.where(upright, "upright", "level"),
        Provenance(title, f"made by gridzoo, seed {seed}", "Apache-2.0", synthetic=True),
        adapter={"name": "image", "height": size, "width": size, "channels": "grey"},
    )


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Make ``planted-local``, ``planted-global`` or ``planted-none``."""
    return planted(name.removeprefix("planted-"), seed=seed)
