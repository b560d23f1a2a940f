"""Train a network by a recipe: epochs, schedule, early stopping on a validation part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.fitting.augment import Augmentation
from training.fitting.best_epoch import BestEpoch
from training.fitting.callbacks import Hooks
from training.fitting.network import Network
from training.fitting.objective import log_losses
from training.fitting.parts import SEGMENT, Part, grids_in
from training.fitting.recipe import Recipe


@dataclass
class History:
    """Curves of one training, one value an epoch, and where its best epoch lies."""

    curves: dict[str, list[float]] = field(default_factory=dict)
    best_epoch: int = 0
    seconds: float = 0.0

    @property
    def epochs(self) -> int:
        """Epochs that were trained."""
        return len(self.curves.get("loss", ()))

    def best(self, name: str) -> float:
        """Value of a curve at the best epoch."""
        return self.curves[name][self.best_epoch]

    def add(self, values: dict[str, float]) -> None:
        """Append one epoch."""
        for name, value in values.items():
            self.curves.setdefault(name, []).append(round(value, 6))


def class_weights(y: NDArray[np.int32], outputs: int, balance: bool) -> NDArray[np.float32]:
    """Weight of each item; with ``balance`` every class weighs the same in total."""
    if not balance:
        return np.ones(len(y), np.float32)
    counts = np.bincount(y, minlength=outputs)
    return (len(y) / (np.count_nonzero(counts) * counts[y])).astype(np.float32)


def item_weights(part: Part, outputs: int, balance: bool) -> NDArray[np.float32]:
    """Weight of each training item: its own, with mean 1, times that of its class (numbers have none)."""
    weights = class_weights(part.y, outputs, balance and part.y.ndim == 1)
    return weights if part.weights is None else weights * part.weights / part.weights.mean(dtype=np.float64)


def mean_log_loss(logits: NDArray[np.float32], y: NDArray[np.int32]) -> float:
    """Mean negative log-likelihood of the true classes, in nats."""
    return float(log_losses(logits, y).mean())


class Training:
    """One training that can stop after some epochs and go on later, as if it had never stopped.

    Parameters
    ----------
    network : Network
        Gets fresh weights. It may serve other trainings in between: `state` keeps what
        this one needs to go on, and `resume` puts it back.
    train, validation : Part
        They decide which epoch is kept: `BestEpoch`. Without any it is the last one.
    recipe : Recipe
        Its ``epochs`` are the length of the schedule.
    seed : int
        Decides initial weights, dropout, the order of items and augmentation.
    augmentations : sequence of callable
        Applied to every training grid, anew each epoch.
    start : sequence of ndarray, optional
        Weights to begin with instead of freshly drawn ones, in the order of
        ``network.model.weights``.
    hooks : Hooks, optional
        Callbacks.
    planned : sequence of float, optional
        The curve ``planned_epochs`` of a training whose seconds had a limit, to repeat it
        whatever the time.
    """

    def __init__(
        self,
        network: Network,
        train: Part,
        validation: Part,
        recipe: Recipe,
        seed: int,
        augmentations: Sequence[Augmentation] = (),
        start: Sequence[NDArray[Any]] | None = None,
        hooks: Hooks | None = None,
        planned: Sequence[float] = (),
    ) -> None:
        self.history, self._repeated = History(), planned
        self._network, self._train, self._validation = network, train, validation
        self._recipe, self._augmentations = recipe, augmentations
        self._rng = np.random.default_rng(seed)
        self._weights = item_weights(train, network.model.output_shape[-1], recipe.balance)
        self._steps = -(-len(train) // recipe.batch_size)
        self._best = BestEpoch(len(validation))
        self._kept: list[Any] | None = None
        self._hooks, self._stopped = hooks or Hooks(), False
        network.trace()  # before the clock starts: it is no part of an epoch
        network.draw(seed)
        if start is not None:
            network.model.set_weights(list(start))

    @property
    def finished(self) -> bool:
        """Whether no epoch is left: all are done, patience or time has run out, a callback has stopped it."""
        epochs = self.history.epochs
        return self._stopped or epochs >= self._planned or epochs - 1 - self.history.best_epoch >= self._recipe.patience

    @property
    def _planned(self) -> int:
        """Epochs of the schedule: those of the recipe, or as many as its seconds allow at the pace so far."""
        done, recipe = self.history.epochs, self._recipe
        if done < len(self._repeated):
            return int(self._repeated[done])
        if recipe.seconds is None or not done:
            return recipe.epochs
        return min(recipe.epochs, max(done, int(recipe.seconds * done / max(self.history.seconds, 1e-9))))

    def run(self, until: int) -> None:
        """Train up to epoch ``until``, or to the end if that comes first."""
        started, before = time.perf_counter(), self.history.seconds
        self._hooks.begin(self._network, self._recipe.epochs, self._steps)
        while self.history.epochs < until and not self.finished:
            self._one_epoch()
            self.history.seconds = before + time.perf_counter() - started

    def keep_best(self) -> History:
        """End the training and leave the network with its best epoch's weights."""
        self._hooks.end(self.history.curves)
        if self._kept is not None:  # every loss was NaN otherwise: there is no best epoch to go back to
            self._network.restore(self._kept)
        return self.history

    def state(self) -> list[NDArray[Any]]:
        """Copy what the network and its optimizer hold now."""
        return self._network.state()

    def resume(self, state: Sequence[NDArray[Any]]) -> None:
        """Put a copied state back into the network, which others may have used since."""
        self._network.resume(state)

    def _one_epoch(self) -> None:
        epoch, score = self.history.epochs, self._network.objective.score
        rates = self._hooks.epoch_begin(epoch, self._rates())
        loss, scores, state = one_epoch(
            self._network, self._train, self._weights, rates, self._recipe, self._rng, self._augmentations
        )
        values = {"loss": loss / len(self._train), score: scores / len(self._train), **self._validated()}
        if self._recipe.seconds is not None:
            values["planned_epochs"] = float(self._planned)
        self.history.add(values)
        # Without validation items every epoch is better than those before.
        if self._best.takes(values.get("validation_loss", -float(epoch)), values.get("validation_accuracy")):
            self._kept, self.history.best_epoch = state, epoch
        self._stopped = self._hooks.epoch_end(epoch, self.history.curves)

    def _rates(self) -> NDArray[np.float32]:
        """Learning rates of the next epoch's steps.

        A schedule that time cuts short is worth little: its rate has to fall while there is time.
        """
        return self._recipe.rates(self._steps * self._planned)[self._steps * self.history.epochs :][: self._steps]

    def _validated(self) -> dict[str, float]:
        if not len(self._validation):
            return {}
        objective, held = self._network.objective, self._validation
        outputs = np.concatenate([self._network.predict(x) for x in held.segments()])
        loss, score = objective.evaluate(outputs, held.y, held.weights)
        return {"validation_loss": loss, f"validation_{objective.score}": score}


