"""Where trials are trained: prepared parts, and networks that are traced once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import zoo
from training.fitting.augment import Augmentation
from training.fitting.callbacks import Hooks
from training.fitting.fit import History, Training
from training.fitting.network import Network, network_for
from training.fitting.parts import Part
from training.fitting.recipe import Recipe
from training.records import Settings


@dataclass(frozen=True)
class Bench:
    """The prepared training and validation part of one adapter, on which any settings can be trained.

    Parameters
    ----------
    train, validation : Part
    grid : zoo.Grid
    outputs : int
        Number of classes.
    augmentations : list of callable
    seed : int
        Decides weights and the order of items.
    """

    train: Part
    validation: Part
    grid: zoo.Grid
    outputs: int
    augmentations: list[Augmentation]
    seed: int

    def network(self, model: Settings, recipe: Recipe) -> Network:
        """Give the traced network that a recipe trains."""
        return network_for(
            model, self.grid, self.outputs,
            recipe.optimizer, recipe.weight_decay > 0, recipe.precision, seed=self.seed,
        )  # fmt: skip

    def as_used(self, network: Network, model: Settings, recipe: Recipe) -> Network:
        """Give a trained network as a predictor has it, which computes in float32."""
        if network.precision == "float32":
            return network
        used = self.network(model, replace(recipe, precision="float32"))
        used.restore(network.weights())
        return used

    def training(
        self,
        model: Settings,
        recipe: Recipe,
        seed: int,
        hooks: Hooks | None = None,
        planned: Sequence[float] = (),
    ) -> tuple[Network, Training]:
        """Begin a training, or one that repeats another whose seconds had a limit."""
        network = self.network(model, recipe)
        train, held, changes = self.train, self.validation, self.augmentations
        return network, Training(network, train, held, recipe, seed, changes, hooks=hooks, planned=planned)

    def train_on(self, model: Settings, recipe: Recipe, hooks: Hooks | None = None) -> tuple[Network, History]:
        """Train an architecture by a whole recipe."""
        network, training = self.training(model, recipe, self.seed, hooks)
        training.run(recipe.epochs)
        return network, training.keep_best()
