"""keras-tuner's oracles, without what only its own tuner needs: files after every call, and a display."""

from __future__ import annotations

import warnings
from typing import Any

import keras_tuner
import numpy as np
from sklearn.exceptions import ConvergenceWarning

from training.tuning.evolution import EvolutionOracle, population_for
from training.tuning.settings import Tuning
from training.tuning.space import Space, hyperparameters

OBJECTIVE = "score"
CANDIDATES = 4096  # points at which the Gaussian process is asked for a proposal
NEVER = 2**31  # failures in a row that end a search: a failed trial must not cost the others


class _InMemory:
    """An oracle that writes no files: a search is one unit of work and lives or dies as a whole."""

    def save(self) -> None:
        """Write nothing."""

    def _save_trial(self, trial: Any) -> None:
        """Write nothing."""


class Random(_InMemory, keras_tuner.oracles.RandomSearchOracle):
    """Points at random."""


class Grid(_InMemory, keras_tuner.oracles.GridSearchOracle):
    """All points in turn, the default first."""


class Hyperband(_InMemory, keras_tuner.oracles.HyperbandOracle):
    """Brackets of random points, in each of which some go on."""


class Bayesian(_InMemory, keras_tuner.oracles.BayesianOptimizationOracle):
    """Points where a Gaussian process expects most.

    The process and its bound are keras-tuner's. It looks for the lowest bound by fifty
    descents, one point at a time, which takes seconds; here the bound is read at some
    thousand points at once, which takes a hundredth, and no point is proposed twice.
    """

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Propose a point, in keras-tuner's terms."""
        ended = [trial for trial in self.trials.values() if trial.status == "COMPLETED"]
        if len(ended) < self.num_initial_points:
            response: dict[str, Any] = self._random_populate_space()
            return response
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a kernel at its bounds serves as well
            x, y = self._vectorize_trials()
            self.gpr.fit(x, y)
        candidates = self._random_state.uniform(size=(CANDIDATES, x.shape[1]))
        mean, deviation = self.gpr.predict(candidates, return_std=True)
        for candidate in candidates[(mean - self.beta * deviation).argsort()]:
            values = self._vector_to_values(candidate.tolist())  # plain numbers, not numpy's
            if self._compute_values_hash(values) not in self._tried_so_far:
                return {"status": "RUNNING", "values": values}
        return {"status": "STOPPED", "values": None}


class Evolution(_InMemory, EvolutionOracle):
    """Children of good points, changed a little."""


def oracle_for(tuning: Tuning, space: Space, seed: int) -> Any:
    """Make the oracle that a tuning names.

    Parameters
    ----------
    tuning : Tuning
    space : mapping
    seed : int
        Decides every proposal; 0 included.
    """
    objective, hp = keras_tuner.Objective(OBJECTIVE, "max"), hyperparameters(space)
    # keras-tuner takes 0 for "no seed given", and counts up from it: those of neighbours would overlap.
    seed = 1 + int(np.random.SeedSequence(seed).generate_state(1)[0] >> 1)
    oracle: Any
    match tuning.oracle:
        case "hyperband":
            oracle = Hyperband(objective, tuning.epochs, tuning.factor, tuning.trials, seed, hp)
        case "bayesian":
            oracle = Bayesian(objective, tuning.trials, len(space) + 1, seed=seed, hyperparameters=hp)
        case "grid":
            oracle = Grid(objective, tuning.trials, seed, hp)
        case "random":
            oracle = Random(objective, tuning.trials, seed, hp)
        case "evolution":
            population = population_for(tuning.trials)
            oracle = Evolution(
                objective, tuning.trials, population, max(2, population // 4), seed=seed, hyperparameters=hp
            )
    oracle.max_consecutive_failed_trials, oracle.verbose = NEVER, 0
    return oracle


def parents_of(oracle: Any, trial_id: str) -> tuple[int, ...]:
    """Give the numbers of the trials that a point descends from; none where it was not bred."""
    return tuple(map(int, oracle.lineage[trial_id])) if isinstance(oracle, Evolution) else ()
