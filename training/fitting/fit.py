"""Train a network by a recipe: epochs, schedule, early stopping on a validation part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from training.fitting.augment import Augmentation
from training.fitting.network import Network
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
        return len(self.curves["loss"])

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


def mean_log_loss(logits: NDArray[np.float32], y: NDArray[np.int32]) -> float:
    """Mean negative log-likelihood of the true classes, in nats."""
    return float(-log_softmax(logits.astype(float), axis=1)[np.arange(len(y)), y].mean())


def fit(
    network: Network,
    train: Part,
    validation: Part,
    recipe: Recipe,
    seed: int,
    augmentations: Sequence[Augmentation] = (),
) -> History:
    """Draw fresh weights and train them; the network ends with its best epoch's weights.

    Parameters
    ----------
    network : Network
    train, validation : Part
        The epoch with the lowest validation loss is kept.
    recipe : Recipe
    seed : int
        Decides initial weights, dropout, the order of items and augmentation.
    augmentations : sequence of callable
        Applied to every training grid, anew each epoch.

    Returns
    -------
    History
    """
    started = time.perf_counter()
    rng = np.random.default_rng(seed)
    network.draw(seed)
    outputs = network.model.output_shape[-1]
    weights = class_weights(train.y, outputs, recipe.balance)
    steps = -(-len(train) // recipe.batch_size)
    rates = recipe.rates(steps * recipe.epochs).reshape(recipe.epochs, steps)
    history, best, kept = History(), np.inf, None
    for epoch in range(recipe.epochs):
        loss, hits, state = _epoch(network, train, weights, rates[epoch], recipe, rng, augmentations)
        logits = np.concatenate([network.predict(x) for x in validation.segments()])
        history.add(
            {
                "loss": loss / len(train),
                "accuracy": hits / len(train),
                "validation_loss": mean_log_loss(logits, validation.y),
                "validation_accuracy": float(np.mean(logits.argmax(1) == validation.y)),
            }
        )
        if history.curves["validation_loss"][-1] < best:
            best, history.best_epoch = history.curves["validation_loss"][-1], epoch
            kept = state
        out_of_time = recipe.seconds is not None and time.perf_counter() - started > recipe.seconds
        if out_of_time or epoch - history.best_epoch >= recipe.patience:
            break
    if kept is not None:  # every loss was NaN otherwise: there is no best epoch to go back to
        network.restore(kept)
    history.seconds = time.perf_counter() - started
    return history


def _epoch(
    network: Network,
    train: Part,
    weights: NDArray[np.float32],
    rates: NDArray[np.float32],
    recipe: Recipe,
    rng: np.random.Generator,
    augmentations: Sequence[Augmentation],
) -> tuple[float, float, list[Any]]:
    """Train on every grid once, in a new order; gives the sums of losses and of hits, and the state it leaves.

    Grids come in segments of whole batches, whose size the shape of a grid decides: what
    is learned does not depend on whether they lie in memory or in a file.
    """
    order = rng.permutation(len(train))
    batch = recipe.batch_size
    steps = max(1, grids_in(SEGMENT, train.shape) // batch)
    loss = hits = 0.0
    state: list[Any] = []
    for first in range(0, len(rates), steps):
        rows = order[first * batch : (first + steps) * batch]
        x = train.take(rows)
        for augmentation in augmentations:
            x = augmentation(x, rng)
        result = network.epoch(
            x, train.y[rows], weights[rows], rates[first : first + steps],
            batch, recipe.weight_decay, recipe.label_smoothing,
        )  # fmt: skip
        loss, hits, state = loss + float(result[0]), hits + float(result[1]), result[2]
    return loss, hits, state
