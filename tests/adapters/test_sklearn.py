"""scikit-learn's own checks of estimators, for the adapters whose items can be rows of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from adapters.table.placement import PLACEMENTS
from adapters.table.table_grid import TableGrid
from adapters.table.table_row import TableRow
from adapters.text.words import Words

# No check is expected to fail: what scikit-learn cannot know of tables is said in their tags.
ESTIMATORS = [TableRow(), *(TableGrid(placement=placement) for placement in PLACEMENTS)]  # type: ignore[arg-type]


@parametrize_with_checks(ESTIMATORS)
def test_scikit_learn_s_check(estimator: BaseEstimator, check: Callable[[Any], None]):
    check(estimator)


def test_an_unfitted_adapter_is_scikit_learn_s_unfitted_estimator():
    with pytest.raises(NotFittedError, match="call fit"):
        Words().transform(["a"])


def test_columns_are_known_as_scikit_learn_knows_them():
    adapter = TableRow().fit([{"a": 1, "b": "x"}])
    assert adapter.n_features_in_ == 2
    assert adapter.feature_names_in_.tolist() == ["a", "b"]
    assert not hasattr(TableRow(), "n_features_in_")
