"""Train a player: resumable to the step, and done once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from training.errors import ExperimentError, nearest, require
from training.folder import write_atomically
from training.lock import locked
from training.play import checkpoint
from training.play.arena import Arena
from training.play.games import game as game_named
from training.play.learner import Learner, begin, drawn_architecture, evaluate, order_for, play_at_random
from training.play.player import Player
from training.play.portrait import portrait
from training.play.records import ARMS, PlayRecord, Training
from training.play.settings import algorithm, written
from training.records import Settings, canonical

EPISODES = 100  # of the evaluation
EVERY = 60.0  # seconds between checkpoints
LIBRARIES = ("keras", "numpy", "tensorflow")
Watch = Callable[[int, list[tuple[int, float, int]]], None]


def prepare(
    game: str, architecture: str | Settings, chosen: Settings | None, arm: str, frames: int, seed: int
) -> Training:
    """Settle everything that decides a training.

    Parameters
    ----------
    chosen : dict, optional
        The algorithm: a ``name``, and settings that differ from its defaults.

    Raises
    ------
    ExperimentError, zoo.errors.ZooError
        If there is no such game, arm, algorithm, setting or architecture.
    """
    found = game_named(game)
    if arm not in ARMS:
        raise ExperimentError(f"arm: got {arm!r}; {nearest(arm, ARMS)}")
    require(frames >= 1, "frames", "1 or more", frames)
    require(seed >= 0, "seed", "0 or more", seed)
    own = dict(chosen or {"name": found.learner})
    settings = algorithm(str(own.pop("name", found.learner)), own)
    given = {"name": architecture} if isinstance(architecture, str) else architecture
    network = drawn_architecture(given, arm, settings, found)
    packages = [*LIBRARIES, *([found.package] if found.package else [])]
    found.start()  # says at once if a package is missing
    return Training(game, network, written(settings), arm, frames, seed, {name: version(name) for name in packages})


def train(training: Training, out: Path, watch: Watch | None = None) -> PlayRecord:
    """Train, or go on with what was begun in the folder, or read what is there already.

    Parameters
    ----------
    training : Training
    out : path
        Holds a folder a training: its checkpoint, then its weights and its record.
    watch : callable, optional
        Called after each cycle with the number of frames and all episodes so far.

    Returns
    -------
    PlayRecord
        The same, to the last digit, whether the training was interrupted or not; but for its seconds.

    Raises
    ------
    ExperimentError
        If another process is at this training.
    OSError
        If the folder cannot be written.
    """
    folder = out / training.key
    kept = load_record(folder)
    if kept is not None:
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        return _done(training, folder, watch)


def _done(training: Training, folder: Path, watch: Watch | None) -> PlayRecord:
    """Do the training and leave its record; for the holder of the folder's lock."""
    for leftover in folder.glob(".*.tmp"):
        leftover.unlink(missing_ok=True)
    player, learner, arena = begin(training)
    episodes, seconds, cpu = _taught(training, folder / "checkpoint.npz", learner, arena, watch)
    played = evaluate(training, player, learner, EPISODES)
    record = _record(training, player, learner, episodes, played, (seconds, cpu))
    player.model.save_weights(folder / "player.weights.h5")
    write_atomically(folder / "record.json", canonical(record.to_json()))
    (folder / "checkpoint.npz").unlink(missing_ok=True)
    return record


def _taught(
    training: Training, path: Path, learner: Learner, arena: Arena, watch: Watch | None
) -> tuple[list[tuple[int, float, int]], float, float]:
    """Do all cycles; give the episodes, and the seconds by clock and by processor."""
    frame = 0
    episodes: list[tuple[int, float, int]] = []
    before = [0.0, 0.0]
    found = checkpoint.load(path)
    if found is not None:
        state, arrays = found
        frame, before = int(state["frame"]), state["seconds"]
        episodes = [tuple(one) for one in state["episodes"]]
        arena.restore(state["arena"])
        learner.restore(state["learner"], arrays)
    begun, saved = (time.monotonic(), time.process_time()), time.monotonic()

    def spent() -> list[float]:
        return [before[0] + time.monotonic() - begun[0], before[1] + time.process_time() - begun[1]]

    while frame < training.frames:
        frame += learner.cycle(arena, frame)
        episodes += [(frame, result, length) for _, result, length in arena.episodes]
        arena.episodes.clear()
        if watch is not None:
            watch(frame, episodes)
        if time.monotonic() - saved > EVERY:
            state = {"frame": frame, "seconds": spent(), "episodes": episodes}
            state |= {"arena": arena.state(), "learner": learner.state()}
            checkpoint.save(path, state, learner.arrays())
            saved = time.monotonic()
    seconds, cpu = spent()
    return episodes, seconds, cpu


def _record(
    training: Training,
    player: Player,
    learner: Learner,
    episodes: list[tuple[int, float, int]],
    played: tuple[list[float], list[int], int],
    spent: tuple[float, float],
) -> PlayRecord:
    game = game_named(training.game)
    film, watchers = portrait(training, game, player, learner.choose, order_for(training, game))
    return PlayRecord(
        training, player.parameters, list(game.planes), list(game.actions), game.adapter().grid_.to_json(),
        episodes, *played[:2], play_at_random(training, EPISODES), played[2], *spent, film, watchers,
    )  # fmt: skip


def load_record(folder: Path) -> PlayRecord | None:
    """Read the record of a training; None if there is none, or if it is damaged (it is then done again)."""
    try:
        data: dict[str, Any] = json.loads((folder / "record.json").read_bytes())
        return PlayRecord.from_json(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
