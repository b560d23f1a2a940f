"""The control shuffles cells and nothing else; scaling learns from training items alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import ExperimentError
from training.fitting.augment import augmentations_for
from training.fitting.scaling import Scaler
from training.verdict.arms import fixed_permutation, permute_cells

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
