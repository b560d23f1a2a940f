"""How a search went: best-so-far curves, and the descent of what evolution bred."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.descent import best_so_far, changes, lineage
from reports.page import render
from reports.splits import SplitView
from reports.views import ChapterView
from training.chapters import Chapter
from training.records import Record, Trial

HOSTILE = "<script>alert(1)</script>"


def bred(record: Record) -> Record:
    """A search of five: two at random, then children; the last was chosen."""
    values = [{"width": 8, "rate": 0.1}, {"width": 16, "rate": 0.2}, {"width": 32, "rate": 0.2}, {"width": 32, "kind": HOSTILE}, {"width": 32, "rate": 0.3}]  # fmt: skip
    trials = [
        Trial(values[0], 0.5, 2, 1.0),
        Trial(values[1], 0.6, 2, 1.0),
        Trial(values[2], 0.7, 5, 1.0, parents=[1]),
        Trial(values[3], 0.0, 0, 1.0, "failed", reason="no memory", parents=[2]),
        Trial(values[4], 0.9, 15, 1.0, parents=[2]),
    ]
    run = replace(record.run, tuning={**record.run.tuning, "oracle": "evolution"})
    return replace(record, run=run, trials=trials, chosen={**values[4], "batch_size": 32})


@pytest.fixture(scope="module")
def chapter(example_chapters: ModuleType) -> Chapter:
    ordinary: Chapter = example_chapters.ordinary()[0]
    return replace(ordinary, records=[bred(record) if record.trials else record for record in ordinary.records])


def searched(chapter: Chapter) -> SplitView:
    return next(part for part in ChapterView(chapter, "data-1").splits if part.searches)


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "").replace("\u202f", " ")


def test_the_best_by_then_never_falls_and_a_failed_trial_is_no_best(chapter: Chapter) -> None:
    (choice,) = best_so_far(searched(chapter))
    lines = [trace for trace in choice.figures[0]["data"] if "fill" not in trace]
    assert lines
    for line in lines:
        assert line["y"] == sorted(line["y"])
        assert (line["x"][0], line["y"][0]) == (2, 0.5)
        assert (line["x"][-1], line["y"][-1]) == (25, 0.9)  # 2 + 2 + 5 + 1 (a failed one counts as one) + 15
        assert "evolution" in line["name"]
    assert "ends at 90.0 % after 25 epochs" in plain(choice.alt)


def test_a_tree_tells_what_changed_on_the_way_to_the_chosen(chapter: Chapter) -> None:
    _, _, records, _ = searched(chapter).searches[0]
    tree = lineage(records)[0]
    arrows, marks = tree.figures[0]["data"]
    assert arrows["x"] == [2, 3, None, 3, 4, None, 3, 5, None]
    assert marks["marker"]["symbol"] == ["circle-open", "circle-open", "circle", "circle", "diamond"]
    assert "child of trial 3<br>rate: 0.2 → 0.3" in marks["hovertext"][4]
    assert "drawn at random" in marks["hovertext"][0]
    assert "<script" not in "".join(marks["hovertext"])
    assert "width: 16 → 32 (+0.100); rate: 0.2 → 0.3 (+0.200)" in plain(tree.alt)


def test_who_bred_nothing_has_no_tree(example_chapters: ModuleType) -> None:
    part = searched(example_chapters.ordinary()[0])
    assert all(lineage(records) == [] for _, _, records, _ in part.searches)
    assert best_so_far(part)


def test_the_page_holds_both_and_stays_inert(chapter: Chapter) -> None:
    page = render([chapter])
    assert "Who descends from whom" in page
    assert "epochs of all trials so far" in page
    assert HOSTILE not in page


@settings(max_examples=40)
@given(parents=st.lists(st.lists(st.integers(-2, 8), max_size=2), min_size=1, max_size=8))
def test_any_parents_can_be_drawn(parents: list[list[int]], chapter: Chapter) -> None:
    """Records come from disk: numbers that make no sense must not stop a page."""
    _, _, records, _ = searched(chapter).searches[0]
    trials = [Trial({"a": number}, 0.1 * number, 1, 1.0, parents=own) for number, own in enumerate(parents)]
    for record in (replace(records[0], trials=trials, chosen={"a": at}) for at in (0, len(trials) - 1)):
        for tree in lineage([record]):
            assert len(tree.figures[0]["data"][1]["x"]) == len(trials)


def test_values_that_appear_and_vanish_are_named() -> None:
    before, after = Trial({"a": 1, "b": 2}, 0.1, 1, 1.0), Trial({"a": 1, "c": 0.5}, 0.1, 1, 1.0)
    assert changes(before, after) == ["b: 2 → –", "c: – → 0.5"]
