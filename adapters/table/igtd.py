"""Image generator for tabular data: distances between cells come to rank as those on the grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import rankdata

from adapters.grid import FloatArray

# Most steps, as published; and over how many of them the difference has to fall by which share: a hundred
# times the published one, for a tenth of the time and 0.4 % of the difference (400 cells).
MOST_STEPS, PATIENCE, LEAST_GAIN = 30_000, 300, 1e-3


def igtd(cells: FloatArray, height: int, width: int, seed: int) -> NDArray[np.int64]:
    """Place cells so that those that are alike over the items stand close.

    Both the Euclidean distances between cells over the training items and those between
    positions on the grid are ranked; from the columns' own order on, swaps of two cells
    lower the sum of the absolute differences of the ranks. Each step takes the cell that
    has waited longest, and its best swap if that is better than none. If the grid has more
    positions than there are cells, the last positions stay empty.

    Parameters
    ----------
    cells : ndarray, shape (items, cells)
    height, width, seed : int
        Nothing is drawn: ``seed`` has no effect.

    Returns
    -------
    ndarray of int, shape (cells,)
        Positions ``row * width + column``.

    References
    ----------
    Zhu et al. (2021). Converting tabular data into images for deep learning with
    convolutional neural networks. Scientific Reports 11, 11325.
    """
    count = cells.shape[1]
    wanted, ranks = rank_matrices(cells, width)
    holds = np.arange(count)  # position to cell
    waited = np.full(count, -1)
    left = [difference(ranks, wanted)]
    patience = max(PATIENCE, count)
    while len(left) <= MOST_STEPS and (len(left) <= patience or left[-1] < (1 - LEAST_GAIN) * left[-1 - patience]):
        position = int(waited.argmin())
        gains = swap_gains(ranks, wanted, position)
        other = int(gains.argmax())
        waited[position] = len(left)
        left.append(left[-1] - gains[other])
        if gains[other] > 0:
            pair, swapped = [position, other], [other, position]
            holds[pair], waited[pair] = holds[swapped], len(left)
            ranks[pair] = ranks[swapped]
            ranks[:, pair] = ranks[:, swapped]
    return np.argsort(holds)


def rank_matrices(cells: FloatArray, width: int) -> tuple[FloatArray, FloatArray]:
    """Rank the distances between positions, and between cells in the columns' order.

    Returns
    -------
    tuple of two ndarrays, shape (cells, cells)
        Symmetric, with zeros on the diagonal; ties share their mean rank.
    """
    positions = np.stack(np.divmod(np.arange(cells.shape[1]), width), axis=1)
    return squareform(rankdata(pdist(positions))), squareform(rankdata(pdist(cells.T)))


def difference(ranks: FloatArray, wanted: FloatArray) -> float:
    """Sum the absolute differences of the ranks over all pairs: what is to become small."""
    return float(np.abs(ranks - wanted).sum() / 2)


def swap_gains(ranks: FloatArray, wanted: FloatArray, position: int) -> FloatArray:
    """Tell by how much the difference falls if ``position`` swaps its cell with each other position."""
    theirs = cdist(ranks, wanted[[position]], "cityblock")[:, 0]  # their cell here
    ours = cdist(wanted, ranks[[position]], "cityblock")[:, 0]  # our cell there
    now = np.abs(ranks - wanted).sum(axis=1)
    here, want = ranks[position], wanted[position]
    # The two positions are no third ones: their own distance stays, and a diagonal is no distance.
    return np.asarray(now + now[position] - theirs - ours + 2 * (here + want - np.abs(here - want)))
