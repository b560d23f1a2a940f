"""scikit-learn's own checks of estimators, for the adapters whose items can be rows of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from adapters.series.series import Series
from adapters.table.placement import PLACEMENTS
from adapters.table.table_grid import TableGrid
from adapters.table.table_row import TableRow
from adapters.text.words import Words

# What scikit-learn cannot know of tables is said in their tags.
ESTIMATORS = [
    Series(),
    TableRow(),
    *(TableGrid(placement=placement) for placement in PLACEMENTS),  # type: ignore[arg-type]
]
OF_SERIES = {
    "check_dtype_object": "what is no number makes a bad item: a ValueError that names it, not a TypeError",
    "check_estimators_empty_data_messages": "an empty series is called one, not a table without columns",
    "check_n_features_in": "samples of a series are no columns: series differ in their number",
    "check_n_features_in_after_fitting": "samples of a series are no columns: series differ in their number",
    "check_transformer_general": "a series of another length than the training items' is brought to theirs",
}


def expected_to_fail(estimator: BaseEstimator) -> dict[str, str]:
    return OF_SERIES if isinstance(estimator, Series) else {}


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=expected_to_fail)
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
