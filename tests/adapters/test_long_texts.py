"""Relevance of a text of any length goes to a bounded number of cells: as ever at its beginning, one for its rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Adapter
from adapters.text import fields, page, spans
from adapters.text.bytes import Bytes
from adapters.text.characters import Characters
from adapters.text.fields import Fields
from adapters.text.k_mers import KMers
from adapters.text.page import Page
from adapters.text.words import Words

LONG = "Die Ämter öffnen um 9. " * 2_000_000  # 50 MB in UTF-8
LENGTH = len(LONG)
ADAPTERS = [
    Words(6),
    Words(6, lower=False),
    Characters(6),
    Characters(6, lower=False),
    Bytes(6),
    KMers(2, max_length=6),
]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (spans, page, fields):
        monkeypatch.setattr(module, "SHOWN", 8)
    monkeypatch.setattr(page, "MOST_CELLS", 64)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
@given(text=st.text("aé .\n", min_size=2, max_size=60).filter(lambda text: len(text.strip()) > 1))
def test_what_is_merged_is_the_sum_of_what_was(adapter: Adapter, text: str):
    relevance = np.arange(1.0, adapter.fit([text, "a b c d e f"]).grid_.spatial[0] + 1)
    whole = adapter.backproject(relevance, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spans, "SHOWN", 8)
        found = adapter.backproject(relevance, text)
    size = found.axes[0].size
    assert size <= 8
    assert found.axes[0].edges == (*whole.axes[0].edges[:size], whole.axes[0].edges[-1])
    assert found.axes[0].labels[: size - 1] == whole.axes[0].labels[: size - 1]
    np.testing.assert_allclose(found.values[:-1], whole.values[: size - 1])
    assert found.total == pytest.approx(whole.total)


def test_pages_and_records_are_merged_at_their_ends(few: None):
    text = "\n".join(f"{i} {'x' * 20}" for i in range(30))
    adapter = Page(max_lines=3, max_columns=5).fit([text])
    found = adapter.backproject(np.ones(adapter.grid_.spatial), text)
    assert found.values.shape == (8, 8)
    assert [axis.edges[-1] for axis in found.axes] == [30, 23]
    np.testing.assert_array_equal(found.values[:3, :5], np.ones((3, 5)))
    record = Fields(max_length=5).fit(["a=" + "x" * 50 + " b=1"])
    found = record.backproject(np.ones((2, 5)), "a=" + "x" * 50)
    assert found.values.tolist() == [[1] * 5 + [0] * 3] * 2
    assert found.axes[1].edges[-1] == 50


@pytest.mark.parametrize(
    ("adapter", "item"),
    [
        (Words(), LONG),
        (Characters(), LONG),
        (Bytes(), LONG.encode()),
        (KMers(2), LONG),
        (Page(), LONG.replace(" um", "\n um")),
        (Page(), LONG),
        (Fields(), "a=" + "x" * LENGTH),
    ],
    ids=["words", "characters", "bytes", "k-mers", "lines", "one line", "value"],
)
def test_50_megabytes_are_a_bounded_number_of_cells(adapter: Adapter, item: object):
    adapter.fit([item])
    relevance = np.ones(adapter.grid_.spatial)
    found = adapter.backproject(relevance, item)
    assert found.values.size <= page.MOST_CELLS
    assert found.total == relevance.sum()