def fit(
    network: Network,
    train: Part,
    validation: Part,
    recipe: Recipe,
    seed: int,
    augmentations: Sequence[Augmentation] = (),
    start: Sequence[NDArray[Any]] | None = None,
    hooks: Hooks | None = None,
) -> History:
    """Draw fresh weights and train them; the network ends with its best epoch's weights.

    Parameters
    ----------
    network, train, validation, recipe, seed, augmentations, start, hooks
        As for `Training`.

    Returns
    -------
    History
    """
    training = Training(network, train, validation, recipe, seed, augmentations, start, hooks)
    training.run(recipe.epochs)
    return training.keep_best()


def one_epoch(
    network: Network,
    train: Part,
    weights: NDArray[np.float32],
    rates: NDArray[np.float32],
    recipe: Recipe,
    rng: np.random.Generator,
    augmentations: Sequence[Augmentation],
) -> tuple[float, float, list[Any]]:
    """Train on every grid once, in a new order; gives the sums of losses and of scores, and the state it leaves.

    Grids come in segments of whole batches, whose size the shape of a grid decides: what
    is learned does not depend on whether they lie in memory or in a file.
    """
    order = rng.permutation(len(train))
    batch = recipe.batch_size
    steps = max(1, grids_in(SEGMENT, train.shape) // batch)
    loss = scores = 0.0
    state: list[Any] = []
    for first in range(0, len(rates), steps):
        rows = order[first * batch : (first + steps) * batch]
        x = train.take(rows)
        for augmentation in augmentations:
            x = augmentation(x, rng)
        result = network.epoch(
            x, train.y[rows], weights[rows], rates[first : first + steps],
            batch, recipe.weight_decay, recipe.label_smoothing, network.dropout,
        )  # fmt: skip
        loss, scores, state = loss + float(result[0]), scores + float(result[1]), result[2]
    return loss, scores, state
