"""Fields over two times of a series equal pyts', and give relevance back to both times."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from adapters.checks import Case, check_each_cell_lands_where_its_edges_say
from adapters.errors import DataError, ItemError
from adapters.grid import Attribution
from adapters.series.gramian_field import GramianField
from adapters.series.lengths import aggregated, segments
from adapters.series.markov_field import MarkovField
from adapters.series.recurrence_plot import RecurrencePlot
from adapters.series.two_times import TwoTimes

RNG = np.random.default_rng(3)
# float32 is what adapters read; pyts gets the same values.
SERIES = RNG.normal(size=(6, 37)).astype(np.float32).cumsum(axis=1)
STEPS = RNG.integers(0, 3, size=(4, 37)).astype(np.float32)  # equal values, so that quantiles coincide
FIELDS: list[TwoTimes] = [GramianField(), GramianField(method="difference"), RecurrencePlot(), MarkovField()]


def pyts(module: str, member: str, **parameters: Any) -> Any:
    """Make one of pyts' transformers; it compiles with numba, so only these tests import it."""
    from importlib import import_module

    return getattr(import_module(f"pyts.{module}"), member)(**parameters)


@pytest.mark.parametrize("size", [37, 10, 2])
@pytest.mark.parametrize("method", ["summation", "difference"])
def test_gramian_fields_equal_pyts(size: int, method: str):
    expected = pyts("image", "GramianAngularField", image_size=size, method=method).transform(SERIES.astype(float))
    found = GramianField(image_size=size, method=method).fit_transform(SERIES)  # type: ignore[arg-type]
    np.testing.assert_allclose(found[..., 0], expected, atol=1e-6)


@pytest.mark.parametrize("threshold", ["none", "point", "distance"])
@pytest.mark.parametrize(("dimension", "time_delay"), [(1, 1), (2, 1), (3, 4)])
@pytest.mark.parametrize("percentage", [10.0, 35.5])
def test_recurrence_plots_equal_pyts(threshold: str, dimension: int, time_delay: int, percentage: float):
    reference = pyts(
        "image", "RecurrencePlot", dimension=dimension, time_delay=time_delay, percentage=percentage,
        threshold=None if threshold == "none" else threshold,
    )  # fmt: skip
    adapter = RecurrencePlot("resample", 37, dimension, time_delay, threshold, percentage)  # type: ignore[arg-type]
    found = adapter.fit_transform(SERIES)[..., 0]
    np.testing.assert_allclose(found, reference.transform(SERIES.astype(float)), rtol=1e-6)


@pytest.mark.parametrize("size", [37, 10, 2])
@pytest.mark.parametrize("n_bins", [2, 5, 8])
@pytest.mark.parametrize("series", [SERIES, STEPS], ids=["different values", "equal values"])
def test_markov_fields_equal_pyts(size: int, n_bins: int, series: np.ndarray):
    reference = pyts("image", "MarkovTransitionField", image_size=size, n_bins=n_bins)
    with warnings.catch_warnings(action="ignore"):  # it says that bins coincide
        expected = reference.transform(series.astype(float))
    found = MarkovField(image_size=size, n_bins=n_bins).fit_transform(series)
    np.testing.assert_allclose(found[..., 0], expected, atol=1e-6)


@pytest.mark.parametrize("size", [36, 12, 10, 2])
def test_averages_equal_pyts(size: int):
    reference = pyts(
        "approximation", "PiecewiseAggregateApproximation", window_size=None, output_size=size, overlapping=False
    )
    expected = reference.transform(SERIES.astype(float))
    np.testing.assert_allclose(aggregated(SERIES.T, segments(37, size)).T, expected)


@pytest.mark.parametrize("adapter", FIELDS, ids=lambda adapter: str(adapter.name))
def test_a_channel_is_its_own_field(adapter: TwoTimes):
    both = np.stack([SERIES[0], SERIES[1]], axis=-1)
    grid = adapter.fit_transform([both])[0]
    for channel in (0, 1):
        np.testing.assert_array_equal(grid[..., channel], adapter.fit_transform([SERIES[channel]])[0, ..., 0])


@pytest.mark.parametrize("adapter", FIELDS, ids=lambda adapter: str(adapter.name))
def test_half_of_a_cell_goes_to_each_of_its_times(adapter: TwoTimes):
    adapter.set_params(image_size=64).fit([SERIES[0]])
    relevance = np.zeros((37, 37))
    relevance[3, 20], relevance[5, 5] = 1.0, 7.0
    expected = np.zeros(37)
    expected[[3, 20, 5]] = 0.5, 0.5, 7.0
    np.testing.assert_allclose(adapter.backproject(relevance, SERIES[0]).values, expected, atol=1e-12)


