"""From the settings of a training to a learner and its games."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

import zoo
from training.planning import architecture_of
from training.play.arena import Arena
from training.play.dqn import ValueLearner
from training.play.games import Game
from training.play.games import game as game_named
from training.play.player import Player
from training.play.ppo import PolicyLearner
from training.play.records import Training
from training.play.settings import PPO, Algorithm, algorithm
from training.records import Settings
from training.verdict.arms import Order, equal_to, order_of

Learner = PolicyLearner | ValueLearner
Act = Callable[[Arena], NDArray[np.int64]]


def settings_of(training: Training) -> Algorithm:
    """Read the algorithm's settings."""
    own = dict(training.algorithm)
    return algorithm(own.pop("name"), own)


def order_for(training: Training, game: Game) -> Order | None:
    """Give the order of cells of the training's arm; the seed decides it."""
    arm = "permuted 0" if training.arm == "permuted" else "original"
    return order_of(arm, ("row", "column"), (game.rows, game.columns), training.seed, training.seed)


def outputs_of(chosen: Algorithm, game: Game) -> int:
    """Count the network's outputs: one an action, and one for the value if there is one."""
    return len(game.actions) + (isinstance(chosen, PPO) or chosen.duelling)


def drawn_architecture(architecture: Settings, arm: str, chosen: Algorithm, game: Game) -> Settings:
    """Give the settings of the network that an arm trains."""
    own = architecture_of(architecture)
    if arm != "mlp":
        return own.config()
    equal = zoo.equal_mlp(own, zoo.Grid(game.shape), outputs_of(chosen, game))
    # Dropout is there against learning few items by heart; a learner that acts makes new ones all the time.
    plain = dict.fromkeys(("dropout", "input_dropout", "hidden_dropout"), 0.0)
    return {**equal.config(), **plain, "label": equal_to(own.name)}


def begin(training: Training) -> tuple[Player, Learner, Arena]:
    """Make the player, what teaches it, and the games it plays."""
    game, chosen = game_named(training.game), settings_of(training)
    count = len(game.actions)
    valued = outputs_of(chosen, game) > count
    player = Player(training.architecture, game.shape, count, valued, game.full, training.seed)
    arena = Arena(game, chosen.games, training.seed, order_for(training, game))
    if isinstance(chosen, PPO):
        return player, PolicyLearner(player, chosen, training.frames, training.seed), arena
    return player, ValueLearner(player, chosen, game.shape, training.frames, training.seed), arena


def evaluate(training: Training, player: Player, learner: Learner, episodes: int) -> tuple[list[float], list[int], int]:
    """Play fresh episodes, one a game, so that long ones count as much as short ones.

    Returns
    -------
    returns, lengths : list
        One an episode.
    cut : int
        How many reached the longest length.
    """
    game = game_named(training.game)
    random = np.random.default_rng([training.seed, 2])

    def act(arena: Arena) -> NDArray[np.int64]:
        return learner.choose(player.outputs(arena.seen), random)

    return play_out(Arena(game, episodes, training.seed + 1_000_003, order_for(training, game)), act)


def play_at_random(training: Training, episodes: int) -> list[float]:
    """Give the returns of a player who draws every action evenly."""
    game = game_named(training.game)
    random = np.random.default_rng([training.seed, 3])

    def act(_: Arena) -> NDArray[np.int64]:
        return random.integers(len(game.actions), size=episodes)

    return play_out(Arena(game, episodes, training.seed + 2_000_003), act)[0]


def play_out(arena: Arena, act: Act) -> tuple[list[float], list[int], int]:
    """Play until each game's first episode is over."""
    first: dict[int, tuple[float, int]] = {}
    cut = 0
    while len(first) < len(arena.seen):
        step = arena.step(act(arena))
        for number, result, length in arena.episodes:
            if number not in first:
                first[number] = (result, length)
                cut += bool(step.cut[number])
        arena.episodes.clear()
    ordered = [first[number] for number in sorted(first)]
    return [result for result, _ in ordered], [length for _, length in ordered], cut
