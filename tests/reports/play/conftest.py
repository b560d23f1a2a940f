"""Trainings for the tests of pages on games: made by hand, so that no network has to be trained."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from adapters.board.board import Board
from training.play.records import Film, Frame, PlayRecord, Training, Watcher

HOSTILE = "<img src=x onerror=alert(1)>"
PLANES, ACTIONS = ("ball", HOSTILE), ("left", "stay", "right")
Make = Callable[..., PlayRecord]


def made(arm: str = "original", seed: int = 0, level: float = 5.0, game: str = "catch") -> PlayRecord:
    """Make a record of a training whose evaluation has a known mean."""
    random = np.random.default_rng(seed)
    spec = Board(planes=",".join(PLANES)).fit([np.zeros((6, 4, 2))]).grid_.to_json()
    frames = []
    for step in range(3):
        seen = np.zeros((6, 4, 2))
        seen[step, 1, 0], seen[5, step, 1] = 1, 1
        relevance = np.zeros((6, 4))
        relevance[step, 1], relevance[5, step] = 2.0, -0.5
        frames.append(Frame(seen.tolist(), relevance.tolist(), "left", [0.5, 0.2, 0.3], float(step == 2), step + 7))
    training = Training(game, {"name": "dqn-minatar"}, {"name": "ppo"}, arm, 1000, seed, {"keras": "3"})
    returns = [level - 1, level + 1] * 5
    return PlayRecord(
        training, 1234, list(PLANES), list(ACTIONS), spec,
        [(at, float(level * at / 1000 + random.normal()), 9) for at in range(0, 1000, 20)],
        returns, [9] * 10, [0.0, 1.0] * 5, 0, 61.0, 30.0,
        Film("integrated gradients", 1.0, 9, frames),
        [Watcher("ball", "stage1", 2, 0.91, 0.4, [[0.0, 0.5], [1.0, 0.0]], 1)] if arm != "mlp" else [],
    )  # fmt: skip


@pytest.fixture
def make() -> Make:
    return made
