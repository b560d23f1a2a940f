"""Regularised evolution as an oracle for keras-tuner: children of good trials, changed a little.

After Real, Aggarwal, Huang and Le (2019), Regularized evolution for image classifier
architecture search, arXiv:1802.01548. It needs keras-tuner alone, and works in its own tuners too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras_tuner
import numpy as np
from keras_tuner.engine import hyperparameters as kinds

from training.errors import require

POPULATION, SAMPLE = 16, 4  # a quarter of the population takes part in a tournament, as in the paper
FEWEST = 4  # trials that are a population
SPREAD = 0.15  # standard deviation of a change, as a share of the dimension's range
TRIES = 400  # children that are drawn before a space counts as exhausted
PATIENCE = 8  # of these, how many before a child is changed once more

Genes = dict[int, Any]  # the value of each active dimension, by its place in the space


class EvolutionOracle(keras_tuner.Oracle):
    """Propose children of the best among recent trials; who is old dies, however good.

    The first trials are drawn at random. After that a tournament among the living chooses a
    parent, and one of its values is changed in the manner of its type: numbers move by some 15 %
    of their range (of its logarithm, where they are sampled so) and keep to their steps, ordered
    choices go to neighbours, others to any other value. Values that a change makes matter are drawn
    anew. No point is proposed twice. All follows from the seed and from the trials that
    have ended, so that a reloaded search goes on as if it had never stopped.

    Parameters
    ----------
    objective : str or keras_tuner.Objective, optional
        As for `keras_tuner.Oracle`.
    max_trials : int
    population : int
        Trials that live: the last ones that were completed.
    sample : int
        Of these, how many are drawn for a tournament, with replacement.
    crossover : float
        Probability of a second parent, from a tournament of its own; each value then comes
        from either.
    seed : int, optional
        0 or more; chance by default.
    hyperparameters, allow_new_entries, tune_new_entries, max_retries_per_trial, max_consecutive_failed_trials
        As for `keras_tuner.Oracle`.

    Attributes
    ----------
    lineage : dict of str to list of str
        Parents of each trial by its id; empty where it was drawn at random.

    Raises
    ------
    ExperimentError
        If a setting lies outside its range.

    Examples
    --------
    >>> space = keras_tuner.HyperParameters()
    >>> units = space.Int("units", 8, 64, step=8)
    >>> oracle = EvolutionOracle("val_accuracy", max_trials=50, seed=0, hyperparameters=space)
    >>> tuner = keras_tuner.Tuner(oracle, build)  # doctest: +SKIP
    """

    def __init__(
        self,
        objective: Any = None,
        max_trials: int = 100,
        population: int = POPULATION,
        sample: int = SAMPLE,
        crossover: float = 0.0,
        seed: int | None = None,
        hyperparameters: Any = None,
        allow_new_entries: bool = True,
        tune_new_entries: bool = True,
        max_retries_per_trial: int = 0,
        max_consecutive_failed_trials: int = 3,
    ) -> None:
        require(population >= 1, "evolution: population", "at least 1", population)
        require(sample >= 1, "evolution: sample", "at least 1", sample)
        require(0 <= crossover <= 1, "evolution: crossover", "a probability", crossover)
        require(seed is None or seed >= 0, "evolution: seed", "0 or more", seed)
        super().__init__(
            objective, max_trials, hyperparameters, allow_new_entries, tune_new_entries, seed,
            max_retries_per_trial, max_consecutive_failed_trials,
        )  # fmt: skip
        if seed is not None:
            self.seed = seed  # keras-tuner takes 0 for "no seed given"
        self.population, self.sample, self.crossover = population, sample, crossover
        self.lineage: dict[str, list[str]] = {}

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Propose a point, in keras-tuner's terms."""
        rng = np.random.default_rng([self.seed, len(self.trials)])
        space, living = self.hyperparameters.space, self._living()
        if len(self.trials) < self.population:
            living = []
        for attempt in range(TRIES):
            parents = self._parents(living, rng)
            genes = completed(space, crossed([genes_of(space, trial) for trial in parents], rng), rng)
            for _ in range(1 + attempt // PATIENCE if parents else 0):
                genes = mutated(space, genes, rng)
            values = {space[place].name: value for place, value in genes.items()}
            if not self._duplicate(values):
                self.lineage[trial_id] = [trial.trial_id for trial in parents]
                return {"status": "RUNNING", "values": values}
        return {"status": "STOPPED", "values": None}

    def get_state(self) -> dict[str, Any]:
        """Give what a search needs to go on, as plain data."""
        return {**super().get_state(), "lineage": self.lineage}

    def set_state(self, state: dict[str, Any]) -> None:
        """Inverse of `get_state`."""
        super().set_state(state)
        self.lineage = state["lineage"]

    def _living(self) -> list[Any]:
        ended = [self.trials[trial_id] for trial_id in self.end_order]
        return [trial for trial in ended if trial.status == "COMPLETED"][-self.population :]

    def _parents(self, living: Sequence[Any], rng: np.random.Generator) -> list[Any]:
        """Choose one or two of the living, none if nobody lives."""
        wanted = 1 + int(rng.random() < self.crossover) if living else 0
        better = max if self.objective.direction == "max" else min
        tournaments = [[living[i] for i in rng.integers(len(living), size=self.sample)] for _ in range(wanted)]
        return [better(drawn, key=lambda trial: trial.score) for drawn in tournaments]


def population_for(trials: int) -> int:
    """Give a population that leaves two thirds of a short search to its children.

    Examples
    --------
    >>> population_for(18), population_for(200)
    (6, 16)
    """
    return min(POPULATION, max(FEWEST, trials // 3))


def genes_of(space: Sequence[Any], trial: Any) -> Genes:
    """Read the values of a trial that matter."""
    values = trial.hyperparameters.values
    return {place: values[hp.name] for place, hp in enumerate(space) if hp.name in values and _active(hp, values)}


def crossed(parents: Sequence[Genes], rng: np.random.Generator) -> Genes:
    """Take each value from any parent that has it."""
    pools = {place: [genes[place] for genes in parents if place in genes] for genes in parents for place in genes}
    return {place: pool[rng.integers(len(pool))] for place, pool in sorted(pools.items())}


def completed(space: Sequence[Any], genes: Genes, rng: np.random.Generator) -> Genes:
    """Leave out values that do not matter, and draw those that do and are missing."""
    values: dict[str, Any] = {}
    whole: Genes = {}
    for place, hp in enumerate(space):  # conditions come before what depends on them
        if _active(hp, values):
            drawn = genes[place] if place in genes else hp.prob_to_value(float(rng.random()))
            whole[place] = values[hp.name] = drawn
    return whole


def mutated(space: Sequence[Any], genes: Genes, rng: np.random.Generator) -> Genes:
    """Change one value, and complete what follows from it."""
    loose = [place for place in genes if not isinstance(space[place], kinds.Fixed)]
    if not loose:
        return genes
    place = loose[rng.integers(len(loose))]
    return completed(space, {**genes, place: moved(space[place], genes[place], rng)}, rng)


def moved(hp: Any, value: Any, rng: np.random.Generator) -> Any:
    """Give another value of a dimension, near by where there is a near.

    Parameters
    ----------
    hp : keras_tuner.engine.hyperparameters.HyperParameter
    value : int, float, str or bool
    rng : numpy.random.Generator

    Examples
    --------
    >>> moved(kinds.Boolean("norm"), True, np.random.default_rng(0))
    False
    """
    if isinstance(hp, kinds.Float | kinds.Int) and hp.step is None:
        return hp.prob_to_value(_folded(hp.value_to_prob(value) + SPREAD * rng.normal()))
    values = list(hp.values)
    if len(values) == 1:
        return value
    ordered = not isinstance(hp, kinds.Boolean) and not (isinstance(hp, kinds.Choice) and not hp.ordered)
    # A setting that a person gave need not lie on the steps.
    here = values.index(value) if value in values else min(range(len(values)), key=lambda i: abs(values[i] - value))
    distance = np.abs(np.arange(len(values)) - here) / max(1.0, SPREAD * len(values))
    weights = np.exp(-(distance**2) / 2) if ordered else np.ones(len(values))
    weights[here] = 0.0
    # keras-tuner lists whole numbers as fractions where they go by ratios.
    return type(value)(values[rng.choice(len(values), p=weights / weights.sum())])


def _folded(place: float) -> float:
    """Reflect a place at the ends of the range 0 to 1."""
    inside = abs(place) % 2
    return float(min(2 - inside if inside > 1 else inside, np.nextafter(1.0, 0.0)))


def _active(hp: Any, values: Mapping[str, Any]) -> bool:
    return all(condition.is_active(values) for condition in hp.conditions)
