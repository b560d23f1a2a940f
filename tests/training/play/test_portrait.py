"""Films and watchers: relevance of the action alone, cells where they lie, maps judged on other pictures."""

from __future__ import annotations

import numpy as np
import pytest

from training.explain.gradients import difference
from training.explain.subject import Subject
from training.play.games import game as game_named
from training.play.learner import begin, order_for
from training.play.player import softmax
from training.play.portrait import correlations, in_place, lens_on, portrait, watchers
from training.play.train import prepare
from training.verdict.arms import permute_cells

SMALL = {"name": "dqn-minatar", "layers": ((8, 3, 1),), "units": 32}
PPO = {"name": "ppo", "games": 4, "steps": 8, "batches": 4}


@pytest.fixture(scope="module")
def shuffled():
    """A training on shuffled cells that has not begun, its player and its learner."""
    training = prepare("catch", SMALL, PPO, "permuted", 100, 0)
    player, learner, arena = begin(training)
    return training, player, learner, arena


def test_the_lens_sees_the_actions_and_not_the_value(shuffled):
    training, player, _, arena = shuffled
    game = game_named("catch")
    lens = lens_on(training, player, game)
    outputs = player.outputs(arena.seen)
    assert outputs.shape == (4, 4)  # three actions and the value
    assert lens.logits(arena.seen.astype(np.float32)) == pytest.approx(outputs[:, :3], abs=1e-5)


def test_relevance_lies_where_the_cells_lie_and_accounts_for_the_action(shuffled):
    training, player, learner, _ = shuffled
    game, order = game_named("catch"), order_for(training, game_named("catch"))
    film, _ = portrait(training, game, player, learner.choose, order)
    lens = lens_on(training, player, game)
    assert film.length == len(film.frames) == 9  # shorter than a film may be: all of it
    for frame in film.frames:
        seen, relevance = np.array(frame.seen), np.array(frame.relevance)
        assert seen[..., 0].sum() == seen[..., 1].sum() == 1
        assert np.flatnonzero(seen[-1, :, 1]).size == 1  # the paddle is in the lowest row of the board
        assert not relevance[seen.max(axis=2) == 0].any()  # empty cells are as in the empty board
        x = permute_cells(seen[None], order, 2)[0].astype(np.float32)
        subject = Subject(lens, game.adapter(), x, x, np.zeros_like(x), game.actions.index(frame.action))
        assert relevance.sum() == pytest.approx(difference(subject), rel=0.02, abs=1e-3)
        assert frame.chances == pytest.approx(softmax(lens.logits(x[None]))[0], abs=1e-4)


def test_cells_come_back_from_another_order():
    board = np.arange(24.0).reshape(3, 4, 2)
    order = np.random.default_rng(0).permutation(12)
    assert np.array_equal(in_place(permute_cells(board[None], order, 2)[0], order), board)
    assert in_place(board, None) is board


def test_correlations_are_numpys():
    random = np.random.default_rng(0)
    maps, plane = random.normal(size=(5, 3, 4, 6)), random.normal(size=(5, 3, 4))
    maps[..., 2] = 7.0  # a map that never changes follows nothing
    found = correlations(maps, plane)
    for channel in (0, 1, 3, 4, 5):
        assert found[channel] == pytest.approx(np.corrcoef(maps[..., channel].ravel(), plane.ravel())[0, 1])
    assert found[2] == 0


def test_a_filter_that_copies_a_plane_is_found_to_watch_it():
    training = prepare("catch", SMALL, PPO, "original", 100, 0)
    game, (player, _, arena) = game_named("catch"), begin(training)
    layer = player.model.get_layer("stage1_conv")
    kernel, bias = (np.zeros_like(weights) for weights in layer.get_weights())
    kernel[2, 0, 1, 5] = 1.0  # channel 5 is the paddle, seen at the lower left corner of its window
    layer.set_weights([kernel, bias])
    seen = []
    for step in range(40):
        seen.append(arena.seen)
        arena.step(np.array([step % 3, 1, 2, 0]))
    found = watchers(lens_on(training, player, game), game, np.concatenate(seen), seen[0][0], 0, 0)
    paddle = next(one for one in found if one.plane == "paddle")
    assert (paddle.layer, paddle.channel) == ("stage1", 5)
    assert paddle.correlation == pytest.approx(1.0)
    assert paddle.untrained < 0.999


@pytest.mark.parametrize("name", ["resnet8", "lenet5"])
@pytest.mark.parametrize(
    "algorithm", [PPO, {"name": "dqn", "games": 4, "warm_up": 130, "memory": 500, "duelling": False}]
)
def test_other_networks_of_the_zoo_act_as_well(name: str, algorithm: dict[str, object]):
    training = prepare("catch", name, algorithm, "original", 400, 0)
    player, learner, arena = begin(training)
    before = [weight.copy() for weight in player.model.get_weights()]
    frame = 0
    while frame < 200:
        frame += learner.cycle(arena, frame)
    assert any(not np.array_equal(a, b) for a, b in zip(before, player.model.get_weights(), strict=True))
    assert np.isfinite(player.outputs(arena.seen)).all()
