"""Which games there are: what is seen, what can be done, and who plays them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import ModuleType

import numpy as np

from adapters.board.board import Board
from training.errors import ExperimentError, nearest
from training.play import cartpole, catch, minatar_games
from training.play.simulator import Simulator


@dataclass(frozen=True)
class Game:
    """What a learner is told of a game.

    Parameters
    ----------
    name : str
    make : callable
        Starts one; takes the package that plays it.
    rows, columns : int
    planes : tuple of str
        What the channels of an observation show.
    actions : tuple of str
    longest : int
        Steps after which an episode is cut.
    package : str
        The package that plays it; empty for our own.
    full : int
        What a cell holds that is covered wholly.
    learner : str
        The algorithm that did better in ``benchmarks/games.py settings``.
    """

    name: str
    make: Callable[[ModuleType | None], Simulator]
    rows: int
    columns: int
    planes: tuple[str, ...]
    actions: tuple[str, ...]
    longest: int
    package: str = ""
    full: int = 1
    learner: str = "ppo"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of an observation."""
        return self.rows, self.columns, len(self.planes)

    def adapter(self) -> Board:
        """Make the adapter that names what a network sees."""
        return Board(planes=",".join(self.planes)).fit([np.zeros(self.shape)])

    def start(self) -> Simulator:
        """Start one game.

        Raises
        ------
        ExperimentError
            If the package that plays it is not installed.
        """
        if not self.package:
            return self.make(None)
        try:
            return self.make(import_module(self.package))
        except ModuleNotFoundError as error:
            if error.name != self.package:
                raise
            raise ExperimentError(
                f"{self.name}: expected the package {self.package!r}, which plays this game; "
                "install it with: pip install 'gridzoo[games]'"
            ) from error


def _minatar(name: str) -> Game:
    # Longer than any episode a learner meets in training; a policy that has mastered a game could go on for ever.
    longest, planes = 10_000, minatar_games.PLANES[name]
    make = partial(_start_minatar, name)
    size = (minatar_games.ROWS, minatar_games.COLUMNS)
    return Game(f"minatar/{name}", make, *size, planes, minatar_games.ACTIONS, longest, "minatar")


def _start_minatar(name: str, package: ModuleType | None) -> Simulator:
    assert package is not None, "MinAtar plays its own games"
    return minatar_games.MinAtar(package, name)


def _start_cartpole(package: ModuleType | None) -> Simulator:
    assert package is not None, "Gymnasium plays CartPole"
    return cartpole.CartPole(package)


GAMES: Mapping[str, Game] = {
    game.name: game
    for game in (
        *(_minatar(name) for name in minatar_games.PLANES),
        Game("cartpole", _start_cartpole, cartpole.ROWS, cartpole.COLUMNS, cartpole.PLANES, cartpole.ACTIONS, 500,
             "gymnasium", cartpole.FULL),
        Game("catch", lambda _: catch.Catch(), catch.ROWS, catch.COLUMNS, catch.PLANES, catch.ACTIONS, catch.ROWS),
    )
}  # fmt: skip


def game(name: str) -> Game:
    """Find a game by its name.

    Raises
    ------
    ExperimentError
        If there is none of that name; says which are near.

    Examples
    --------
    >>> game("minatar/breakout").planes
    ('paddle', 'ball', 'trail', 'brick')
    """
    if name not in GAMES:
        raise ExperimentError(f"game: got {name!r}; {nearest(name, GAMES)}")
    return GAMES[name]