def test_the_check_finds_relevance_that_goes_astray():
    class Astray(GramianField):
        def backproject(self, relevance: np.ndarray, item: Any) -> Attribution:
            right = super().backproject(relevance, item)
            return Attribution(right.axes, np.roll(right.values, 2))

    with pytest.raises(AssertionError, match="lies outside"):
        check_each_cell_lands_where_its_edges_say(Case(Astray(), list(SERIES), [], None, {}))


def test_a_trajectory_lies_at_its_middle():
    adapter = RecurrencePlot(dimension=3, time_delay=2).fit([SERIES[0]])
    assert adapter.grid_.axes[0].edges[:2] == (2.0, 3.0)
    assert adapter.grid_.axes[0].edges[-1] == 35.0
    relevance = np.zeros((33, 33))
    relevance[0, 32] = 2.0
    found = adapter.backproject(relevance, SERIES[0]).values
    assert np.flatnonzero(np.abs(found) > 1e-9).tolist() == [2, 34]


def test_a_long_series_makes_a_small_field():
    long = RNG.normal(size=100_000).cumsum()
    for adapter in FIELDS:
        adapter.set_params(image_size=16)
        assert adapter.fit_transform([long]).shape == (1, 16, 16, 1)
        assert adapter.axes_for(long)[1].edges[-1] == 100_000


@pytest.mark.parametrize("method", ["summation", "difference"])
def test_the_rescaled_series_comes_back(method: str):
    adapter = GramianField(method=method).fit(SERIES)  # type: ignore[arg-type]
    low, high = SERIES.min(axis=1, keepdims=True), SERIES.max(axis=1, keepdims=True)
    rescaled = (SERIES - low) / (high - low) * 2 - 1
    for found, expected in zip(adapter.inverse_transform(adapter.transform(SERIES)), rescaled, strict=True):
        sign = 1 if method == "difference" else np.sign(found[:, 0] @ expected)
        np.testing.assert_allclose(found[:, 0], sign * expected, atol=2e-3)


def test_too_short_for_a_trajectory():
    with pytest.raises(DataError, match="at least 7 samples for dimension 3 and time_delay 3"):
        RecurrencePlot(dimension=3, time_delay=3).fit([np.arange(6.0)])
    with pytest.raises(DataError, match="got 37 and 4"):
        RecurrencePlot(dimension=5, image_size=4).fit([SERIES[0]])


@pytest.mark.parametrize("adapter", FIELDS, ids=lambda adapter: str(adapter.name))
@pytest.mark.parametrize("item", [[1.0, np.nan], [np.inf], [], [1e30], "abc"])
def test_bad_series_are_refused(adapter: TwoTimes, item: object):
    with pytest.raises(ItemError, match="expected"):
        adapter.fit([item])


VALUES = st.floats(-(2.0**59), 2.0**59, width=32)
ANY_SERIES = st.one_of(
    arrays(np.float32, st.integers(1, 30), elements=VALUES),
    st.builds(np.full, st.integers(1, 30), VALUES, st.just(np.float32)),
)


@given(
    ANY_SERIES,
    ANY_SERIES,
    st.sampled_from(range(len(FIELDS))),
    st.integers(1, 20),
    st.sampled_from(["resample", "pad"]),
)
@settings(max_examples=150, deadline=None)
def test_any_two_series_make_fields(train: np.ndarray, other: np.ndarray, number: int, size: int, policy: str):
    adapter = FIELDS[number].set_params(image_size=size, policy=policy).fit([train])
    field = adapter.transform([other])[0, ..., 0]
    assert field.shape == (min(size, len(train)),) * 2
    assert np.isfinite(field).all()
    if isinstance(adapter, MarkovField):
        assert field.min() >= 0
        assert field.max() <= 1 + 1e-6
    elif adapter.get_params().get("method") == "difference":
        np.testing.assert_allclose(field, -field.T, atol=1e-6)
    else:
        np.testing.assert_allclose(field, field.T, rtol=1e-6)
    relevance = np.arange(field.size, dtype=float).reshape(field.shape)
    found = adapter.backproject(relevance, other)
    assert found.values.shape == other.shape
    assert found.total == pytest.approx(relevance.sum())
