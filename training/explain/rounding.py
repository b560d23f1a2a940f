"""Arrays as plain numbers of a few digits, and attributions of a size that a page can hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.grid import Attribution, Axis, FloatArray, redistribute

DIGITS = 6
MOST_CELLS = {1: 4096, 2: 256, 3: 48}  # along an axis, for relevance of so many axes


def rounded(values: FloatArray) -> list[Any]:
    """Nested lists of numbers with six significant digits.

    Examples
    --------
    >>> rounded(np.array([[1 / 3], [0.0]]))
    [[0.333333], [0.0]]
    """
    exact = np.asarray(values, dtype=float)
    sizes = np.floor(np.log10(np.abs(exact), out=np.zeros_like(exact), where=exact != 0))
    scale = 10.0 ** (DIGITS - 1 - sizes)
    # Through repr: 333333 / 1e6 has more digits than it should.
    plain: list[Any] = np.vectorize(lambda number: float(f"{number:.{DIGITS}g}"), otypes=[float])(
        np.round(exact * scale) / scale
    ).tolist()
    return plain


def shortened(found: Attribution, longest: int | None = None) -> Attribution:
    """Add up neighbours along axes that are longer than a page can show, or than ``longest``; named cells are kept."""
    axes, values = list(found.axes), found.values
    most = longest or MOST_CELLS.get(len(axes), MOST_CELLS[3])
    for dimension, axis in enumerate(axes):
        if axis.labels or axis.size <= most:
            continue
        edges = np.asarray(axis.edges)
        borders = edges[np.linspace(0, axis.size, most + 1).round().astype(int)]
        values = redistribute(values, dimension, edges, borders)
        axes[dimension] = Axis(axis.name, axis.unit, tuple(borders.tolist()))
    return Attribution(tuple(axes), values)
