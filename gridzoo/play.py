"""Networks that act: ``gz.play.train``, ``gz.play.games``, ``gz.play.report``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.play.records import PlayRecord
    from training.play.train import Watch

ARCHITECTURE = "dqn-minatar"
FRAMES = 2_000_000
OUT = Path("runs/play")


def games() -> list[str]:
    """List the games.

    Examples
    --------
    >>> import gridzoo as gz
    >>> gz.play.games()[:2]
    ['minatar/asterix', 'minatar/breakout']
    """
    from training.play.games import GAMES

    return list(GAMES)


def train(
    game: str,
    architecture: str | dict[str, Any] = ARCHITECTURE,
    *,
    algorithm: str | dict[str, Any] | None = None,
    arm: str = "original",
    frames: int = FRAMES,
    seed: int = 0,
    out: str | Path = OUT,
    watch: Watch | None = None,
) -> PlayRecord:
    """Train a network to play a game, by reward alone.

    Parameters
    ----------
    game : str
        One of `games`. MinAtar's and CartPole need ``pip install 'gridzoo[games]'``.
    architecture : str or dict
        A variant of the zoo that reads two axes, or settings with a ``name``.
    algorithm : str or dict, optional
        ``"dqn"`` or ``"ppo"``, or settings with a ``name`` (`training.play.settings`); what did
        better on this game by default.
    arm : {"original", "permuted", "mlp"}
        The network on the board; the same on shuffled cells; an MLP of equal parameters.
    frames : int
        Steps to learn from, over all games that are played side by side.
    seed : int
        Decides everything, 0 included.
    out : path
        Holds a folder a training. A training that was interrupted goes on from its last
        checkpoint; one that is done is read.
    watch : callable, optional
        Called after each cycle with the frames so far and the episodes, ``(frame, return, length)``.

    Returns
    -------
    PlayRecord
        ``mean`` and ``returns`` of 100 fresh episodes, ``random`` for comparison, ``episodes`` of the training.

    Raises
    ------
    training.errors.ExperimentError, zoo.errors.ZooError
        If there is no such game, setting or network, or the package that plays the game is missing.

    Examples
    --------
    >>> import gridzoo as gz
    >>> record = gz.play.train("minatar/breakout", architecture="dqn-minatar")  # doctest: +SKIP
    >>> record.mean, sum(record.random) / 100  # doctest: +SKIP
    """
    from training.play.train import prepare
    from training.play.train import train as taught

    chosen = {"name": algorithm} if isinstance(algorithm, str) else algorithm
    return taught(prepare(game, architecture, chosen, arm, frames, seed), Path(out), watch)


def report(records: PlayRecord | Sequence[PlayRecord], path: str | Path, command: str = "") -> Path:
    """Write a page on trainings of one game: returns, a film with relevance, the maps that follow its pieces.

    Parameters
    ----------
    records : PlayRecord or sequence of them
        Of one game; arms and seeds are told apart.
    path : path
        HTML page to write.
    command : str
        What makes the page again.

    Raises
    ------
    ValueError
        If there are no records, or they are of several games.
    OSError
        If the page cannot be written.
    """
    from reports.play import page
    from training.play.records import PlayRecord

    own = [records] if isinstance(records, PlayRecord) else list(records)
    return page.write(own, Path(path), command)
