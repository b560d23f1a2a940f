"""Returns against their definitions, written as plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.play.arena import Step
from training.play.returns import Chain, advantages


@st.composite
def episodes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rewards, ends and cuts of some steps of some games."""
    steps, count = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    flat = steps * count
    rewards = draw(st.lists(st.integers(-3, 3), min_size=flat, max_size=flat))
    kinds = draw(st.lists(st.sampled_from(["on", "on", "on", "ended", "cut"]), min_size=flat, max_size=flat))
    ends = np.array(kinds).reshape(steps, count)
    return np.array(rewards, np.float32).reshape(steps, count), ends == "ended", ends == "cut"


def wanted(rewards: np.ndarray, ended: np.ndarray, cut: np.ndarray, start: int, n: int, discount: float):
    """n-step return of one step of one game: its reward, the step that follows, what that is worth; None if open."""
    total = 0.0
    for k in range(n):
        if start + k >= len(rewards):
            return None
        total += discount**k * rewards[start + k]
        if ended[start + k]:
            return total, start + k, 0.0
        if cut[start + k]:
            return total, start + k, discount ** (k + 1)
    return total, start + n - 1, discount**n


@settings(max_examples=80, deadline=None)
@given(episodes(), st.integers(1, 5), st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_n_step_returns_are_those_of_the_definition(data, n: int, discount: float):
    rewards, ended, cut = data
    steps, count = rewards.shape
    chain, found = Chain(count, n, discount), []
    for at in range(steps):
        # A picture is marked with the step and the game that it is of.
        before = np.array([[[[at, game]]] for game in range(count)], np.uint8)
        after = np.array([[[[at + 100, game]]] for game in range(count)], np.uint8)
        found += chain.add(before, np.full(count, at % 4), Step(rewards[at], ended[at], cut[at], after))
    got = {(int(one.before[0, 0, 0]), int(one.before[0, 0, 1])): one for one in found}
    assert len(got) == len(found)  # no step twice
    for start in range(steps):
        for game in range(count):
            expected = wanted(rewards[:, game], ended[:, game], cut[:, game], start, n, discount)
            one = got.get((start, game))
            assert (one is None) == (expected is None)
            if one is not None and expected is not None:
                assert one.reward == pytest.approx(expected[0], abs=1e-5)
                assert one.after[0, 0].tolist() == [expected[1] + 100, game]
                assert one.discount == pytest.approx(expected[2])
                assert one.action == start % 4


def test_open_steps_survive_a_checkpoint():
    chain, other = Chain(1, 3, 0.9), Chain(1, 3, 0.9)
    picture = np.array([[[[1, 2]]]], np.uint8)
    step = Step(np.ones(1, np.float32), np.zeros(1, bool), np.zeros(1, bool), picture)
    chain.add(picture, np.zeros(1, np.int64), step)
    other.restore(chain.state())
    for _ in range(2):
        mine, theirs = (one.add(picture, np.zeros(1, np.int64), step) for one in (chain, other))
    assert [(one.reward, one.discount) for one in mine] == [(one.reward, one.discount) for one in theirs]
    assert mine[0].reward == pytest.approx(1 + 0.9 + 0.81)


@settings(max_examples=80, deadline=None)
@given(episodes(), st.sampled_from([0.0, 0.9, 1.0]), st.sampled_from([0.0, 0.95, 1.0]), st.integers(0, 2**31))
def test_advantages_are_those_of_the_definition(data, discount: float, smoothing: float, seed: int):
    rewards, ended, cut = data
    over = ended | cut
    steps, count = rewards.shape
    values = np.random.default_rng(seed).normal(size=(steps + 1, count)).astype(np.float32)
    gains, targets = advantages(rewards, values[:-1], values[-1], over, discount, smoothing)
    for start in range(steps):
        for game in range(count):
            total, weight = 0.0, 1.0
            for at in range(start, steps):  # the sum of equation 16, until the episode is over
                following = 0.0 if over[at, game] else values[at + 1, game]
                total += weight * (rewards[at, game] + discount * following - values[at, game])
                weight *= discount * smoothing
                if over[at, game]:
                    break
            assert gains[start, game] == pytest.approx(total, rel=1e-4, abs=1e-4)
    assert targets == pytest.approx(gains + values[:-1], abs=1e-5)
