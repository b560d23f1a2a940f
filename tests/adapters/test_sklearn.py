"""scikit-learn's own checks of estimators: all where items can be rows of an array, those without data elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks, get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from adapters import registry
from adapters.base import Adapter
from adapters.series.lengths import SeriesAdapter
from adapters.table.placement import PLACEMENTS
from adapters.table.table_grid import TableGrid
from adapters.table.table_row import TableRow
from adapters.text.words import Words

# What scikit-learn cannot know of tables is said in their tags.
ALL = [registry.from_settings({"name": name}) for name in registry.names()]
ESTIMATORS = [
    *(adapter for adapter in ALL if adapter.modality in ("series", "table")),
    *(TableGrid(placement=placement) for placement in PLACEMENTS),  # type: ignore[arg-type]
]
# scikit-learn makes the data of its checks itself, as rows of numbers; pictures, sounds, texts and boards are none.
OTHERS = [adapter for adapter in ALL if not get_tags(adapter).input_tags.two_d_array]
WITHOUT_DATA = [
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_estimator_tags_renamed,
    estimator_checks.check_valid_tag_types,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
    estimator_checks.check_parameters_default_constructible,
    estimator_checks.check_mixin_order,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_set_params,
]
OF_SERIES = {
    "check_dtype_object": "what is no number makes a bad item: a ValueError that names it, not a TypeError",
    "check_estimators_empty_data_messages": "an empty series is called one, not a table without columns",
    "check_n_features_in": "samples of a series are no columns: series differ in their number",
    "check_n_features_in_after_fitting": "samples of a series are no columns: series differ in their number",
    "check_transformer_general": "a series of another length than the training items' is brought to theirs",
}


def expected_to_fail(estimator: BaseEstimator) -> dict[str, str]:
    return OF_SERIES if isinstance(estimator, SeriesAdapter) else {}


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=expected_to_fail)
def test_scikit_learn_s_check(estimator: BaseEstimator, check: Callable[[Any], None]):
    check(estimator)


@pytest.mark.parametrize("check", WITHOUT_DATA, ids=lambda check: check.__name__)
@pytest.mark.parametrize("adapter", OTHERS, ids=lambda adapter: adapter.name)
def test_scikit_learn_s_check_without_data(adapter: Adapter, check: Callable[[str, Any], None]):
    check(type(adapter).__name__, adapter)


def test_tags_say_what_items_are():
    assert {adapter.modality for adapter in OTHERS} == {"image", "sound", "text", "board"}
    assert get_tags(Words()).input_tags.string
    assert get_tags(TableRow()).input_tags.allow_nan


def test_an_unfitted_adapter_is_scikit_learn_s_unfitted_estimator():
    with pytest.raises(NotFittedError, match="call fit"):
        Words().transform(["a"])


def test_columns_are_known_as_scikit_learn_knows_them():
    adapter = TableRow().fit([{"a": 1, "b": "x"}])
    assert adapter.n_features_in_ == 2
    assert adapter.feature_names_in_.tolist() == ["a", "b"]
    assert not hasattr(TableRow(), "n_features_in_")
