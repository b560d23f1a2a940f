"""What a training leaves behind: plain data that a page is made of. A leaf module."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

from training.records import Settings, canonical

SCHEMA = 1
ARMS = ("original", "permuted", "mlp")


@dataclass(frozen=True)
class Training:
    """Everything that decides how a training goes.

    Parameters
    ----------
    game : str
    architecture, algorithm : dict
        Settings with a ``name``.
    arm : {"original", "permuted", "mlp"}
        The network on the board; the same on shuffled cells; an MLP of equal parameters.
    frames : int
        Steps of the game to learn from.
    seed : int
    versions : dict of str to str
        Libraries that the numbers depend on.
    """

    game: str
    architecture: Settings
    algorithm: Settings
    arm: str
    frames: int
    seed: int
    versions: dict[str, str]

    @property
    def key(self) -> str:
        """Name of its folder: a hash of everything above."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Frame:
    """One picture of a film.

    Parameters
    ----------
    seen : nested list, shape (rows, columns, planes)
        What the network saw, its cells in the board's own order.
    relevance : nested list, shape (rows, columns)
        What speaks for the action (above 0) and against it, in log-odds.
    action : str
    chances : list of float
        Of each action, by the softmax of the network's outputs.
    reward : float
        What came of it.
    step : int
        Of the episode.
    """

    seen: list[list[list[float]]]
    relevance: list[list[float]]
    action: str
    chances: list[float]
    reward: float
    step: int


@dataclass(frozen=True)
class Film:
    """Successive pictures of one episode."""

    method: str
    result: float
    length: int
    frames: list[Frame]


@dataclass(frozen=True)
class Watcher:
    """The feature map that follows one plane of the board best.

    Parameters
    ----------
    plane : str
    layer : str
    channel : int
    correlation : float
        Of the map, laid over the board, and the plane: over the cells of many pictures on which the map was not chosen.
    untrained : float
        The same for the best map of a network with freshly drawn weights.
    map : nested list
        The map on the picture ``frame`` of the film, in the map's own cells.
    frame : int
    """

    plane: str
    layer: str
    channel: int
    correlation: float
    untrained: float
    map: list[list[float]]
    frame: int


@dataclass(frozen=True)
class PlayRecord:
    """One training and what came of it.

    Parameters
    ----------
    training : Training
    parameters : int
    planes, actions : list of str
    spec : dict
        What the grid's cells mean (`adapters.grid.GridSpec`).
    episodes : list of (frame, return, length)
        Episodes of the training, in the order of their ends.
    returns, lengths : list of float
        Of the evaluation: fresh episodes of the trained player, one a game, none left out for its length.
    random : list of float
        Returns of a player who acts at random, on as many episodes.
    cut : int
        Episodes of the evaluation that reached the longest length.
    seconds : float
        By the clock, of the training.
    cpu : float
        Processor seconds of the training; what a busy machine leaves unchanged.
    film : Film or None
    watchers : list of Watcher
    """

    training: Training
    parameters: int
    planes: list[str]
    actions: list[str]
    spec: dict[str, Any]
    episodes: list[tuple[int, float, int]]
    returns: list[float]
    lengths: list[int]
    random: list[float]
    cut: int
    seconds: float
    cpu: float
    film: Film | None = None
    watchers: list[Watcher] = field(default_factory=list)

    @property
    def mean(self) -> float:
        """Mean return of the evaluation."""
        return sum(self.returns) / len(self.returns)

    @property
    def label(self) -> str:
        """Name of the network for people."""
        return str(self.training.architecture.get("label", self.training.architecture["name"]))

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PlayRecord:
        """Inverse of `to_json`.

        Raises
        ------
        ValueError
            If the data is of another schema.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"expected a record of schema {SCHEMA}, got {data.get('schema')!r}")
        own = {name: value for name, value in data.items() if name != "schema"}
        film = own["film"]
        return cls(
            **{
                **own,
                "training": Training(**own["training"]),
                "episodes": [(int(frame), float(value), int(length)) for frame, value, length in own["episodes"]],
                "film": film and Film(**{**film, "frames": [Frame(**one) for one in film["frames"]]}),
                "watchers": [Watcher(**one) for one in own["watchers"]],
            }
        )
