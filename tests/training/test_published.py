"""Accuracies that benchmarks/published.py reaches stay reached, where the data is at hand."""

import importlib.util
import sys
from pathlib import Path

import pytest

from gridzoo import api

spec = importlib.util.spec_from_file_location("published", Path(__file__).parents[2] / "benchmarks" / "published.py")
published = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = published  # dataclasses look their module up
spec.loader.exec_module(published)


def test_every_row_has_a_protocol_and_says_where_its_figure_comes_from():
    assert set(published.ROWS["group"]) == set(published.PROTOCOLS)
    assert not (published.ROWS["published"].notna() & published.ROWS["cited"].isna()).any()


@pytest.mark.study
@pytest.mark.skipif(not published.HOME.is_dir(), reason=f"no data sets in {published.HOME}; set GRIDZOO_DATA")
@pytest.mark.parametrize(
    ("group", "source", "changes", "recipe", "least"),
    [
        ("sound", "fsdd", {}, {}, 0.975),
        ("text", "trec", {}, {}, 0.89),
        ("image", "fashion-mnist", {"limit": 10_000}, {"epochs": 30}, 0.89),  # fewer items, more rounds
    ],
)
def test_accuracy_on_real_data(group, source, changes, recipe, least, tmp_path):
    rows = published.ROWS[(published.ROWS["group"] == group) & (published.ROWS["source"] == source)]
    settings = published.declared(published.PROTOCOLS[group], source, rows)
    settings |= changes | {"recipe": settings["recipe"] | recipe}
    comparison = api.compare(source, out=tmp_path, settings=settings, data_home=published.HOME)
    (cell,) = [cell for cell in comparison.cells() if cell.kind == "cnn"]
    assert cell.mean >= least
