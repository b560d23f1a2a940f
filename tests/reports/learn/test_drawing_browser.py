"""Drawing by mouse, finger and keys: what is drawn is read, wherever and however it is drawn."""

from __future__ import annotations

from typing import Any


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
    crossed = opened.state("draw")
    opened.press("draw", "undo")
    assert opened.state("draw") != crossed
    ink = "c => { const { data } = c.getContext('2d').getImageData(14, 14, 1, 1); return data[0]; }"
    assert paper.evaluate(ink) < 80  # the stroke that is left goes through the middle
    opened.press("draw", "clear")
    assert paper.evaluate(ink) > 200


def test_a_finger_draws_and_does_not_scroll(fresh: Any) -> None:
    opened = fresh(has_touch=True)
    opened.press("draw", "clear")
    paper = opened.page.locator("#draw [data-part=paper]")
    paper.scroll_into_view_if_needed()
    empty, box = opened.state("draw"), paper.bounding_box()
    opened.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert opened.state("draw") != empty
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
    empty = opened.state("draw")
    opened.press("draw", "clear")
    assert opened.state("draw") == empty
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


def test_all_changes_are_taken_back_by_one_button(fresh: Any) -> None:
    opened = fresh()
    start = opened.state("draw")
    for name in ("across", "down", "turn", "scale", "weight", "shade"):
        opened.set("draw", name, 0.5)
    assert opened.state("draw") != start
    opened.press("draw", "neutral")
    assert opened.state("draw") == start


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
