"""Where the cells of a table go on a grid: as they come, shuffled, or correlated ones side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from adapters.grid import FloatArray
from adapters.table.deep_insight import deep_insight
from adapters.table.igtd import igtd

Places = NDArray[np.int64]


def given(cells: FloatArray, height: int, width: int, seed: int) -> Places:
    """Place the cells in the columns' order, row by row.

    Every placement takes the training items' ``cells``, shape (items, cells), and gives
    for each cell a position ``row * width + column``.
    """
    return np.arange(cells.shape[1])


def at_random(cells: FloatArray, height: int, width: int, seed: int) -> Places:
    """Place the cells on positions drawn by ``seed``."""
    return np.random.default_rng(seed).permutation(height * width)[: cells.shape[1]]


def by_correlation(cells: FloatArray, height: int, width: int, seed: int) -> Places:
    """Place the cells in an order in which correlated ones are neighbours, in a snake.

    The order is the optimal one of the leaves of an average-linkage clustering with the
    distance 1 − abs(r), r being Pearson's correlation over the training items. Every second
    row of the grid runs backwards, so that neighbours in the order are neighbours on it.

    References
    ----------
    Bar-Joseph, Gifford, Jaakkola (2001). Fast optimal leaf ordering for hierarchical
    clustering. Bioinformatics 17, S22–S29.
    """
    count = cells.shape[1]
    snake = np.arange(height * width).reshape(height, width)
    snake[1::2] = snake[1::2, ::-1]
    places = np.empty(count, dtype=np.int64)
    places[_leaf_order(cells)] = snake.ravel()[:count]
    return places


def _leaf_order(cells: FloatArray) -> Places:
    count = cells.shape[1]
    if count < 3:
        return np.arange(count)
    centred = cells - cells.mean(axis=0)
    norms = np.linalg.norm(centred, axis=0)
    units = centred / np.where(norms > 0, norms, 1)  # a constant cell correlates with none
    distances = 1 - np.minimum(np.abs(units.T @ units), 1)
    tree = linkage(squareform(distances, checks=False), method="average", optimal_ordering=True)
    return leaves_list(tree).astype(np.int64)


PLACEMENTS: dict[str, Callable[[FloatArray, int, int, int], Places]] = {
    "given": given,
    "random": at_random,
    "correlation": by_correlation,
    "igtd": igtd,
    "deepinsight": deep_insight,
}
