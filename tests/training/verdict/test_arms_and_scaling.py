"""The control shuffles cells and nothing else; scaling learns from training items alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import ExperimentError
from training.fitting.augment import augmentations_for
from training.fitting.scaling import Scaler
from training.verdict.arms import JUDGED, check, expanded, fixed_permutation, order_of, permute_cells

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 3))


@given(SHAPES, st.integers(0, 2**31))
def test_cells_move_together_with_their_channels(shape, seed):
    rows, columns, channels = shape
    x = np.arange(2 * rows * columns * channels, dtype=np.float32).reshape(2, rows, columns, channels)
    order = fixed_permutation(rows * columns, seed)
    moved = permute_cells(x, order, axes=2)
    assert moved.shape == x.shape
    before = x.reshape(2, -1, channels)
    after = moved.reshape(2, -1, channels)
    assert {tuple(cell) for cell in before[0]} == {tuple(cell) for cell in after[0]}
    np.testing.assert_array_equal(after, before[:, order])


def test_ids_are_shuffled_too():
    x = np.array([[3, 1, 2], [6, 4, 5]], np.int32)
    np.testing.assert_array_equal(permute_cells(x, np.array([2, 0, 1]), axes=1), [[2, 3, 1], [5, 6, 4]])


def test_seed_zero_is_a_seed_like_any_other():
    np.testing.assert_array_equal(fixed_permutation(50, 0), fixed_permutation(50, 0))
    assert (fixed_permutation(50, 0) != fixed_permutation(50, 1)).any()


ARMS = ("permuted", "permuted 2", "mlp permuted", "axis time", "axis mel band", "blocks 2", "blocks 4")


@given(st.sampled_from(ARMS), st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**31))
def test_every_arm_but_the_original_is_an_order_of_all_cells(arm, rows, columns, seed):
    order = order_of(arm, ["time", "mel band"], (rows, columns), 0, seed)
    np.testing.assert_array_equal(np.sort(order), np.arange(rows * columns))


def test_the_original_and_its_mlp_see_the_grid_as_it_is():
    assert order_of("original", ["row"], (9,), 0, 1) is None
    assert order_of("mlp", ["row"], (9,), 0, 1) is None


def test_numbered_permutations_are_the_same_in_every_fold_of_a_repeat_and_differ_from_each_other():
    first, other_fold = (order_of("permuted 0", ["row"], (50,), 3, fold) for fold in (1, 2))
    np.testing.assert_array_equal(first, other_fold)
    assert (first != order_of("permuted 1", ["row"], (50,), 3, 1)).any()
    assert (first != order_of("permuted 0", ["row"], (50,), 3, 1, repeat=1)).any()
    assert (first != order_of("permuted 0", ["row"], (50,), 4, 1)).any()


def test_an_axis_is_shuffled_as_a_whole():
    x = np.arange(60).reshape(1, 6, 10)
    moved = permute_cells(x, order_of("axis time", ["time", "mel band"], (6, 10), 0, 1), axes=2)[0]
    assert sorted(map(tuple, moved)) == sorted(map(tuple, x[0]))
    assert (moved != x[0]).any()


@pytest.mark.parametrize(("shape", "size"), [((8, 12), 4), ((7, 9), 2), ((64,), 8)])
def test_blocks_keep_their_insides(shape, size):
    """Every whole block of the new grid is a whole block of the old one."""
    x = np.arange(np.prod(shape)).reshape(1, *shape)
    moved = permute_cells(x, order_of(f"blocks {size}", ["a", "b"][: len(shape)], shape, 0, 5), axes=len(shape))

    def blocks(grid):
        corners = np.ndindex(*(-(-n // size) for n in shape))
        return {grid[tuple(slice(size * c, size * c + size) for c in corner)].tobytes() for corner in corners}

    assert blocks(moved[0]) == blocks(x[0])
    assert (moved != x).any()


def test_arms_are_written_out_for_a_grid():
    assert expanded(["original", "axes", "blocks"], ["column"], [16]) == ["original", "blocks 2", "blocks 4"]
    assert expanded(["blocks"], ["row", "column"], [4, 4]) == []
    assert expanded(["axes"], ["time", "channel"], [40, 1]) == []
    for arm in JUDGED:
        check(arm)


@pytest.mark.parametrize("arm", ["shuffled", "blocks 0", "permuted x", "axis"])
def test_what_is_no_arm_is_refused(arm):
    with pytest.raises(ExperimentError, match="arm: got"):
        check(arm)


def test_an_axis_that_the_grid_has_not_is_named():
    with pytest.raises(ExperimentError, match="did you mean 'time'"):
        order_of("axis tme", ["time", "mel band"], (4, 4), 0, 0)


def test_scaler_standardises_each_channel():
    x = np.random.default_rng(0).normal([5, -3], [2, 0.5], size=(40, 7, 2)).astype(np.float32)
    scaled = Scaler.fitted(x)(x)
    np.testing.assert_allclose(scaled.mean(axis=(0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=(0, 1)), 1, atol=1e-5)


def test_a_constant_channel_stays_finite():
    x = np.full((3, 4, 1), 7.0, np.float32)
    assert (Scaler.fitted(x)(x) == 0).all()


def test_shift_moves_each_grid_along_the_named_axis_alone():
    x = np.zeros((30, 20, 8, 1), np.float32)
    x[:, 10, 4] = 1
    (shift,) = augmentations_for(["shift:time"], ["time", "mel band"])
    moved = shift(x, np.random.default_rng(0))
    assert (moved.sum(axis=(1, 2, 3)) == 1).all()
    assert (moved[:, :, 4].sum(axis=1) == 1).all()
    places = moved[:, :, 4, 0].argmax(axis=1)
    assert places.min() >= 8
    assert places.max() <= 12
    assert len(set(places)) > 1


def test_mask_blanks_one_stretch_of_the_named_axis():
    (mask,) = augmentations_for(["mask:time"], ["time", "mel band"])
    masked = mask(np.ones((50, 20, 8, 1), np.float32), np.random.default_rng(0))
    blank = (masked == 0).all(axis=(2, 3))
    assert ((masked == 0).any(axis=(2, 3)) == blank).all()
    assert 0 < blank.sum(axis=1).max() <= 4
    assert (np.abs(np.diff(blank.astype(int), axis=1)).sum(axis=1) <= 2).all()


def test_an_unknown_augmentation_names_the_nearest():
    with pytest.raises(ExperimentError, match="did you mean 'shift:time'"):
        augmentations_for(["shfit:time"], ["time"])
