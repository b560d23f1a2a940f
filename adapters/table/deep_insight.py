"""DeepInsight: cells are placed as a map of their likeness over the items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError
from sklearn.decomposition import KernelPCA

from adapters.grid import FloatArray


def deep_insight(cells: FloatArray, height: int, width: int, seed: int) -> NDArray[np.int64]:
    """Place cells by kernel PCA of the transposed data, turned into its smallest rectangle.

    Cells that are alike over the training items stand close. The convex hull of the map
    has a rectangle of the smallest area around it; the map is turned until that stands
    upright, and stretched to the grid. Cells may fall on one position.

    Of the two published maps, kernel PCA and t-SNE, this is the one that draws nothing.

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
    Sharma et al. (2019). DeepInsight: A methodology to transform a non-image data to an
    image for convolution neural network architecture. Scientific Reports 9, 11399.
    """
    return to_pixels(upright(embedding(cells)), height, width)


def embedding(cells: FloatArray) -> FloatArray:
    """Map each cell to a point of the plane, by a Gaussian kernel; one or two cells to a line."""
    count = cells.shape[1]
    if count < 3:
        return np.stack([np.arange(float(count)), np.zeros(count)], axis=1)
    return np.asarray(KernelPCA(2, kernel="rbf", eigen_solver="dense").fit_transform(cells.T))


def upright(points: FloatArray) -> FloatArray:
    """Turn points so that the smallest rectangle around them has upright sides.

    One side of that rectangle lies along an edge of the convex hull (Freeman, Shapira 1975).

    Parameters
    ----------
    points : ndarray, shape (n, 2)

    Returns
    -------
    ndarray, shape (n, 2)
    """
    try:
        corners = points[ConvexHull(points).vertices]
    except (QhullError, ValueError):  # all on one line, or too few for a hull
        corners = points[[0, int(np.linalg.norm(points - points[0], axis=1).argmax())]]
    edges = np.roll(corners, -1, axis=0) - corners
    turns = [_rotation(-np.arctan2(y, x)) for x, y in edges]
    areas = [float(np.prod(np.ptp(corners @ turn.T, axis=0))) for turn in turns]
    return np.asarray(points @ turns[int(np.argmin(areas))].T)


def to_pixels(points: FloatArray, height: int, width: int) -> NDArray[np.int64]:
    """Stretch points to the grid, the largest second coordinate in the first row."""
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    share = (points - low) / np.where(size > 0, size, 1)
    columns = np.rint(share[:, 0] * (width - 1))
    rows = np.rint((1 - share[:, 1]) * (height - 1))
    return np.asarray(rows * width + columns, dtype=np.int64)


def _rotation(angle: float) -> FloatArray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
