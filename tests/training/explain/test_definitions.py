"""The methods on networks whose answer is known by hand."""

import keras
import numpy as np
import pytest

import zoo
from adapters.grid import Attribution, Axis
from training.explain.lens import narrowest
from training.explain.places import places
from training.explain.planted import landed
from training.explain.rounding import rounded, shortened
from training.explain.sanity import agreement, rank_correlation


def test_paths_of_ids_meet_behind_all_embeddings():
    model = zoo.build("textcnn-two-channel", zoo.Grid((9,), 20), 2)
    assert narrowest(model) is model.get_layer("embedding_sum").output
    dense = zoo.build("lenet5", zoo.Grid((8, 8, 1)), 2)
    assert narrowest(dense) is dense.input


def test_a_network_of_ids_without_a_narrow_place_is_refused():
    ids = keras.Input((4,), dtype="int32")
    model = keras.Model(ids, ids)
    with pytest.raises(ValueError, match="all paths"):
        narrowest(model)


@pytest.mark.parametrize(
    ("name", "grid"),
    [("resnet8", zoo.Grid((20, 13, 1))), ("lenet5", zoo.Grid((30, 1))), ("res8", zoo.Grid((41, 32, 1)))],
)
def test_cells_of_a_stage_lie_in_the_middle_of_what_they_see(name, grid):
    stages, pooled = places(zoo.architecture(name), grid, zoo.build(name, grid, 2))
    assert pooled is None
    for stage in stages:
        part = stage.parts[0]
        for edges, size, spans in zip(part.edges, grid.shape[:-1], part.field.spans, strict=True):
            assert edges[0] >= 0
            assert edges[-1] <= size
            middles = (edges[1:] + edges[:-1]) / 2
            assert all(span.start <= middle <= span.stop for span, middle in zip(spans, middles, strict=True))
        amounts = np.random.default_rng(0).random(part.shape)
        assert part.on_grid(amounts).shape == grid.shape[:-1]
        assert part.on_grid(amounts).sum() == pytest.approx(amounts.sum())


def test_what_a_filter_of_words_found_belongs_to_all_its_words():
    grid = zoo.Grid((9,), 20)
    stages, pooled = places(zoo.architecture("textcnn"), grid, zoo.build("textcnn", grid, 2))
    assert stages == ()
    window = next(part for part in pooled.parts if part.layer == "window3")
    amounts = np.zeros(7)
    amounts[2] = 3.0
    np.testing.assert_allclose(window.on_grid(amounts), [0, 0, 1, 1, 1, 0, 0, 0, 0])


def test_a_window_beyond_the_end_answers_to_the_words_that_it_holds():
    grid, reader = zoo.Grid((9,), 20), zoo.architecture("textcnn", {"beyond": True})
    _, pooled = places(reader, grid, zoo.build(reader, grid, 2))
    window = next(part for part in pooled.parts if part.layer == "window3")
    amounts = np.zeros(11)
    amounts[[0, 10]] = 3.0, 1.0
    np.testing.assert_allclose(window.on_grid(amounts), [3, 0, 0, 0, 0, 0, 0, 0, 1])


def test_rank_correlation_equals_scipys():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 9, 40).astype(float), rng.normal(size=40)
    assert rank_correlation(first, second) == pytest.approx(spearmanr(first, second).statistic, abs=1e-6)
    assert rank_correlation(first, np.zeros(40)) is None
    assert agreement([first, second])[0][0] == pytest.approx(1.0)


def test_a_map_that_is_too_long_for_a_page_keeps_its_total():
    values = np.random.default_rng(0).normal(size=10_000)
    short = shortened(Attribution((Axis.counted("time", 10_000),), values))
    assert short.values.size < 5000
    assert short.total == pytest.approx(values.sum())
    assert short.axes[0].edges[-1] == 10_000
    named = Attribution((Axis.counted("column", 5000, tuple(map(str, range(5000)))),), np.zeros(5000))
    assert shortened(named) is not None
    assert shortened(named).axes == named.axes


def test_numbers_are_rounded_to_six_digits():
    assert rounded(np.array([1234567.0, -1.23456789e-9, 0.0])) == [1234570.0, -1.23457e-09, 0.0]


def test_landing_counts_parts_of_cells_and_positive_relevance_alone():
    found = Attribution((Axis("time", "s", (0.0, 1.0, 2.0)), Axis.counted("row", 2)), np.array([[4.0, -9], [0, 4]]))
    one = landed(found, [[(0.5, 1.0)], [(0.0, 1.0)]])
    assert one.mass == pytest.approx(0.25)
    assert one.area == pytest.approx(0.125)
    nothing = landed(Attribution((Axis.counted("x", 2),), np.zeros(2)), [[(0, 1)]])
    assert (nothing.mass, nothing.hit) == (0.0, False)
