"""The lessons in a real browser: every control by mouse and keyboard, offline, on phones, in the dark."""

from __future__ import annotations

from typing import Any

import pytest

LESSONS = (
    "match", "convolve", "pool", "stack", "votes", "neuron", "camera", "descent", "chain", "shapes", "draw", "sound",
    "text", "shuffle",
)  # fmt: skip
RESET = """name => {
    const form = document.querySelector(`#${name} form`);
    form.reset();
    form.dispatchEvent(new Event("input"));
}"""


def test_page_asks_nothing_of_the_network_and_complains_about_nothing(fresh: Any) -> None:
    opened = fresh()
    opened.page.wait_for_timeout(300)
    assert opened.requests == [opened.page.url]
    assert opened.complaints == []
    assert opened.page.locator(".say").count() == len(LESSONS)
    assert all(text.strip() for text in opened.page.locator(".say").all_inner_texts())


@pytest.mark.parametrize("name", LESSONS)
def test_every_slider_answers_to_keys_and_to_the_mouse(lessons: Any, name: str) -> None:
    for slider in lessons.page.locator(f"#{name} input[type=range]").all():
        start, low, high = (float(slider.evaluate(f"s => s.{key}")) for key in ("value", "min", "max"))
        key, back = ("ArrowLeft", "ArrowRight") if start == high else ("ArrowRight", "ArrowLeft")
        before = lessons.state(name)
        slider.focus()
        lessons.page.keyboard.press(key)
        assert float(slider.input_value()) != start
        assert lessons.state(name) != before
        lessons.page.keyboard.press(back)
        assert float(slider.input_value()) == pytest.approx(start)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        lessons.page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
        assert float(slider.input_value()) == pytest.approx(low, abs=0.05 * (high - low))
    assert lessons.complaints == []


@pytest.mark.parametrize("name", LESSONS)
def test_every_choice_answers_to_keys_and_to_the_mouse(lessons: Any, name: str) -> None:
    lessons.page.evaluate(RESET, name)
    for group in lessons.page.locator(f"#{name} fieldset").all():
        options = group.locator("input")
        seen = [lessons.state(name)]
        options.nth(0).focus()
        for place in range(1, options.count()):
            lessons.page.keyboard.press("ArrowRight")
            assert options.nth(place).is_checked()
            seen.append(lessons.state(name))
        assert len(set(seen)) == len(seen)
        group.locator("label").nth(0).click()
        assert options.nth(0).is_checked()
        assert lessons.state(name) == seen[0]
    for tick in lessons.page.locator(f"#{name} input[type=checkbox]").all():
        before = lessons.state(name)
        tick.focus()
        lessons.page.keyboard.press("Space")
        assert lessons.state(name) != before
        tick.click()
        assert lessons.state(name) == before
    assert lessons.complaints == []


@pytest.mark.parametrize(
    ("name", "button", "undo"),
    [
        ("camera", "solid", "horizontal"), ("camera", "vertical", "horizontal"), ("camera", "diagonal", "horizontal"),
        ("camera", "swap", "swap"), ("descent", "next", "again"), ("draw", "X", ""), ("draw", "O", ""),
        ("draw", "clear", "X"), ("draw", "undo", ""), ("shuffle", "shuffle", "restore"),
    ],
)  # fmt: skip
def test_every_button_answers_to_keys_and_to_the_mouse(fresh: Any, name: str, button: str, undo: str) -> None:
    opened = fresh()
    start = opened.state(name)
    opened.page.locator(f"#{name} button[name={button}]").focus()
    opened.page.keyboard.press("Enter")
    by_key = opened.state(name)
    assert by_key != start
    if undo:
        opened.press(name, undo)
        assert opened.state(name) != by_key
    else:
        opened.press(name, button)
        assert opened.state(name) != by_key
    assert opened.complaints == []


@pytest.mark.parametrize(("name", "slider"), [("convolve", "place"), ("descent", "step")])
def test_play_runs_to_the_end_and_can_be_paused(fresh: Any, name: str, slider: str) -> None:
    opened = fresh()
    place = opened.page.locator(f"#{name} input[name={slider}]")
    play = opened.page.locator(f"#{name} button[name=play]")
    play.focus()
    opened.page.keyboard.press("Enter")
    assert play.inner_text() == "Pause"
    opened.page.wait_for_function("s => Number(s.value) > 2", arg=place.element_handle())
    play.click()
    assert play.inner_text() == "Play"
    opened.set(name, slider, float(place.get_attribute("max") or 0) - 2)
    play.click()
    opened.page.wait_for_function("s => s.value === s.max", arg=place.element_handle())
    assert play.inner_text() == "Play"


def test_listening_plays_the_tune_without_a_request(fresh: Any) -> None:
    opened = fresh()
    opened.press("sound", "play")
    opened.page.wait_for_timeout(200)
    assert opened.requests == [opened.page.url]
    assert opened.complaints == []


