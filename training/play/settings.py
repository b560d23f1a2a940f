"""What decides a learner: the hyperparameters of DQN and of PPO, with their defaults for boards of 10×10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from training.errors import ExperimentError, nearest, require
from training.records import Settings


@dataclass(frozen=True)
class DQN:
    """Deep Q-learning: double, with n-step returns and prioritised replay.

    Parameters
    ----------
    games : int
        Games played side by side; each cycle steps all of them once.
    updates : int
        Updates a cycle, in one call of the compiled program.
    batch : int
        Transitions an update.
    rate : float
        Adam's learning rate, falling linearly to a tenth.
    discount : float
        Worth of a reward one step later.
    steps : int
        Rewards that are added up before the target network speaks.
    duelling : bool
        Whether the network says the state's value and the actions' advantages apart.
    memory : int
        Transitions kept.
    warm_up : int
        Frames before the first update.
    explore : float
        Share of all frames over which the rate of random actions falls from 1.
    least_random : float
        Rate of random actions from there on.
    sync : int
        Updates between copies of the network to the target network.
    priority, correction : float
        Exponents of prioritised replay: of the errors, and of the correcting weights at the
        start, which rises to 1. A ``priority`` of 0 draws evenly.

    References
    ----------
    Mnih et al. (2015), doi:10.1038/nature14236. van Hasselt, Guez, Silver (2016),
    arXiv:1509.06461. Wang et al. (2016), arXiv:1511.06581. Schaul et al. (2016),
    arXiv:1511.05952. Hessel et al. (2018), arXiv:1710.02298.
    """

    games: int = 32
    updates: int = 2
    batch: int = 128
    rate: float = 5e-4
    discount: float = 0.99
    steps: int = 3
    duelling: bool = True
    memory: int = 100_000
    warm_up: int = 5_000
    explore: float = 0.1
    least_random: float = 0.02
    sync: int = 500
    priority: float = 0.5
    correction: float = 0.4

    name: ClassVar[str] = "dqn"

    def __post_init__(self) -> None:
        _at_least_one(self, "games", "updates", "batch", "steps", "memory", "sync")
        _shares(self, "discount", "explore", "least_random", "priority", "correction")
        require(self.rate > 0, "dqn.rate", "a number above 0", self.rate)
        require(self.warm_up >= self.batch, "dqn.warm_up", f"at least one batch ({self.batch})", self.warm_up)
        require(self.memory > self.warm_up, "dqn.memory", f"more than warm_up ({self.warm_up})", self.memory)


@dataclass(frozen=True)
class PPO:
    """Proximal policy optimisation: a policy and a value that share all features.

    Parameters
    ----------
    games : int
        Games played side by side.
    steps : int
        Steps of each game before the network learns from them.
    epochs, batches : int
        Passes over those steps, and updates a pass; all in one call of the compiled program.
    rate : float
        Adam's learning rate, falling linearly to zero.
    discount, smoothing : float
        γ and λ of generalised advantage estimation.
    clip : float
        How far an update may move the odds of an action.
    entropy : float
        Weight of the policy's entropy.
    value : float
        Weight of the value's error.
    longest : float
        Norm that a gradient is cut to.

    References
    ----------
    Schulman et al. (2017), arXiv:1707.06347; (2016), arXiv:1506.02438.
    """

    games: int = 64
    steps: int = 128
    epochs: int = 4
    batches: int = 8
    rate: float = 1e-3
    discount: float = 0.99
    smoothing: float = 0.95
    clip: float = 0.2
    entropy: float = 0.03
    value: float = 0.5
    longest: float = 0.5

    name: ClassVar[str] = "ppo"

    def __post_init__(self) -> None:
        _at_least_one(self, "games", "steps", "epochs", "batches")
        _shares(self, "discount", "smoothing")
        for name in ("rate", "clip", "longest"):
            require(getattr(self, name) > 0, f"ppo.{name}", "a number above 0", getattr(self, name))
        for name in ("entropy", "value"):
            require(getattr(self, name) >= 0, f"ppo.{name}", "0 or more", getattr(self, name))
        frames = self.games * self.steps
        require(frames % self.batches == 0, "ppo.batches", f"a divisor of games × steps ({frames})", self.batches)


Algorithm = DQN | PPO
KINDS = {"int": ("int",), "float": ("int", "float"), "bool": ("bool",)}  # annotations are texts, in a module like this
ALGORITHMS: Mapping[str, type[DQN] | type[PPO]] = {"dqn": DQN, "ppo": PPO}


def algorithm(name: str, overrides: Mapping[str, Any] | None = None) -> Algorithm:
    """Make an algorithm from its name.

    Raises
    ------
    ExperimentError
        If there is no such algorithm or setting, or a value lies outside its range.

    Examples
    --------
    >>> algorithm("ppo", {"games": 32}).games
    32
    """
    if name not in ALGORITHMS:
        raise ExperimentError(f"algorithm: got {name!r}; {nearest(name, ALGORITHMS)}")
    known = {field.name: field.type for field in fields(ALGORITHMS[name])}
    for key, value in (overrides or {}).items():
        if key not in known:
            raise ExperimentError(f"setting of {name}: got {key!r}; {nearest(key, known)}")
        require(type(value).__name__ in KINDS[str(known[key])], f"{name}.{key}", str(known[key]), value)
    return ALGORITHMS[name](**(overrides or {}))


def written(chosen: Algorithm) -> Settings:
    """Plain data for JSON."""
    return {"name": chosen.name, **asdict(chosen)}


def _at_least_one(chosen: Algorithm, *names: str) -> None:
    for name in names:
        require(getattr(chosen, name) >= 1, f"{chosen.name}.{name}", "1 or more", getattr(chosen, name))


def _shares(chosen: Algorithm, *names: str) -> None:
    for name in names:
        require(0 <= getattr(chosen, name) <= 1, f"{chosen.name}.{name}", "0 to 1", getattr(chosen, name))
