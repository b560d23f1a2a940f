"""Drawings of X and O as strokes, varied as hands vary them, and their grids of ink.

A drawing is a list of strokes, a stroke an array of points ``(n, 2)`` (column, row), with
the paper's middle at (0, 0) and a half width of 1. The page of lessons draws by the same
formula (``reports/learn/assets/strokes.js``), so that its grids are those trained on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]
SIZE = 28  # cells of a side
CLASSES = ("O", "X")
HAND = 0.1  # standard deviation of what a hand does by itself, in half widths of the paper


@dataclass(frozen=True)
class Look:
    """How a drawing is put on paper.

    Parameters
    ----------
    across, down : float
        Shift in cells.
    turn : float
        Degrees, clockwise.
    scale : float
        1 fills three fifths of the paper.
    weight : float
        Width of the pen in cells.
    shade : float
        Ink from 0, none, to 1, black.
    """

    across: float = 0.0
    down: float = 0.0
    turn: float = 0.0
    scale: float = 1.0
    weight: float = 2.5
    shade: float = 1.0


# Field of Look: the range that is trained on, and the range that is measured.
TRAINED = {
    "across": (-5.0, 5.0),
    "down": (-5.0, 5.0),
    "turn": (-30.0, 30.0),
    "scale": (0.4, 1.4),
    "weight": (1.0, 6.0),
    "shade": (0.2, 1.0),
}
MEASURED = {
    "across": (-16.0, 16.0),
    "down": (-16.0, 16.0),
    "turn": (-90.0, 90.0),
    "scale": (0.1, 2.5),
    "weight": (0.5, 14.0),
    "shade": (0.02, 1.0),
}


def strokes(label: str, rng: np.random.Generator) -> list[Stroke]:
    """Draw an X or an O by an unsteady hand."""
    if label == "X":
        ends = np.array([[[-1, -1], [1, 1]], [[1, -1], [-1, 1]]], float) * 0.55
        ends += rng.normal(0, HAND, ends.shape)
        steps = np.linspace(0, 1, 7)[:, None]
        bend = np.sin(np.pi * steps) * rng.normal(0, HAND / 2, (2, 1, 2))
        return [first + steps * (last - first) + bow for (first, last), bow in zip(ends, bend, strict=True)]
    start, gap = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.25)
    angle = start + np.linspace(0, 2 * np.pi - gap, 25)
    radius = 0.6 * (1 + rng.normal(0, HAND) * np.cos(2 * angle) + rng.normal(0, HAND / 2) * np.sin(3 * angle))
    squeeze = rng.uniform(0.75, 1.0)
    return [np.stack([squeeze * radius * np.cos(angle), radius * np.sin(angle)], axis=1)]


def grid(drawing: list[Stroke], look: Look) -> NDArray[np.float32]:
    """Put a drawing on paper: the ink of each cell, from 0 to 1, shape ``(28, 28)``.

    Ink falls off over one cell at the edge of a stroke, as on a screen.
    """
    angle = np.deg2rad(look.turn)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shift = np.array([look.across, look.down]) + SIZE / 2
    middles = np.arange(SIZE) + 0.5
    cells = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 1, 2)
    nearest = np.full(len(cells), np.inf)
    for stroke in drawing:
        points = stroke * look.scale * (SIZE / 2) @ turn + shift
        first, step = points[:-1], np.diff(points, axis=0)
        length = np.maximum((step**2).sum(axis=1), 1e-12)
        along = np.clip(((cells - first) * step).sum(axis=2) / length, 0, 1)
        distance = np.hypot(*np.moveaxis(cells - first - along[..., None] * step, 2, 0))
        nearest = np.minimum(nearest, distance.min(axis=1))
    ink = look.shade * np.clip(look.weight / 2 + 0.5 - nearest, 0, 1)
    return ink.reshape(SIZE, SIZE).astype(np.float32)


def any_look(rng: np.random.Generator) -> Look:
    """Draw a look from all trained ranges at once."""
    return Look(**{name: rng.uniform(*ends) for name, ends in TRAINED.items()})


def drawings(count: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """Make grids of both classes in turn, varied in everything at once.

    Returns
    -------
    grids : ndarray of float32, shape ``(count, 28, 28)``
    labels : ndarray of str, shape ``(count,)``
    """
    rng = np.random.default_rng(seed)
    labels = np.array([CLASSES[i % 2] for i in range(count)])
    return np.stack([grid(strokes(label, rng), any_look(rng)) for label in labels]), labels
