"""A walk in a real browser: by keys, by mouse, offline, legible in any size and light."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reports import write

KINDS = ("image", "sound", "text", "series", "table", "plain", "averaged")
SERIOUS = ("serious", "critical")


def numbers(text: str) -> list[float]:
    plain = text.replace("−", "-").replace("- ", "-")
    return [float(one) for one in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", plain)]


def faults(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core comes with it").Axe
    violations = axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:90]}" for one in violations if one["impact"] in SERIOUS]


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_fits_says_something_and_is_sound(opened: Any, walk_of: Any, kind: str) -> None:
    scheme = "dark" if kind in ("sound", "series", "averaged") else "light"
    one = opened(kind, color_scheme=scheme)
    count = one.page.locator(".walk-step").count()
    seen = []
    for place in range(count):
        seen.append(one.kind)
        assert one.step.count() == 1
        assert f"Step {place + 1} of {count}" in one.page.locator(".walk-count").inner_text()
        for part in one.step.locator("[data-part=say]").all():
            assert part.inner_text() != ""
            assert "NaN" not in part.inner_text()
            assert "undefined" not in part.inner_text()
        for width in (1280, 390):
            one.page.set_viewport_size({"width": width, "height": 800})
            assert one.page.evaluate("document.documentElement.scrollWidth") <= width, (one.kind, width)
        one.page.set_viewport_size({"width": 1280, "height": 800})
        if kind in ("image", "text"):
            assert faults(one.page) == []
        one.page.keyboard.press("ArrowRight")
    assert seen[-1] == one.kind == "end"
    assert one.page.locator('[data-go="1"]').is_disabled()
    assert one.complaints == []
    assert [url for url in one.requests if not url.startswith("data:")] == [one.page.url]
    assert one.page.locator("img[src=x], article i, .walk-step b b").count() == 0


def test_there_and_back_by_keys_and_by_mouse(opened: Any) -> None:
    one = opened("image")
    assert one.kind == "grid"
    assert one.page.locator('[data-go="-1"]').is_disabled()
    one.page.keyboard.press("ArrowRight")
    one.page.keyboard.press("ArrowRight")
    assert one.kind == "match"
    one.page.keyboard.press("ArrowLeft")
    assert one.kind == "reading"
    one.page.locator('[data-go="1"]').click()
    assert one.kind == "match"
    one.page.locator('[data-go="-1"]').click()
    assert one.kind == "reading"
    # A filter that was chosen by keyboard stays chosen in the next step, and the arrows still go on.
    one.go("match").locator(".walk-filters button").nth(2).focus()
    one.page.keyboard.press("Enter")
    assert one.step.locator(".walk-filters button").nth(2).get_attribute("aria-pressed") == "true"
    one.page.keyboard.press("ArrowRight")
    assert one.kind == "map"
    assert one.step.locator(".walk-filters button").nth(2).get_attribute("aria-pressed") == "true"
    assert one.page.evaluate("document.activeElement.closest('.walk-step.current') !== null")
    one.page.keyboard.press("Alt+ArrowRight")
    assert one.kind == "map"
    assert one.complaints == []


def test_what_is_said_of_a_filter_is_keras_own(opened: Any, walk_of: Any) -> None:
    one, found = opened("image"), walk_of("image")
    step = one.go("match")
    for index, placed in enumerate(found.matching.filters):
        step.locator(".walk-filters button").nth(index).click()
        *parts, result = numbers(step.locator("[data-part=say]").inner_text())
        assert result == pytest.approx(placed.value, rel=6e-3)
        assert sum(parts) == pytest.approx(placed.value, abs=0.02 * max(map(abs, parts)))


def test_pointing_at_cells_shows_their_numbers(opened: Any, walk_of: Any) -> None:
    one, found = opened("image"), walk_of("image")
    plane = found.reading.maps[0].plane
    box = one.go("reading").locator(".walk-picture")
    for row, column in ((0, 0), (3, 17), (19, 5)):
        _point(box, plane, row, column)
        value = float(one.bubble().split(": ")[-1].split(",")[0])
        assert value == pytest.approx(plane.values[row][column], rel=6e-3)
        down, across = (step * at + 1 for step, at in zip(plane.every, (row, column), strict=True))
        assert f"row {down}, column {across}" in one.bubble()
    step = one.go("map")
    shown = found.matching.filters[0].plane
    _point(step.locator("[data-part=after] .walk-picture"), shown, 2, 4)
    assert numbers(one.bubble().split(": ")[-1])[0] == pytest.approx(shown.values[2][4], rel=6e-3)
    window = step.locator("[data-part=before] .walk-over .edge")
    drawn = [float(window.get_attribute(name)) for name in ("x", "y", "width", "height")]
    corner = [4 * shown.every[1], 2 * shown.every[0]]  # no padding and a stride of 1: the cell is the window's corner
    np.testing.assert_allclose(drawn, np.array([*corner, *found.matching.kernel]) / plane.every[0])
    one.page.mouse.move(2, 2)
    assert one.page.locator(".walk-bubble").is_hidden()


def _point(box: Any, plane: Any, row: int, column: int) -> None:
    size = box.bounding_box()
    rows, columns = np.shape(plane.values)
    box.hover(position={"x": (column + 0.5) * size["width"] / columns, "y": (row + 0.5) * size["height"] / rows})


def test_each_window_is_pooled_to_what_keras_gives(opened: Any, walk_of: Any) -> None:
    one, found = opened("image"), walk_of("image")
    pooled = found.changes[-1].maps[0]
    step = one.go("pool")
    for row, column in ((0, 0), (5, 2), (7, 7)):
        _point(step.locator("[data-part=after] .walk-picture"), pooled.after, row, column)
        *cells, _, result = numbers(step.locator("[data-part=say]").inner_text())
        window = np.asarray(pooled.before.values)[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        np.testing.assert_allclose(cells, window.ravel(), atol=0.02, rtol=0.06)
        assert result == pytest.approx(pooled.after.values[row][column], rel=6e-3)
    before = step.locator("[data-part=say]").inner_text()
    step.locator("[data-part=play]").click()
    one.page.wait_for_function(
        "text => document.querySelector('.current [data-part=say]').textContent !== text", arg=before
    )
    step.locator("[data-part=play]").click()
    assert step.locator("[data-part=play]").inner_text() == "Play"


def test_time_runs_to_the_right_and_windows_turn_with_it(opened: Any, walk_of: Any) -> None:
    one, found = opened("sound"), walk_of("sound")
    axes = [axis["name"] for axis in found.spec["axes"]]
    plane = found.reading.maps[0].plane
    shown = np.asarray(plane.values)
    box = one.go("reading").locator(".walk-picture").first
    size = box.bounding_box()
    rows, columns = shown.T.shape if axes[0] == "time" else shown.shape
    assert size["width"] / size["height"] == pytest.approx(columns / rows, rel=0.1)
    box.hover(position={"x": 2, "y": size["height"] - 2})  # the lowest sound, at the start
    assert numbers(one.bubble().split(": ")[-1])[0] == pytest.approx(shown[0][0], rel=6e-3)
    placed = found.matching.filters[0]
    step = one.go("match")
    texts = step.locator("[data-part=product] svg").nth(1).locator("text").all_text_contents()
    weights = np.asarray(placed.slices[0].weights)
    oriented = (weights.T if axes[0] == "time" else weights)[::-1]
    if texts:
        np.testing.assert_allclose([numbers(text)[0] for text in texts], oriented.ravel(), atol=0.006)


def test_votes_add_up_and_name_their_voters(opened: Any, walk_of: Any) -> None:
    one, found = opened("text"), walk_of("text")
    step = one.go("votes")
    for place, index in enumerate(found.votes.classes):
        step.locator("[data-part=classes] button").nth(place).click()
        *parts, total = numbers(step.locator("[data-part=say]").inner_text())
        assert total == pytest.approx(found.outputs[index], rel=6e-3)
        assert sum(parts) == pytest.approx(total, abs=0.02 * max(map(abs, parts)))
    picture = step.locator("[data-part=votes] svg")
    picture.hover(position={"x": 100, "y": 12})
    value, weight, vote = numbers(one.bubble().split("value")[1])
    assert value * weight == pytest.approx(vote, rel=0.02)


@pytest.fixture
def report(walk_of: Any, example_chapters: Any, tmp_path: Any) -> Any:
    """Write a report whose chapters have looked into a network, each with a walk."""
    chapters = [
        replace(chapter, insight=replace(chapter.insight, walk=walk_of(kind)))
        for chapter, kind in zip(example_chapters.ordinary()[:2], ("image", "series"), strict=True)
    ]
    return write(chapters, tmp_path / "report.html")


def test_a_report_walks_each_network_when_it_is_unfolded(browser: Any, report: Any) -> None:
    page, complaints = browser.new_page(viewport={"width": 1280, "height": 900}), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.as_uri())
    assert page.locator(".walk.started").count() == 0
    for way in page.locator("details.way > summary").all():
        way.focus()
        page.keyboard.press("Enter")
    current = page.locator(".walk-step.current")
    page.wait_for_function("document.querySelectorAll('.walk.started').length === 2")
    page.keyboard.press("ArrowRight")  # neither walk has the focus
    assert [one.get_attribute("data-kind") for one in current.all()] == ["grid", "grid"]
    page.locator("#data-2-walk [data-go='1']").click()
    page.keyboard.press("ArrowRight")
    assert [one.get_attribute("data-kind") for one in current.all()] == ["grid", "match"]
    assert page.locator("#data-2-walk .walk-step.current svg").first.bounding_box()["width"] > 50
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not complaints
    page.close()
