"""Ways through a landscape: genetic algorithm, CMA-ES, gradient descent; one step a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from training.errors import ExperimentError
from training.fitting.recipe import Recipe
from training.genes.landscape import Landscape
from training.tuning.flops import FORWARD_AND_BACK

ELITE, TOURNAMENT = 2, 3
FIRST, SECOND = 0.9, 0.999  # how much of the last moments Adam keeps
FLAT = 50  # turns in which all members are equal, as they are on a plateau, before CMA-ES begins anew
FULL = 1000  # weights up to which CMA-ES learns a whole covariance; of more, a diagonal (Ros and Hansen 2008)


@dataclass(frozen=True)
class Method:
    """One way.

    Parameters
    ----------
    walk : callable
        From a landscape, the evaluations in all, a random generator, the size of a step and that of a
        population to turns; each turn looks at the landscape.
    step : float
        By default: standard deviation of the first changes, or the first learning rate.
    population : callable
        Members by the number of weights, by default; also the cost of a turn.
    """

    walk: Callable[[Landscape, int, np.random.Generator, float, int], Iterator[None]]
    step: float
    population: Callable[[int], int]


def genetic(landscape: Landscape, evaluations: int, rng: np.random.Generator, step: float, size: int) -> Iterator[None]:
    """Tournaments, uniform crossover, changes whose size is inherited too (Schwefel 1981), and an elite that stays."""
    weights = len(landscape.start)
    members = landscape.start + step * rng.standard_normal((size, weights), np.float32)
    members[0] = landscape.start
    spreads = np.full(size, step)
    losses = landscape.losses(members)
    while True:
        yield
        drawn = rng.integers(len(members), size=(2, size, TOURNAMENT))
        mother, father = np.take_along_axis(drawn, losses[drawn].argmin(-1)[..., None], -1)[..., 0]
        children = np.where(rng.random((size, weights)) < 0.5, members[mother], members[father])
        young = np.sqrt(spreads[mother] * spreads[father]) * np.exp(
            rng.normal(size=size) / np.sqrt(2 * np.sqrt(weights))
        )
        children += (young[:, None] * rng.standard_normal((size, weights))).astype(np.float32)
        elite = np.argsort(losses, kind="stable")[:ELITE]
        losses = np.concatenate([losses[elite], landscape.losses(children)])
        members, spreads = np.concatenate([members[elite], children]), np.concatenate([spreads[elite], young])


def covariance(
    landscape: Landscape, evaluations: int, rng: np.random.Generator, step: float, size: int
) -> Iterator[None]:
    """CMA-ES (Hansen 2016, arXiv:1604.00772) by the `cma` package.

    Where it has converged it begins anew around the same start, as its author advises.
    """
    try:
        import cma
    except ImportError:
        raise ExperimentError("evolve_weights: expected cma; install it with: pip install 'gridzoo[genes]'") from None
    options = {
        "popsize": size, "verbose": -9, "CMA_diagonal": len(landscape.start) > FULL,
        "tolflatfitness": FLAT,
        # Its seed would be that of all of numpy.
        "seed": np.nan, "randn": lambda *shape: rng.standard_normal(shape),
    }  # fmt: skip
    while True:
        strategy = cma.CMAEvolutionStrategy(landscape.start.astype(float), step, options)
        while not strategy.stop():
            members = strategy.ask()
            strategy.tell(members, landscape.losses(np.asarray(members, np.float32)).tolist())
            yield


def gradient(
    landscape: Landscape, evaluations: int, rng: np.random.Generator, step: float, size: int
) -> Iterator[None]:
    """Adam on all items at once (Kingma and Ba 2015, arXiv:1412.6980); the rate falls along a cosine, as a recipe's does.

    Written out: a step of Keras' optimizer outside a compiled program takes longer than the
    gradient of a small network.
    """
    rates = Recipe(learning_rate=step).rates(evaluations // FORWARD_AND_BACK)
    vector, mean, square = landscape.start, np.zeros_like(landscape.start), np.zeros_like(landscape.start)
    for turn, rate in enumerate(rates, start=1):
        slope = landscape.slope(vector)
        mean = FIRST * mean + (1 - FIRST) * slope
        square = SECOND * square + (1 - SECOND) * slope**2
        whole = mean / (1 - FIRST**turn), square / (1 - SECOND**turn)
        vector = (vector - rate * whole[0] / (np.sqrt(whole[1]) + 1e-7)).astype(np.float32)
        yield


METHODS = {
    "genetic": Method(genetic, 0.1, lambda weights: 40),
    # Hansen's own default.
    "cma": Method(covariance, 0.1, lambda weights: 4 + int(3 * np.log(weights))),
    "gradient": Method(gradient, 0.02, lambda weights: FORWARD_AND_BACK),
}
