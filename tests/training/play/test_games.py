"""Games: what a seed decides, what is drawn, and what a copy of their state restores."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from training.errors import ExperimentError
from training.play import cartpole, games
from training.play.arena import Arena
from training.verdict.arms import fixed_permutation

NAMES = list(games.GAMES)
STEPS = 250


def started(name: str) -> games.Game:
    game = games.game(name)
    if game.package:
        pytest.importorskip(game.package)
    return game


def actions_for(game: games.Game, count: int, steps: int = STEPS) -> np.ndarray:
    return np.random.default_rng(7).integers(len(game.actions), size=(steps, count))


def played(arena: Arena, actions: np.ndarray) -> list[tuple[bytes, bytes, bytes]]:
    return [
        (step.rewards.tobytes(), step.over.tobytes(), arena.seen.tobytes()) for step in (arena.step(a) for a in actions)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_decides_everything_and_zero_is_one(name: str):
    game = started(name)
    actions = actions_for(game, 3)
    one, same, other = (played(Arena(game, 3, seed), actions) for seed in (0, 0, 1))
    assert one == same
    assert one != other


@pytest.mark.parametrize("name", NAMES)
def test_a_game_plays_the_same_alone_and_among_others(name: str):
    game = started(name)
    actions = actions_for(game, 4)
    many, alone = Arena(game, 4, 0), Arena(game, 1, 0)
    for step in actions:
        many.step(step)
        alone.step(step[:1])
        assert np.array_equal(many.seen[0], alone.seen[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_copied_state_goes_on_as_the_game_would(name: str):
    game = started(name)
    actions = actions_for(game, 3, 2 * STEPS)
    arena = Arena(game, 3, 0)
    played(arena, actions[:STEPS])
    text = json.dumps(arena.state())  # plain data: nothing of it needs unpickling
    undisturbed = played(arena, actions[STEPS:])
    elsewhere = Arena(game, 3, 99)
    played(elsewhere, actions[:17])
    elsewhere.restore(json.loads(text))
    assert played(elsewhere, actions[STEPS:]) == undisturbed


@pytest.mark.parametrize("name", NAMES)
def test_what_is_drawn_is_what_the_grid_says(name: str):
    game = started(name)
    arena = Arena(game, 4, 0)
    played(arena, actions_for(game, 4, 40))
    adapter = game.adapter()
    assert adapter.grid_.channels == game.planes
    grids = adapter.transform(list(arena.seen / game.full))
    assert np.allclose(grids, arena.seen / game.full)
    assert arena.seen.max() == game.full


def test_minatar_planes_are_in_the_packages_order():
    minatar = pytest.importorskip("minatar")
    for name, planes in games.minatar_games.PLANES.items():
        channels = minatar.Environment(name).env.channels
        assert sorted(channels.values()) == list(range(len(planes)))
        ordered = sorted(channels, key=channels.__getitem__)
        assert len(ordered) == len(planes)
    breakout = minatar.Environment("breakout").env.channels
    assert [name for name, _ in sorted(breakout.items(), key=lambda pair: pair[1])] == list(
        games.minatar_games.PLANES["breakout"]
    )


def test_another_order_of_cells_moves_cells_and_nothing_else():
    game = started("catch")
    order = fixed_permutation(game.rows * game.columns, 5)
    actions = actions_for(game, 2, 60)
    plain, shuffled = Arena(game, 2, 0), Arena(game, 2, 0, order)
    for step in actions:
        own, other = plain.step(step), shuffled.step(step)
        assert np.array_equal(own.rewards, other.rewards)
        assert np.array_equal(plain.seen.reshape(2, -1, 2)[:, order], shuffled.seen.reshape(2, -1, 2))


def test_long_episodes_are_cut_and_show_their_last_picture():
    game = started("cartpole")
    arena = Arena(replace(game, longest=5), 2, 0)
    steps = [arena.step(np.array([at % 2, (at + 1) % 2])) for at in range(5)]
    assert [step.cut.any() for step in steps] == [False] * 4 + [True]
    assert not any(step.ended.any() for step in steps)
    assert [length for _, _, length in arena.episodes] == [5, 5]
    assert not np.array_equal(steps[-1].after, arena.seen)  # one is the end, the other a beginning


@pytest.mark.parametrize(("place", "angle"), [(0.0, 0.0), (1.03, 0.1), (-0.52, -0.2)])
def test_the_cart_and_the_pole_are_where_the_physics_says(place: float, angle: float):
    drawn = cartpole.picture(np.array([place, 0.0, angle, 0.0])).astype(float) / cartpole.FULL
    middles = (np.arange(cartpole.COLUMNS) + 0.5 - cartpole.COLUMNS / 2) * cartpole.CELL
    cart = drawn[-1, :, 0]
    assert cart.sum() * cartpole.CELL == pytest.approx(cartpole.CART, abs=0.01)
    assert (cart * middles).sum() / cart.sum() == pytest.approx(place, abs=0.01)
    for height in range(cartpole.ROWS - 2):
        row = drawn[cartpole.ROWS - 2 - height, :, 1]
        assert (row * middles).sum() / row.sum() == pytest.approx(
            place + np.sin(angle) * (height + 0.5) * cartpole.CELL, abs=0.01
        )


def test_a_missing_package_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch):
    absent = replace(games.game("minatar/breakout"), package="minatar_that_is_not_there")
    with pytest.raises(ExperimentError, match=r"expected the package .* pip install 'gridzoo\[games\]'"):
        absent.start()


def test_an_unknown_game_is_refused_with_the_nearest():
    with pytest.raises(ExperimentError, match="did you mean 'minatar/breakout'"):
        games.game("minatar/brakeout")
