"""How hyperparameters are searched: every choice a named field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from training.errors import require


@dataclass(frozen=True)
class Tuning:
    """How hyperparameters are searched, inside each outer training part.

    Parameters
    ----------
    oracle : {"bayesian", "random", "grid"}
        The keras-tuner oracle that proposes.
    trials : int
        Points that are tried.
    epochs : int
        Epochs a trial; the chosen point is then trained by the whole recipe.
    over : tuple of {"architecture", "recipe"}
        Whose search spaces are joined. A point of the recipe's alone (learning rate,
        batch size) needs no new network, and costs a fraction.
    """

    oracle: Literal["bayesian", "random", "grid"] = "bayesian"
    trials: int = 8
    epochs: int = 15
    over: tuple[Literal["architecture", "recipe"], ...] = ("architecture", "recipe")

    def __post_init__(self) -> None:
        require(self.trials >= 1, "tuning: trials", "at least 1", self.trials)
        require(self.epochs >= 1, "tuning: epochs", "at least 1", self.epochs)
        require(len(self.over) > 0, "tuning: over", "'architecture', 'recipe' or both", self.over)
