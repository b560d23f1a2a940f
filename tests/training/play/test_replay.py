"""Prioritised replay: who is drawn how often, who is forgotten, and what corrects for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from training.play.replay import SMALLEST, Replay, SumTree
from training.play.returns import Transition


def transition(number: int) -> Transition:
    return Transition(np.full((1, 1, 1), number, np.uint8), number, float(number), np.zeros((1, 1, 1), np.uint8), 0.5)


def filled(count: int, size: int = 16, priority: float = 0.5) -> Replay:
    replay = Replay(size, (1, 1, 1), priority)
    replay.add([transition(number) for number in range(count)])
    return replay


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=20).filter(any), st.floats(0, 1, exclude_max=True))
def test_an_amount_lies_in_the_leaf_where_the_running_sum_reaches_it(weights: list[int], share: float):
    tree = SumTree(len(weights))
    tree.put(np.arange(len(weights)), np.array(weights, float))
    assert tree.total == sum(weights)
    amount = share * tree.total
    leaf = int(tree.find(np.array([amount]))[0])
    assert weights[leaf] > 0
    assert sum(weights[:leaf]) <= amount < sum(weights[: leaf + 1]) + 1e-9


def test_transitions_are_drawn_in_proportion_to_a_power_of_their_errors():
    replay = filled(4)
    errors = np.array([0.0, 0.25, 1.0, 4.0])
    replay.learn(np.arange(4), errors.astype(np.float32))
    random = np.random.default_rng(0)
    drawn = np.concatenate([replay.draw(8, 0.4, random).places for _ in range(2_000)])
    shares = (errors + SMALLEST) ** 0.5
    expected = shares / shares.sum() * len(drawn)
    # Strata make draws more even than chance would: the statistic is smaller, never larger, for right proportions.
    assert stats.chisquare(np.bincount(drawn, minlength=4), expected).pvalue > 0.01


def test_weights_undo_the_drawing_wholly_at_a_correction_of_one():
    replay = filled(4)
    replay.learn(np.arange(4), np.array([0.1, 0.5, 1.0, 4.0], np.float32))
    random = np.random.default_rng(0)
    total, weight = np.zeros(4), 0.0
    for _ in range(4_000):
        batch = replay.draw(4, 1.0, random)
        probability = replay.tree.weights(batch.places) / replay.tree.total
        assert batch.weights == pytest.approx((1 / probability) / (1 / probability).max(), rel=1e-5)
        np.add.at(total, batch.places, 1 / probability)
        weight += len(batch.places)
    assert total / weight == pytest.approx(np.ones(4), rel=0.1)  # each transition counts the same


def test_a_priority_of_zero_draws_evenly():
    replay = filled(5, priority=0.0)
    replay.learn(np.arange(5), np.array([0, 1, 2, 3, 100], np.float32))
    batch = replay.draw(5, 0.4, np.random.default_rng(0))
    assert sorted(batch.places) == [0, 1, 2, 3, 4]  # five equal strata
    assert batch.weights.tolist() == [1.0] * 5


def test_new_transitions_are_as_likely_as_the_most_surprising():
    replay = filled(2)
    replay.learn(np.array([0]), np.array([8.0], np.float32))
    replay.add([transition(2)])
    assert replay.tree.weights(np.array([2]))[0] == replay.tree.weights(np.array([0]))[0] > 1


def test_the_oldest_make_room():
    replay = filled(16, size=6)
    assert replay.count == 6
    assert sorted(replay.actions.tolist()) == [10, 11, 12, 13, 14, 15]
    assert (replay.before[:, 0, 0, 0] == replay.actions).all()


def test_a_copy_draws_as_the_original_would():
    replay, copy = filled(9, size=6), filled(0, size=6)
    replay.learn(np.array([1, 4]), np.array([3.0, 0.2], np.float32))
    copy.restore({name: array.copy() for name, array in replay.arrays().items()})
    one, other = (kept.draw(4, 0.6, np.random.default_rng(3)) for kept in (replay, copy))
    assert all(np.array_equal(vars(one)[name], vars(other)[name]) for name in vars(one))
    for kept in (replay, copy):
        kept.add([transition(77)])
    assert np.array_equal(replay.actions, copy.actions)
