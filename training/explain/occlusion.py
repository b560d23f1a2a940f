"""Relevance by taking parts of the item away."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from training.explain.subject import Subject, Traced

POSITIONS = {1: 64, 2: 16, 3: 6}  # windows along an axis, at most, for grids of so many axes


def occlusion(subject: Subject) -> Traced:
    """Measure how much the log-odds fall when a window of cells is replaced by the baseline.

    Windows overlap by half where they are longer than one cell. The fall is shared by the
    window's cells, and a cell has the mean of the windows that cover it.

    Returns
    -------
    Traced
        In log-odds.

    References
    ----------
    Zeiler, Fergus (2014). Visualizing and understanding convolutional networks. arXiv:1311.2901.
    """
    axes = max(1, sum(size > 1 for size in subject.spatial))
    windows = list(itertools.product(*(_windows(size, POSITIONS[axes]) for size in subject.spatial)))
    total, covered = np.zeros(subject.spatial), np.zeros(subject.spatial)
    whole = float(subject.scores(subject.x[None])[0])
    for first in range(0, len(windows), 64):
        part = windows[first : first + 64]
        masks = np.stack([_mask(subject.spatial, window) for window in part])
        falls = whole - subject.scores(subject.without(masks))
        for window, fall in zip(part, falls, strict=True):
            total[window] += fall / math.prod(span.stop - span.start for span in window)
            covered[window] += 1
    return subject.trace(total / covered)


def _windows(size: int, most: int) -> list[slice]:
    """Lay windows over an axis: single cells where there are few, else half overlapping ones."""
    if size <= most:
        return [slice(start, start + 1) for start in range(size)]
    step = math.ceil(size / most)
    return [slice(start, min(start + 2 * step, size)) for start in range(0, size - step, step)]


def _mask(spatial: tuple[int, ...], window: tuple[slice, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(spatial, dtype=bool)
    mask[window] = True
    return mask
