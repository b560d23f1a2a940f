"""Train one leg of a trial in this process."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

import zoo
from training.fitting.fit import History, Training
from training.fitting.network import Network
from training.fitting.recipe import Recipe
from training.records import Settings
from training.tuning.bench import Bench
from training.tuning.flops import training_flops
from training.tuning.proposals import Leg, Score
from training.tuning.settings import ADAPTER
from training.tuning.space import apply
from training.tuning.states import States


@dataclass(frozen=True)
class Lap:
    """How a leg went.

    Parameters
    ----------
    score : (float, float) or None
        Validation accuracy and negative validation loss at the leg's best epoch; None if
        it failed.
    curves : dict of str to list of float
        Of this leg alone, one value an epoch.
    seconds : float
        With tracing, validation, and legs that had to be trained again.
    pace : float
        Seconds of one epoch, tracing left out where the leg has more than one.
    flops : float
        Floating-point operations of the leg, by `epoch_flops`.
    parameters : int
    reason : str
        Why it failed.
    items : int
        Validation items that the score is of.
    """

    score: Score | None
    curves: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    pace: float = 0.0
    flops: float = 0.0
    parameters: int = 0
    reason: str = ""
    items: int = 0

    @property
    def epochs(self) -> int:
        """Epochs that were trained."""
        return len(self.curves.get("loss", ()))


@dataclass(frozen=True)
class Trainer:
    """Trains legs; a trial goes on from its weights.

    Parameters
    ----------
    benches : mapping of str to Bench
        By the label of their adapter.
    model : dict
        The architecture's settings.
    recipe : Recipe
    states : States
    top : int
        Epochs after which no trial goes on.
    """

    benches: Mapping[str, Bench]
    model: Settings
    recipe: Recipe
    states: States
    top: int

    def __call__(self, leg: Leg) -> Lap:
        """Train a leg. What goes wrong in it is said, not raised: it must not cost the other trials."""
        started = time.perf_counter()
        try:
            lap = self._train(leg)
        except Exception as error:
            first = str(error).strip().splitlines()
            lap = Lap(None, reason=f"{type(error).__name__}: {first[0] if first else 'no message'}"[:500])
        return replace(lap, seconds=time.perf_counter() - started)

    def bench(self, values: Settings) -> Bench:
        """Give the bench that a point is trained on."""
        return self.benches[values[ADAPTER]] if ADAPTER in values else next(iter(self.benches.values()))

    def _train(self, leg: Leg) -> Lap:
        bench, (model, recipe) = self.bench(leg.values), apply(leg.values, self.model, self.recipe)
        done, state = self.states.load(leg.trial) if len(leg.rungs) > 1 else (-1, [])
        if done != len(leg.rungs) - 2:
            done, state = -1, []
        for rung in range(done + 1, len(leg.rungs)):
            epochs = Leg(leg.trial, leg.values, leg.rungs[: rung + 1]).epochs
            # Each rung has a whole schedule of its own, down to a rate of zero, and its share of the time.
            seconds = recipe.seconds and recipe.seconds * epochs / recipe.epochs
            part = replace(recipe, epochs=epochs, seconds=seconds)
            network, training = bench.training(model, part, _seed(bench.seed, rung))
            if state:
                training.resume(state)
            pace = _timed(training, epochs)
            if leg.rungs[rung] < self.top:
                state = training.state()
        if leg.rungs[-1] < self.top:
            self.states.save(leg.trial, len(leg.rungs) - 1, state)
        return _lap(training.history, pace, network, bench)


def _timed(training: Training, epochs: int) -> float:
    """Train, and give the seconds of an epoch."""
    training.run(1)
    first = training.history.seconds  # a new program is slower the first time
    training.run(epochs)
    later = training.history.epochs - 1
    return (training.history.seconds - first) / later if later else first


def _lap(history: History, pace: float, network: Network, bench: Bench) -> Lap:
    flops = history.epochs * training_flops(zoo.Size.of(zoo.layers_of(network.model)).macs, len(bench.train))
    if not all(math.isfinite(value) for curve in history.curves.values() for value in curve):
        return Lap(None, pace=pace, flops=flops, parameters=network.parameters, reason="the loss is not finite")
    score = (history.best("validation_accuracy"), -history.best("validation_loss"))
    return Lap(
        score, history.curves, pace=pace, flops=flops, parameters=network.parameters, items=len(bench.validation)
    )


def _seed(seed: int, rung: int) -> int:
    """Decide another order of items on each rung."""
    return seed if rung == 0 else int(np.random.SeedSequence([seed, rung]).generate_state(1)[0] >> 1)
