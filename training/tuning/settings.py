"""How hyperparameters are searched: every choice a named field."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

from training.errors import ExperimentError, nearest, require

ADAPTER = "adapter.setting"  # its values are labels of adapters whose grids are laid out
OracleName = Literal["random", "bayesian", "grid", "hyperband", "evolution"]
Owner = Literal["architecture", "structure", "recipe", "adapter"]
Rule = Literal["best", "one-standard-error"]
FEWEST = 2  # epochs of the first rung: the weights of one hardly tell a point from another


@dataclass(frozen=True)
class Tuning:
    """How hyperparameters are searched, inside each outer training part.

    Parameters
    ----------
    oracle : {"random", "bayesian", "grid", "hyperband", "evolution"}
        The keras-tuner oracle that proposes; evolution (Real et al. 2019,
        arXiv:1802.01548) is ours. Points go up the rungs by successive halving (Li et al.
        2020, arXiv:1810.05934); Hyperband alone has brackets of its own (Li et al. 2018,
        arXiv:1603.06560).
    trials : int
        Points that are tried, at most.
    epochs : int
        Epochs of a trial that goes all the way up, at most those of the recipe; the
        chosen point is then trained by the whole recipe.
    factor : int
        One point in so many goes on to the next rung, which has so many times the
        epochs. 1: every point is trained all its epochs.
    over : tuple of {"architecture", "structure", "recipe", "adapter"}
        Whose search spaces are joined. A point of the recipe's alone (learning rate,
        batch size) needs no new network, and costs a fraction. The structure is the
        architecture's own space and more: stages, blocks, kernels and their kinds.
    first : {"given", "proposed"}
        Whether the first point is the given setting itself, so that a search that finds
        nothing better does no harm.
    rule : {"best", "one-standard-error"}
        Which point is trained by the whole recipe: the one with the highest score; or the given setting,
        unless the highest score lies more than a standard error above its own (Breiman et al.
        1984). Of few validation items the highest score is often luck.
    seconds : float, optional
        Time for search and final training together. Results then depend on the
        machine's speed.
    flops : float, optional
        Floating-point operations for search and final training together, by
        `epoch_flops`.
    max_params : int, optional
        Trainable parameters of a point. Points are counted before they are trained; a
        larger one is recorded as failed, costs nothing, and is not one of the ``trials``, up to
        ten times as many.
    max_macs : int, optional
        Multiply–accumulates of one forward pass, in the same way.

    Examples
    --------
    >>> Tuning(trials=18, epochs=15).rungs
    (2, 5, 15)
    >>> Tuning(trials=6, epochs=15).rungs
    (5, 15)
    """

    oracle: OracleName = "evolution"
    trials: int = 18
    epochs: int = 15
    factor: int = 3
    over: tuple[Owner, ...] = ("architecture", "recipe")
    first: Literal["given", "proposed"] = "given"
    rule: Rule = "best"
    seconds: float | None = None
    flops: float | None = None
    max_params: int | None = None
    max_macs: int | None = None

    def __post_init__(self) -> None:
        for name, values, known in (
            ("oracle", (self.oracle,), OracleName), ("over", self.over, Owner), ("rule", (self.rule,), Rule),
        ):  # fmt: skip
            for value in values:
                if value not in get_args(known):
                    raise ExperimentError(f"tuning: {name}: got {value!r}; {nearest(str(value), get_args(known))}")
        require(self.trials >= 1, "tuning: trials", "at least 1", self.trials)
        require(self.epochs >= 1, "tuning: epochs", "at least 1", self.epochs)
        lowest = 2 if self.oracle == "hyperband" else 1
        require(self.factor >= lowest, f"tuning: factor of {self.oracle}", f"at least {lowest}", self.factor)
        require(
            not {"architecture", "structure"} <= set(self.over), "tuning: over",
            "'architecture' or 'structure', which holds it", self.over,
        )  # fmt: skip
        require(
            self.oracle != "hyperband" or not (self.max_params or self.max_macs), "tuning: oracle beside max_params or max_macs",
            "one whose brackets need not fill, such as 'random' or 'evolution'", self.oracle,
        )  # fmt: skip
        require(
            self.rule == "best" or self.first == "given", "tuning: rule beside first='proposed'", "'best'", self.rule,
        )  # fmt: skip
        require(len(self.over) > 0, "tuning: over", "'architecture', 'recipe' or both", self.over)
        require(self.seconds is None or self.seconds > 0, "tuning: seconds", "more than 0", self.seconds)
        for name in ("flops", "max_params", "max_macs"):
            value = getattr(self, name)
            require(value is None or value > 0, f"tuning: {name}", "more than 0", value)

    def within(self, epochs: int) -> Tuning:
        """Make no trial longer than the final training: what learns best in more epochs says little of fewer.

        Examples
        --------
        >>> Tuning(epochs=15).within(5).epochs, Tuning(epochs=15).within(40).epochs
        (5, 15)
        """
        return replace(self, epochs=min(self.epochs, epochs))

    @property
    def rungs(self) -> tuple[int, ...]:
        """Epochs that a trial has behind it at the end of each rung.

        So many rungs that two points at least are compared on the last.
        """
        rungs = [self.epochs]
        while self.factor > 1 and self.trials >= 2 * self.factor ** len(rungs):
            fewer = math.ceil(self.epochs / self.factor ** len(rungs))
            if fewer < FEWEST or fewer == rungs[0]:
                break
            rungs.insert(0, fewer)
        return tuple(rungs)

    @property
    def expected_epochs(self) -> int:
        """Epochs of all trials together, if every rung keeps one point in ``factor``."""
        ends = zip((0, *self.rungs), self.rungs, strict=False)
        return sum(self.trials // self.factor**rung * (end - start) for rung, (start, end) in enumerate(ends))
