"""Placements follow their papers; cells, relevance and rows go where they should."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from adapters.errors import DataError
from adapters.table import deep_insight, igtd
from adapters.table.placement import PLACEMENTS
from adapters.table.table_grid import TableGrid
from adapters.table.table_row import TableRow

RNG = np.random.default_rng(3)
BLOCKS = np.repeat(RNG.normal(size=(60, 5)), 4, axis=1) + 0.3 * RNG.normal(size=(60, 20))
SHUFFLED = BLOCKS[:, RNG.permutation(20)]  # four cells of each of five kinds, mixed up
MIXED = [{"n": n, "c": c, "m": n % 3} for n, c in zip(range(12), "pqrpqppqrpqr", strict=True)]


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_each_cell_is_at_its_place(placement: str):
    adapter = TableGrid(placement=placement).fit(MIXED)  # type: ignore[arg-type]
    row = TableRow().fit(MIXED).transform(MIXED)[..., 0]
    flat = adapter.transform(MIXED).reshape(len(MIXED), -1)
    assert adapter.cell_names() == ("n", "c=p", "c=q", "c=r", "m")
    for place in range(flat.shape[1]):
        there = np.flatnonzero(adapter.places_ == place)
        expected = row[:, there].mean(axis=1) if len(there) else np.zeros(len(row))
        np.testing.assert_allclose(flat[:, place], expected, atol=1e-6)


@pytest.mark.parametrize("placement", [name for name in PLACEMENTS if name != "deepinsight"])
def test_rows_come_back(placement: str):
    adapter = TableGrid(placement=placement).fit(MIXED)  # type: ignore[arg-type]
    assert adapter.inverse == "exact"
    back = pd.DataFrame(adapter.inverse_transform(adapter.transform(MIXED)))
    pd.testing.assert_frame_equal(back, pd.DataFrame(MIXED), check_dtype=False, rtol=1e-5, atol=1e-5)


def test_cells_that_share_a_place_do_not_come_back_exactly():
    assert TableGrid(placement="deepinsight").inverse == "approximate"


@pytest.mark.parametrize(
    ("count", "sizes", "expected"),
    [(12, {}, (3, 4)), (13, {}, (4, 4)), (1, {}, (1, 1)), (7, {"height": 2}, (2, 4)), (7, {"width": 3}, (3, 3))],
)
def test_the_grid_has_room_for_all(count: int, sizes: dict[str, int], expected: tuple[int, int]):
    assert TableGrid(placement="given", **sizes).fit(RNG.normal(size=(4, count))).grid_.spatial == expected
    assert np.prod(TableGrid(placement="deepinsight").fit(RNG.normal(size=(4, count))).grid_.spatial) >= 4 * count


def test_a_grid_without_room_is_refused():
    with pytest.raises(DataError, match="a place for each of 20 cells, got 3 × 6"):
        TableGrid(height=3, width=6).fit(SHUFFLED)


def test_given_is_row_by_row_and_random_is_by_seed():
    plain = TableGrid(placement="given").fit(BLOCKS)
    np.testing.assert_array_equal(
        plain.transform(BLOCKS)[:, :, :, 0].reshape(60, -1), TableRow().fit_transform(BLOCKS)[..., 0]
    )
    drawn = [TableGrid(placement="random", seed=seed).fit(BLOCKS).places_.tolist() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert sorted(drawn[0]) == list(range(20))


def test_correlated_cells_are_neighbours():
    adapter = TableGrid(placement="correlation", height=5, width=4).fit(SHUFFLED)
    grid = np.empty(20, dtype=int)
    grid[adapter.places_] = range(20)
    r = np.abs(np.corrcoef(SHUFFLED.T))
    snake = grid.reshape(5, 4)
    snake[1::2] = snake[1::2, ::-1].copy()
    along = snake.ravel()
    # Each of the five kinds lies in one piece: 15 of the 19 steps stay within a kind.
    assert sum(r[a, b] > 0.5 for a, b in pairwise(along)) == 15


def test_a_constant_column_correlates_with_none():
    table = np.column_stack([RNG.normal(size=9), np.ones(9), RNG.normal(size=9), np.ones(9)])
    for placement in PLACEMENTS:
        adapter = TableGrid(placement=placement).fit(table)  # type: ignore[arg-type]
        assert np.isfinite(adapter.transform(table)).all()
    assert TableGrid().fit(table[:1]).places_.shape == (4,)


@pytest.mark.parametrize(("height", "width"), [(4, 5), (5, 5)])
def test_igtd_lowers_its_objective(height: int, width: int):
    places = igtd.igtd(SHUFFLED, height, width, 0)
    assert sorted(places) == list(range(20))
    before, after = np.arange(20), np.argsort(places)
    assert objective(SHUFFLED, after, width) < 0.9 * objective(SHUFFLED, before, width)
    # It stopped because no single swap is better.
    for a, b in combinations(range(20), 2):
        swapped = after.copy()
        swapped[[a, b]] = swapped[[b, a]]
        assert objective(SHUFFLED, swapped, width) >= objective(SHUFFLED, after, width)


def objective(cells: np.ndarray, holds: np.ndarray, width: int) -> float:
    """Zhu et al. (2021), equation 1, pair by pair."""
    pairs = list(combinations(range(len(holds)), 2))
    alike = rankdata([np.linalg.norm(cells[:, holds[a]] - cells[:, holds[b]]).round(9) for a, b in pairs])
    close = rankdata([np.hypot(a // width - b // width, a % width - b % width) for a, b in pairs])
    return float(np.abs(alike - close).sum())


@given(st.integers(2, 9), st.integers(0, 100))
@settings(max_examples=20)
def test_gains_of_swaps_are_those_of_the_objective(count: int, seed: int):
    rng = np.random.default_rng(seed)
    wanted, ranks = igtd.rank_matrices(rng.normal(size=(6, count)), 3)
    position = int(rng.integers(count))
    for other, gain in enumerate(igtd.swap_gains(ranks, wanted, position)):
        order = np.arange(count)
        order[[position, other]] = order[[other, position]]
        after = igtd.difference(ranks[np.ix_(order, order)], wanted)
        assert igtd.difference(ranks, wanted) - after == pytest.approx(gain)


@given(st.integers(3, 30), st.integers(0, 1000))
@settings(max_examples=20)
def test_the_upright_rectangle_is_the_smallest(count: int, seed: int):
    points = np.random.default_rng(seed).normal(size=(count, 2)) @ [[3, 1], [0, 0.5]]
    turned = deep_insight.upright(points)
    # A rotation: distances stay as they are, and so does the sense of turning.
    gaps = np.linalg.norm(points[:, None] - points, axis=-1)
    np.testing.assert_allclose(np.linalg.norm(turned[:, None] - turned, axis=-1), gaps, atol=1e-9)
    assert np.linalg.det(np.linalg.lstsq(points - points.mean(0), turned - turned.mean(0))[0]) == pytest.approx(1)
    area = np.prod(np.ptp(turned, axis=0))
    assert area <= min(area_at(points, angle) for angle in np.linspace(0, np.pi / 2, 501)) + 1e-9


def area_at(points: np.ndarray, angle: float) -> float:
    x, y = points.T
    across, up = x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
    return float(np.ptp(across) * np.ptp(up))


def test_pixels_are_those_of_the_published_formula():
    """`round(1 + (A - 1) (x - min x) / (max x - min x))` and its counterpart from above, counted from 0."""
    points = RNG.normal(size=(40, 2))
    height, width = 7, 11
    (x, y), low, high = points.T, points.min(axis=0), points.max(axis=0)
    columns = [round((width - 1) * (v - low[0]) / (high[0] - low[0])) for v in x]
    rows = [round((height - 1) * (high[1] - v) / (high[1] - low[1])) for v in y]
    expected = [row * width + column for row, column in zip(rows, columns, strict=True)]
    assert deep_insight.to_pixels(points, height, width).tolist() == expected


def test_deep_insight_places_what_is_alike_together():
    places = np.array(np.divmod(deep_insight.deep_insight(BLOCKS, 20, 20, 0), 20)).T
    gaps = np.linalg.norm(places[:, None] - places, axis=-1)
    same = np.repeat(np.eye(5, dtype=bool), 4, axis=0).repeat(4, axis=1)
    assert gaps[same].mean() < 0.3 * gaps[~same].mean()
    # The map touches all four sides of its grid.
    assert places.min(axis=0).tolist() == [0, 0]
    assert places.max(axis=0).tolist() == [19, 19]


@pytest.mark.parametrize("points", [[[0, 0]], [[0, 0], [1, 1]], [[0, 0], [1, 1], [3, 3]], [[1, 1], [1, 1], [1, 1]]])
def test_points_without_a_hull_lie_in_a_row(points: list[list[float]]):
    turned = deep_insight.upright(np.array(points, dtype=float))
    np.testing.assert_allclose(turned[:, 1], turned[0, 1], atol=1e-12)
    assert deep_insight.to_pixels(turned, 3, 4).max() < 12


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_relevance_of_a_place_goes_to_its_column(placement: str):
    adapter = TableGrid(placement=placement).fit(MIXED)  # type: ignore[arg-type]
    owner = {"n": "n", "c=p": "c", "c=q": "c", "c=r": "c", "m": "m"}
    for name, place in zip(adapter.cell_names(), adapter.places_, strict=True):
        relevance = np.zeros(adapter.grid_.spatial)
        relevance.flat[place] = 1
        found = adapter.backproject(relevance, MIXED[0])
        sharers = [owner[n] for n, p in zip(adapter.cell_names(), adapter.places_, strict=True) if p == place]
        assert found.axes[0].labels == ("n", "c", "m")
        assert found.values[found.axes[0].labels.index(owner[name])] == sharers.count(owner[name]) / len(sharers)


def test_relevance_of_an_empty_place_goes_to_the_nearest_cell():
    adapter = TableGrid(placement="given", height=2, width=4).fit([{"a": 0, "b": 1}, {"a": 1, "b": 3}])
    relevance = np.array([[1.0, 10, 100, 1000], [10_000, 100_000, 0, 0]])
    assert adapter.backproject(relevance, {"a": 0, "b": 0}).values.tolist() == [10_001, 101_110]
