"""What a search may cost, with the final training reserved inside."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from statistics import fmean

import zoo
from training.fitting.recipe import Recipe
from training.records import canonical
from training.tuning.flops import training_flops
from training.tuning.proposals import Leg
from training.tuning.settings import Tuning
from training.tuning.space import apply
from training.tuning.trainer import Lap, Trainer


class Budget:
    """Says which legs can still be paid, if the chosen point is to be trained by the whole recipe afterwards.

    Parameters
    ----------
    tuning : Tuning
        Its ``seconds`` run from now.
    trainer : Trainer
        Whose networks are trained, and by which recipe in the end.
    workers : int
        Legs that are trained at the same time.
    """

    def __init__(self, tuning: Tuning, trainer: Trainer, workers: int = 1) -> None:
        self._tuning, self._trainer, self._workers = tuning, trainer, workers
        self._started = time.monotonic()
        self._planned = self._flops = self._largest = 0.0
        self._paces: dict[int, float] = {}
        self._setups: list[float] = []
        self._measured: dict[str, zoo.Size] = {}

    def refused(self, leg: Leg) -> Lap | None:
        """Count a point's network; give the lap of one that cannot be drawn or is too large, none if all is well."""
        tuning = self._tuning
        if len(leg.rungs) > 1 or not ("structure" in tuning.over or tuning.max_params or tuning.max_macs):
            return None
        try:
            size = self._size(leg)
        except (zoo.ZooError, ValueError) as error:
            return Lap(None, reason=f"the network cannot be drawn: {error}"[:500])
        for what, count, most in (
            ("parameters", size.parameters, tuning.max_params),
            ("multiply-accumulates", size.macs, tuning.max_macs),
        ):
            if most is not None and count > most:
                return Lap(None, parameters=size.parameters, reason=f"{count:,} {what}, more than {most:,}")
        return None

    def admits(self, leg: Leg) -> bool:
        """Whether a leg and the final training can be paid; if so, the leg is booked."""
        return self._flops_admit(leg) and self._seconds_admit(leg)

    def paid(self, leg: Leg, lap: Lap) -> None:
        """Learn from a leg how long others will take."""
        self._planned = 0.0
        if lap.epochs:
            self._paces[leg.trial] = lap.pace
            self._setups.append(lap.seconds - lap.pace * lap.epochs)

    def final(self, recipe: Recipe) -> Recipe:
        """Limit a recipe to the seconds that are left for it."""
        limits = [seconds for seconds in (self._left, recipe.seconds) if seconds is not None]
        return replace(recipe, seconds=max(1e-3, min(limits))) if limits else recipe

    @property
    def _left(self) -> float | None:
        seconds = self._tuning.seconds
        return None if seconds is None else seconds - (time.monotonic() - self._started)

    def flops_needed(self, leg: Leg) -> float:
        """Operations of a leg and of a final training of its point."""
        return self._epoch_flops(leg) * (leg.epochs + self._trainer.recipe.epochs)

    def _flops_admit(self, leg: Leg) -> bool:
        if self._tuning.flops is None:
            return True
        epoch = self._epoch_flops(leg)
        largest, flops = max(self._largest, epoch), self._flops + epoch * leg.epochs
        if flops + largest * self._trainer.recipe.epochs > self._tuning.flops:
            return False
        self._largest, self._flops = largest, flops
        return True

    def _seconds_admit(self, leg: Leg) -> bool:
        if self._left is None or not self._paces:
            return True
        setup, pace = fmean(self._setups), self._paces.get(leg.trial, fmean(self._paces.values()))
        planned = self._planned + (setup + pace * leg.epochs) / self._workers
        recipe = self._trainer.recipe
        final = setup + min(max(self._paces.values()) * recipe.epochs, recipe.seconds or math.inf)
        if planned + final > self._left:
            return False
        self._planned = planned
        return True

    def _epoch_flops(self, leg: Leg) -> float:
        return training_flops(self._size(leg).macs, len(self._trainer.bench(leg.values).train))

    def _size(self, leg: Leg) -> zoo.Size:
        bench = self._trainer.bench(leg.values)
        model, _ = apply(leg.values, self._trainer.model, self._trainer.recipe)
        key = canonical([model, bench.grid.shape, bench.grid.vocabulary_size])
        if key not in self._measured:
            self._measured[key] = zoo.measure(zoo.from_config(model), bench.grid, bench.outputs)
        return self._measured[key]
