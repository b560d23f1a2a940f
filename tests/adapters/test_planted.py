"""What is planted is there, and nothing else: cells alone tell nothing, but for kind ``none``."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from adapters.errors import DataError
from adapters.sources.planted import KINDS, planted


def flat(kind, **dials):
    made = planted(kind, **{"items": 600, **dials})
    return np.stack(made.items).reshape(len(made), -1), made.labels


def linear(x, y):
    return cross_val_score(LogisticRegression(C=0.1, max_iter=500), 8 * (x - 0.5), y, cv=5).mean()


@pytest.mark.parametrize("kind", ["local", "global"])
def test_no_cell_tells_the_classes_apart(kind):
    assert linear(*flat(kind)) < 0.58


def test_cells_tell_them_apart_where_no_structure_is_planted():
    assert linear(*flat("none", strength=2.0)) > 0.8


@pytest.mark.parametrize("kind", KINDS)
def test_without_strength_nothing_does(kind):
    assert linear(*flat(kind, strength=0.0)) < 0.58


def test_strokes_are_found_by_whoever_looks_for_them():
    x, y = flat("local", strength=3.0)
    grids = x.reshape(len(x), 12, 12) - 0.5
    windows = [np.lib.stride_tricks.sliding_window_view(grids, 4, axis=axis).mean(axis=-1) for axis in (2, 1)]
    level, upright = (np.sum(window**4, axis=(1, 2)) for window in windows)
    assert np.mean((upright > level) == (y == "upright")) > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_decides_everything(kind):
    first, same, other = (flat(kind, seed=seed)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


@pytest.mark.parametrize("dials", [{"kind": "locla"}, {"items": 2}, {"size": 1}, {"strength": -1.0}])
def test_dials_out_of_range_are_refused(dials):
    with pytest.raises(DataError, match="planted: expected"):
        planted(**{"kind": "local", **dials})
