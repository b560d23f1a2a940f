"""The screen sees neighbours that are alike, along the right axis, and none in noise."""

import json

import numpy as np
import pytest

from training.verdict.screen import screen


def smooth(axis, n=300, size=16, seed=0):
    """Noise, summed along one axis over windows of three cells."""
    noise = np.random.default_rng(seed).normal(size=(n, size, size, 1)).astype(np.float32)
    return noise + np.roll(noise, 1, axis) + np.roll(noise, 2, axis)


@pytest.mark.parametrize(("axis", "name"), [(1, "row"), (2, "column")])
def test_it_names_the_axis(axis, name):
    found = screen(smooth(axis), ["row", "column"])
    seen = {(step.axis, step.distance) for step in found.steps if step.p_value <= 0.01}
    assert found.structure
    assert seen == {(name, 1), (name, 2)}
    assert f"along {name} (up to 2 cells)" in found.sentence


def test_shuffled_cells_seldom_have_neighbours():
    """One axis in a hundred is taken for structure by chance, here two axes thirty times."""
    x = smooth(1, n=100, size=10)
    found = []
    for seed in range(30):
        order = np.random.default_rng(seed).permutation(100)
        shuffled = x.reshape(len(x), 100)[:, order].reshape(x.shape)
        found.append(screen(shuffled, ["row", "column"], seed).structure)
    assert sum(found) <= 3  # more would happen in two of a thousand runs of such a test


def test_noise_is_seldom_taken_for_structure():
    found = [
        screen(np.random.default_rng(seed).normal(size=(60, 20, 1)), ["time"], seed).structure for seed in range(40)
    ]
    assert np.mean(found) <= 0.05


def test_what_all_cells_share_is_no_structure():
    """Pictures that differ in brightness alone: all cells are alike, the next no more than any other."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 1, 1, 1)) + rng.normal(size=(300, 10, 10, 1))
    found = screen(x, ["row", "column"])
    assert found.steps[0].correlation > 0.4
    assert not found.structure


def test_relations_that_no_correlation_sees_are_seen():
    rng = np.random.default_rng(0)
    size = rng.exponential(1, (800, 15)).repeat(2, axis=1)
    x = (size * rng.choice([-1, 1], size.shape))[..., None]
    found = screen(x, ["time"])
    assert found.structure
    assert found.steps[0].correlation < 0.1


def test_ids_are_read_too():
    rng = np.random.default_rng(0)
    pairs = rng.integers(1, 5, (400, 12)).repeat(2, axis=1)
    assert screen(pairs.astype(np.int32), ["token"]).structure
    assert not screen(rng.integers(1, 5, (400, 24)).astype(np.int32), ["token"]).structure


@pytest.mark.parametrize("shape", [(5, 1, 1), (1, 4, 1), (3, 1, 2, 2), (50, 3, 1)])
def test_small_grids_and_few_items_are_no_error(shape):
    x = np.zeros(shape, np.float32)
    found = screen(x, ["a", "b"][: len(shape) - 2])
    assert not found.structure
    json.dumps(found.to_json())


def test_the_seed_decides_everything():
    assert screen(smooth(1), ["row", "column"], 3) == screen(smooth(1), ["row", "column"], 3)
