"""Look for the weights of a small network without gradients, or with them, at the same price."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from training.errors import ExperimentError, nearest, require
from training.genes.landscape import Landscape, Losses, LossName, losses_of
from training.genes.methods import METHODS

MethodName = Literal["genetic", "cma", "gradient"]
MOST = 20_000  # weights; of more, a population does not fit into memory and no method here gets far


@dataclass(frozen=True)
class Evolved:
    """How a search for weights went.

    Parameters
    ----------
    loss : float
        Mean over the grids, the lowest that was met; the model has the weights that gave it.
    evaluations : int
        Forward passes over all grids that were paid.
    curve : list of (int, float)
        Evaluations, and the lowest loss by then; one entry each time it fell.
    seconds : float
        Tracing included.
    """

    loss: float
    evaluations: int
    curve: list[tuple[int, float]]
    seconds: float


def evolve_weights(
    model: Any,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    method: MethodName = "cma",
    loss: LossName | Losses = "cross-entropy",
    stand_in: LossName | Losses = "cross-entropy",
    evaluations: int = 10_000,
    population: int | None = None,
    step: float | None = None,
    seed: int = 0,
) -> Evolved:
    """Look for the weights of a small network, and leave it with the best.

    A whole population is evaluated in one call. What is looked for need not be smooth: with
    ``loss="error"`` it is the share of items that are told wrong, itself.

    Parameters
    ----------
    model : keras.Model
        Such as ``zoo.build("xo", …)``. The search starts around its trainable weights; moving
        statistics stay as they are.
    x : ndarray, shape ``(n, *spatial, channels)``
        Grids; all are looked at in every evaluation.
    y : ndarray, shape ``(n,)`` of int, or what the loss takes
    method : {"cma", "genetic", "gradient"}
        CMA-ES (the ``cma`` package, extra ``genes``), a genetic algorithm, or Adam on all items
        at once for comparison.
    loss : {"cross-entropy", "error"} or callable
        What is to be low. A function takes targets and outputs, as TensorFlow's tensors, to one
        loss an item.
    stand_in : {"cross-entropy", "error"} or callable
        What gradients are taken of, where ``loss`` has none. Other methods do not look at it.
    evaluations : int
        Forward passes over all grids, at most; a gradient counts as three.
    population : int, optional
        Networks evaluated at once; 40 for the genetic algorithm, 4 + 3 ln(weights) for CMA-ES
        by default. The gradient has none.
    step : float, optional
        Standard deviation of the first changes; for the gradient, the learning rate.
    seed : int
        Decides everything; 0 or more.

    Returns
    -------
    Evolved

    Raises
    ------
    ExperimentError
        If the network is too large, a setting lies outside its range, or ``cma`` is not there.

    Examples
    --------
    >>> import zoo
    >>> x, y = np.eye(4, dtype=np.float32).reshape(4, 2, 2, 1), np.array([0, 1, 1, 0])
    >>> model = zoo.build("mlp", zoo.Grid((2, 2, 1)), outputs=2)  # doctest: +SKIP
    >>> evolve_weights(model, x, y, method="genetic", loss="error", evaluations=400).loss  # doctest: +SKIP
    0.0
    """
    if method not in METHODS:
        raise ExperimentError(f"evolve_weights: method: got {method!r}; {nearest(method, get_args(MethodName))}")
    chosen, weights = METHODS[method], sum(int(np.prod(v.shape)) for v in model.trainable_variables)
    size = chosen.population(weights) if population is None or method == "gradient" else population
    require(0 < weights <= MOST, "evolve_weights: model", f"1 to {MOST:,} trainable weights", weights)
    require(len(x) == len(y) > 0, "evolve_weights: x and y", "as many grids as targets", (len(x), len(y)))
    require(size >= 2, "evolve_weights: population", "at least 2", size)
    require(evaluations >= size, "evolve_weights: evaluations", f"at least one turn, {size}", evaluations)
    require(step is None or step > 0, "evolve_weights: step", "more than 0", step)
    require(seed >= 0, "evolve_weights: seed", "0 or more", seed)
    started = time.perf_counter()
    landscape = Landscape(model, x, y, losses_of(loss), losses_of(stand_in))
    rng = np.random.default_rng(seed)
    turns = chosen.walk(landscape, evaluations, rng, step if step is not None else chosen.step, size)
    while landscape.spent + size <= evaluations:
        next(turns)
    landscape.put()
    lowest = landscape.curve[-1][1] if landscape.curve else np.inf
    return Evolved(lowest, landscape.spent, landscape.curve, time.perf_counter() - started)
