"""Texts become grids at the rate they did: what a text costs is counted in calls, which no other program disturbs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from adapters.base import Adapter
from adapters.text.bytes import Bytes
from adapters.text.characters import Characters
from adapters.text.k_mers import KMers
from adapters.text.words import Words

TEXTS = [f"The {i}th sentence, of which there are many, says little or nothing new." for i in range(2000)]
WORDS_A_TEXT = 15


def calls(do: Callable[[], object]) -> int:
    """Count the calls of functions, those written in Python and those in C."""
    count = 0

    def tick(frame: Any, event: str, what: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("adapter", "most"),
    [
        # A call costs some 50 ns; normalising and cutting every text, which ASCII does not need, adds 8.
        (Characters(encoding="ids"), 16),
        (Characters(), 16),
        (Words(), 25 + WORDS_A_TEXT),
        (Bytes(), 27),
        (KMers(k=1), 30),
    ],
    ids=lambda value: value.name if isinstance(value, Adapter) else "",
)
def test_a_text_costs_a_few_calls_whatever_its_length(adapter: Adapter, most: int):
    adapter.fit(TEXTS)
    few = calls(lambda: adapter.transform(TEXTS[:1000]))
    many = calls(lambda: adapter.transform(TEXTS))
    assert (many - few) / 1000 <= most


def test_characters_are_looked_up_faster_than_one_by_one():
    adapter = Characters(encoding="ids").fit(TEXTS)
    ids = {character: i for i, character in enumerate(adapter.grid_.vocabulary)}

    def one_by_one() -> np.ndarray:
        grids = np.zeros((len(TEXTS), *adapter.grid_.shape), dtype=np.int32)
        for row, text in zip(grids, TEXTS, strict=True):
            found = [ids.get(character, 1) for character in text.lower()[: len(row)]]
            row[: len(found)] = found
        return grids

    np.testing.assert_array_equal(adapter.transform(TEXTS), one_by_one())
    seconds: dict[Callable[[], object], list[float]] = {one_by_one: [], lambda: adapter.transform(TEXTS): []}
    for _ in range(9):  # in turns, so that what disturbs one disturbs both
        for way, spent in seconds.items():
            start = time.process_time()
            way()
            spent.append(time.process_time() - start)
    loop, own = (min(spent) for spent in seconds.values())
    assert loop / own >= 1.7  # four times as fast, measured; a third of the rate would not pass
