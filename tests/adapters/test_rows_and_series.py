"""Tables follow scikit-learn's manners; series come to one length."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from adapters.errors import DataError, ItemError
from adapters.series.series import Series
from adapters.table.table_row import TableRow

RNG = np.random.default_rng(7)


def test_numbers_equal_standard_scaler():
    table = RNG.normal(5, 3, size=(50, 4))
    table[:, 3] = 0.1  # constant, with a deviation of rounding errors
    expected = StandardScaler().fit_transform(table)
    np.testing.assert_allclose(TableRow().fit_transform(table)[..., 0], expected, atol=1e-6)


def test_missing_numbers_take_the_mean_and_are_counted():
    frame = pd.DataFrame({"a": [1.0, None, 3.0], "b": ["x", None, "y"], "c": pd.array([1, None, 2], dtype="Int64")})
    adapter = TableRow()
    grids = adapter.fit_transform(frame)
    assert [column["missing"] for column in adapter.columns_] == [1, 1, 1]
    assert [column["mean"] for column in adapter.columns_] == [2.0, 0.0, 1.5]
    assert grids[1].ravel().tolist() == [0, 0, 0, 0]


def test_a_frame_its_rows_and_dicts_are_one():
    frame = pd.DataFrame({"n": [1, 2, 5], "c": ["p", "q", "p"]})
    expected = TableRow().fit_transform(frame.to_dict("records"))
    np.testing.assert_array_equal(TableRow().fit_transform(frame), expected)
    np.testing.assert_array_equal(TableRow().fit_transform([row for _, row in frame.iterrows()]), expected)


def test_columns_are_found_by_name_not_by_place():
    adapter = TableRow().fit([{"a": 1, "b": 10}, {"a": 2, "b": 30}])
    np.testing.assert_array_equal(adapter.transform([{"a": 1, "b": 30}]), adapter.transform([{"b": 30, "a": 1}]))


def test_relevance_of_categories_adds_up_to_their_column():
    adapter = TableRow().fit([{"n": 1, "c": "p", "m": 0}, {"n": 2, "c": "q", "m": 1}, {"n": 3, "c": "r", "m": 1}])
    found = adapter.backproject(np.array([1.0, 10, 20, 30, 5]), {"n": 1, "c": "p", "m": 0})
    assert found.axes[0].labels == ("n", "c", "m")
    np.testing.assert_allclose(found.values, [1, 60, 5])


def test_rare_categories_are_left_out():
    adapter = TableRow(max_categories=2).fit([{"c": c} for c in "aabbbc"])
    assert adapter.grid_.axes[0].labels == ("c=a", "c=b")
    assert adapter.transform([{"c": "c"}]).sum() == 0


def test_complete_rows_come_back():
    rows = [{"n": 1.5, "c": "p"}, {"n": -2.25, "c": "q"}]
    adapter = TableRow().fit(rows)
    back = adapter.inverse_transform(adapter.transform(rows))
    assert [row["c"] for row in back] == ["p", "q"]
    assert [row["n"] for row in back] == pytest.approx([1.5, -2.25], rel=1e-6)


def test_numbers_as_categories_are_spelt_shortly():
    adapter = TableRow().fit([{"c": 1}, {"c": "x"}, {"c": True}])
    assert adapter.grid_.axes[0].labels == ("c=1", "c=x")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"a": 1}, {"b": 1}], r"missing \['a'\], unexpected \['b'\]"),
        ([[1, 2], [1]], r"missing \['x1'\]"),
        ([{"a": float("-inf")}], "finite number"),
        ([{"a": [1]}], "got list"),
        ([{"a": 1 + 2j}], "got complex"),
        (["text"], "mapping or a sequence"),
        ([], "at least 1"),
    ],
)
def test_bad_rows_are_refused(rows: list[object], reason: str):
    with pytest.raises(DataError, match=reason):
        TableRow().fit(rows)


def test_a_word_in_a_column_of_numbers_is_refused():
    with pytest.raises(DataError, match="column 'a': expected a number as in the training items, got 'many'"):
        TableRow().fit([{"a": 1}]).transform([{"a": "many"}])


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["resample", "pad"]))
def test_series_of_any_length_fit(train: int, other: int, policy: str):
    adapter = Series(policy).fit([np.arange(train, dtype=float)])  # type: ignore[arg-type]
    values = np.arange(other, dtype=float)
    grid = adapter.transform([values])[0, :, 0]
    if policy == "pad":
        np.testing.assert_array_equal(grid, np.pad(values, (0, train))[:train])
    elif other > 1:
        middles = np.clip((np.arange(train) + 0.5) * other / train - 0.5, 0, other - 1)
        np.testing.assert_allclose(grid, middles, atol=1e-4)
    found = adapter.backproject(np.ones(train), values)
    assert found.values.shape == (other,)
    if policy == "resample":
        np.testing.assert_allclose(found.values, train / other)


def test_normalised_series_have_mean_0_and_deviation_1():
    series = RNG.normal(1e3, 4, size=(100, 2))
    series[:, 1] = 5.1
    grid = Series(normalise=True).fit_transform([series])[0]
    np.testing.assert_allclose(grid.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(grid.std(axis=0), [1, 0], atol=1e-3)


@pytest.mark.parametrize("item", [[], [[[1.0]]], [1.0, np.inf], [1, None], "abc", [[1, 2], [3]], None])
def test_bad_series_are_refused(item: object):
    with pytest.raises(ItemError, match="expected"):
        Series().fit([item])


def test_another_number_of_channels_is_refused():
    with pytest.raises(DataError, match="expected 2 channels"):
        Series().fit([np.zeros((3, 2)), np.zeros(3)])
    with pytest.raises(DataError, match="expected 1 channels"):
        Series().fit([np.zeros(3)]).transform([np.zeros((3, 2))])