def test_where_motion_is_unwanted_play_goes_to_the_end_at_once(fresh: Any) -> None:
    opened = fresh(reduced_motion="reduce")
    opened.press("descent", "play")
    place = opened.page.locator("#descent input[name=step]")
    assert place.input_value() == place.get_attribute("max")
    assert opened.page.locator("#descent button[name=play]").inner_text() == "Play"


def test_own_picture_by_mouse_and_keys(fresh: Any) -> None:
    opened = fresh()
    place = opened.page.locator("#stack [data-part=picture]")
    before = opened.say("stack")
    place.focus()
    opened.page.keyboard.press("ArrowDown")
    assert "Row 6, column 5" in opened.say("stack")
    opened.page.keyboard.press("Space")
    assert opened.page.locator("#stack input[value=own]").is_checked()
    assert place.locator(".ink").nth(5 * 9 + 4).get_attribute("fill-opacity") == "1.000"
    assert opened.say("stack") != before
    place.scroll_into_view_if_needed()
    box = place.locator("svg").bounding_box()
    opened.page.mouse.click(box["x"] + 4.5 * box["width"] / 9, box["y"] + 5.5 * box["height"] / 9)
    assert opened.say("stack") == before


def test_maps_and_curves_answer_to_the_mouse(fresh: Any) -> None:
    opened = fresh()
    for name, part, slider in [
        ("match", "picture", "place"), ("convolve", "map", "place"), ("pool", "after", "place"),
        ("descent", "curve", "start"),
    ]:  # fmt: skip
        place = opened.page.locator(f"#{name} [data-part={part}] svg")
        value = opened.page.locator(f"#{name} input[name={slider}]").input_value()
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        opened.page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6)
        assert opened.page.locator(f"#{name} input[name={slider}]").input_value() != value, name


def test_numbers_of_the_story_are_on_the_page(fresh: Any) -> None:
    opened = fresh()
    opened.set("match", "place", 24)
    opened.choose("match", "picture", "X")
    opened.choose("match", "feature", "cross")
    assert "9 of 9 cells agree" in opened.say("match")
    assert "a match of 1.00" in opened.say("match")
    opened.set("convolve", "place", 1)
    assert "a match of 0.78" in opened.say("convolve")
    assert "X gets 1.000, O gets 0.556" in opened.say("votes")
    opened.choose("votes", "list", "slide")
    assert "X gets 0.912, O gets 0.517" in opened.say("votes") or "O gets 0.518" in opened.say("votes")
    assert "= -1.075, squashed to -0.791" in opened.say("neuron")
    assert "horizontal 0.959" in opened.say("camera")
    opened.choose("camera", "squash", "none")
    assert "horizontal 4.000" in opened.say("camera")
    opened.choose("descent", "curve", "bowl")
    opened.set("descent", "start", -1)
    assert "error 1.00, slope -2.00" in opened.say("descent")


def test_nothing_typed_becomes_markup(fresh: Any) -> None:
    opened = fresh()
    for box in ("text", "find"):
        opened.page.locator(f"#text input[name={box}]").fill("<b>x</b>"[: 6 if box == "find" else 32])
    assert opened.page.locator("#text [data-part=text] b, #text .say b").count() == 0
    opened.page.locator("#text input[name=text]").fill("")
    opened.page.locator("#text input[name=find]").fill("")
    assert "matches nowhere" in opened.say("text")
    assert opened.complaints == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_page_is_no_wider_than_its_window_and_nothing_is_cut_off(fresh: Any, width: int) -> None:
    opened = fresh()
    opened.page.set_viewport_size({"width": width, "height": 800})
    opened.page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
    outside = opened.page.evaluate(
        """() => [...document.querySelectorAll("svg text, button, label, output")].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.width && !element.closest(".scroll") && (box.left < -0.5 || box.right > innerWidth + 0.5);
        }).map((element) => element.textContent)"""
    )
    assert outside == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_no_fault(fresh: Any, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core checks accessibility")
    opened = fresh(color_scheme=scheme)
    opened.page.set_viewport_size({"width": width, "height": 900})
    found = axe.Axe().run(opened.page).response["violations"]
    assert [(fault["id"], [node["target"] for node in fault["nodes"]][:4]) for fault in found] == []


def test_another_scheme_recolours_every_drawing_at_once(fresh: Any) -> None:
    opened = fresh(color_scheme="light")
    corner = "c => c.getContext('2d').getImageData(0, 0, 1, 1).data[0]"
    paper = opened.page.locator("#draw [data-part=paper]")
    assert paper.evaluate(corner) > 200
    opened.page.emulate_media(color_scheme="dark")
    opened.page.wait_for_function(f"c => ({corner})(c) < 60", arg=paper.element_handle())


def test_focus_can_be_seen_on_every_control(fresh: Any) -> None:
    opened = fresh()
    opened.page.locator("h1").click()
    for _ in range(60):
        opened.page.keyboard.press("Tab")
        seen = opened.page.evaluate(
            """() => {
                const focused = document.activeElement;
                const shown = [focused, focused.nextElementSibling].filter(Boolean);
                return shown.some((element) => getComputedStyle(element).outlineStyle !== "none");
            }"""
        )
        assert seen, opened.page.evaluate("document.activeElement.outerHTML")
