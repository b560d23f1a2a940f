"""The lessons in a real browser: every control by mouse and keyboard, offline, on phones, in the dark."""

from __future__ import annotations

from typing import Any

import pytest

LESSONS = (
    "match", "convolve", "pool", "stack", "votes", "neuron", "camera", "descent", "chain", "shapes", "draw", "sound",
    "text", "shuffle",
)  # fmt: skip
# What the reader sees of a lesson: its line of text, the values of its controls, its drawings.
STATE = """name => {
    const root = document.getElementById(name);
    const pixels = [...root.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join();
    const drawn = [...root.querySelectorAll("svg")].map((svg) => svg.outerHTML).join();
    return root.innerText + drawn + pixels;
}"""


def state(lessons: Any, name: str) -> str:
    return str(lessons.page.evaluate(STATE, name))


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
        before = state(lessons, name)
        slider.focus()
        lessons.page.keyboard.press(key)
        assert float(slider.input_value()) != start
        assert state(lessons, name) != before
        lessons.page.keyboard.press(back)
        assert float(slider.input_value()) == pytest.approx(start)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        lessons.page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
        assert float(slider.input_value()) == pytest.approx(low, abs=0.05 * (high - low))
    assert lessons.complaints == []


@pytest.mark.parametrize("name", LESSONS)
def test_every_choice_answers_to_keys_and_to_the_mouse(lessons: Any, name: str) -> None:
    for group in lessons.page.locator(f"#{name} fieldset").all():
        options = group.locator("input")
        seen = [state(lessons, name)]
        options.nth(0).focus()
        for place in range(1, options.count()):
            lessons.page.keyboard.press("ArrowRight")
            assert options.nth(place).is_checked()
            seen.append(state(lessons, name))
        assert len(set(seen)) == len(seen)
        group.locator("label").nth(0).click()
        assert options.nth(0).is_checked()
        assert state(lessons, name) == seen[0]
    for tick in lessons.page.locator(f"#{name} input[type=checkbox]").all():
        before = state(lessons, name)
        tick.focus()
        lessons.page.keyboard.press("Space")
        assert state(lessons, name) != before
        tick.click()
        assert state(lessons, name) == before
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
    start = state(opened, name)
    opened.page.locator(f"#{name} button[name={button}]").focus()
    opened.page.keyboard.press("Enter")
    by_key = state(opened, name)
    assert by_key != start
    if undo:
        opened.press(name, undo)
        assert state(opened, name) != by_key
    else:
        opened.press(name, button)
        assert state(opened, name) != by_key
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


def test_drawing_with_the_mouse_is_read_and_undone(fresh: Any) -> None:
    opened = fresh()
    opened.press("draw", "clear")
    paper = opened.page.locator("#draw [data-part=paper]")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    for first, last in [((0.25, 0.25), (0.75, 0.75)), ((0.75, 0.25), (0.25, 0.75))]:
        opened.page.mouse.move(*at(*first))
        opened.page.mouse.down()
        opened.page.mouse.move(*at(*last), steps=8)
        opened.page.mouse.up()
    assert "I read: X" in opened.say("draw")
    crossed = state(opened, "draw")
    opened.press("draw", "undo")
    assert state(opened, "draw") != crossed
    ink = "c => { const { data } = c.getContext('2d').getImageData(14, 14, 1, 1); return data[0]; }"
    assert paper.evaluate(ink) < 80  # the stroke that is left goes through the middle
    opened.press("draw", "clear")
    assert paper.evaluate(ink) > 200


def test_a_finger_draws_and_does_not_scroll(fresh: Any) -> None:
    opened = fresh(has_touch=True)
    opened.press("draw", "clear")
    paper = opened.page.locator("#draw [data-part=paper]")
    paper.scroll_into_view_if_needed()
    empty, box = state(opened, "draw"), paper.bounding_box()
    opened.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert state(opened, "draw") != empty
    assert paper.evaluate("c => getComputedStyle(c).touchAction") == "none"
    curve = opened.page.locator("#descent [data-part=curve]")
    assert curve.evaluate("c => getComputedStyle(c).touchAction") == "pan-y"  # a thumb on it still scrolls


def test_drawing_with_keys_is_read(fresh: Any) -> None:
    opened = fresh()
    opened.press("draw", "clear")
    opened.page.locator("#draw [data-part=paper]").focus()
    press = opened.page.keyboard.press
    for key in ["ArrowLeft"] * 7 + ["ArrowUp"] * 7 + ["Space"]:
        press(key)
    for direction in ("Right", "Down", "Left", "Up"):
        for _ in range(14):
            press(f"Arrow{direction}")
    press("Space")
    assert "I read: O" in opened.say("draw")
    press("Backspace")
    empty = state(opened, "draw")
    opened.press("draw", "clear")
    assert state(opened, "draw") == empty
    assert opened.complaints == []


def test_ink_appears_under_the_pen_however_the_drawing_is_turned(fresh: Any) -> None:
    opened = fresh()
    opened.press("draw", "clear")
    for name, value in [("turn", 40), ("scale", 1.5), ("across", 3)]:
        opened.set("draw", name, value)
    paper = opened.page.locator("#draw [data-part=paper]")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    opened.page.mouse.click(box["x"] + 20.5 / 28 * box["width"], box["y"] + 6.5 / 28 * box["height"])
    shade = "(c, [x, y]) => c.getContext('2d').getImageData(x, y, 1, 1).data[0]"
    assert paper.evaluate(shade, [20, 6]) < 80
    assert paper.evaluate(shade, [6, 20]) > 200


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


def test_every_layer_is_shown_thirty_times_a_second(fresh: Any) -> None:
    opened = fresh()
    median = opened.page.evaluate(
        """() => {
            const slider = document.querySelector("#draw input[name=turn]");
            const spent = Array.from({ length: 60 }, (_, i) => {
                const start = performance.now();
                slider.value = i - 30;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                return performance.now() - start;
            });
            return spent.sort((a, b) => a - b)[30];
        }"""
    )
    assert median < 1000 / 30
