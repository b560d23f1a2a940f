"""One item, one class, one network: what every method of relevance is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, softmax

from adapters.base import Adapter
from adapters.grid import Attribution, FloatArray
from training.errors import ExperimentError, nearest
from training.explain.lens import Array, Lens
from training.fitting.predictor import Predictor


@dataclass(frozen=True)
class Traced(Attribution):
    """Relevance in the coordinates of the source item, with the cells it came from.

    Parameters
    ----------
    axes, values
        As for `adapters.grid.Attribution`.
    cells : ndarray, shape ``grid_.spatial``
        Relevance of the grid's cells.
    """

    cells: FloatArray


@dataclass(frozen=True)
class Subject:
    """One item and one class, as a network meets them.

    The score that is explained is the class's log-odds, log p − log(1 − p): a network's
    logits are defined only up to a constant, and what speaks against the other classes
    speaks for this one.

    Parameters
    ----------
    lens : Lens
    adapter : Adapter
        Fitted.
    item : object
        Raw.
    x : ndarray, shape ``lens.shape``
        What the network reads: the scaled grid, or the vectors of its ids.
    baseline : ndarray, shape ``lens.shape``
        What stands for "nothing there": zero, which is the training items' mean of each channel
        unless the recipe scales otherwise; the vector of padding for ids.
    target : int
        The class.
    seed : int
        Decides noise and random orders.
    """

    lens: Lens
    adapter: Adapter
    item: Any
    x: Array
    baseline: Array
    target: int
    seed: int = 0

    @classmethod
    def of(cls, lens: Lens, predictor: Predictor, item: Any, target: str | None = None, seed: int = 0) -> Subject:
        """Prepare an item as the predictor would.

        Parameters
        ----------
        target : str, optional
            A class; the predicted one by default.

        Raises
        ------
        ExperimentError
            If there is no such class.
        adapters.errors.DataError
            If the item cannot become a grid.
        """
        grids = predictor.scaler(predictor.adapter.transform([item]))
        x, nothing = lens.vectors(np.concatenate([grids, np.zeros_like(grids)]))
        if target is not None and target not in predictor.classes:
            raise ExperimentError(f"class to explain: got {target!r}; {nearest(target, predictor.classes)}")
        chosen = int(lens.logits(x[None])[0].argmax()) if target is None else predictor.classes.index(target)
        return cls(lens, predictor.adapter, item, x, nothing, chosen, seed)

    @property
    def spatial(self) -> tuple[int, ...]:
        """Sizes of the grid's axes."""
        return self.lens.spatial

    def random(self) -> np.random.Generator:
        """Start the sequence of random numbers that the seed decides."""
        return np.random.default_rng(self.seed)

    def noisy(self, copies: int, share: float) -> Array:
        """Make copies with normal noise, its deviation a share of the input's range."""
        deviation = share * float(self.x.max() - self.x.min())
        noise = self.random().normal(0, deviation, (copies, *self.x.shape))
        return (self.x + noise).astype(np.float32)

    def without(self, masks: NDArray[np.bool_]) -> Array:
        """Replace the cells of each mask by the baseline; ``masks`` has shape ``(n, *spatial)``."""
        return np.where(masks[..., None], self.baseline, self.x)

    def scores(self, x: Array) -> FloatArray:
        """Give the log-odds of the class."""
        logits = self.lens.logits(x).astype(float)
        others = np.delete(logits, self.target, axis=1)
        return np.asarray(logits[:, self.target] - logsumexp(others, axis=1))

    def probabilities(self, x: Array) -> FloatArray:
        """Give the probabilities of the class."""
        return np.asarray(softmax(self.lens.logits(x).astype(float), axis=1)[:, self.target])

    def gradients(self, x: Array) -> Array:
        """Give the gradients of the log-odds."""
        return self.lens.gradients(x, self.target)

    def trace(self, cells: FloatArray) -> Traced:
        """Carry relevance of the grid's cells back to the item."""
        there = self.adapter.backproject(np.asarray(cells, dtype=float), self.item)
        return Traced(there.axes, there.values, cells)
