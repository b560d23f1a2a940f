"""The page in a real browser: offline, inert, readable on a phone, usable by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import reports

try:
    from axe_playwright_python.sync_playwright import Axe
except ImportError:
    Axe = None

PATIENCE = 180_000  # milliseconds: the page holds a 4.8 MB library, and machines may be busy
PAGES = ("ordinary", "hostile", "poor")


@dataclass
class Opened:
    """A page and everything it should not have done."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, example_chapters: ModuleType) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    pages = {
        "ordinary": example_chapters.ordinary()[:1],
        "hostile": example_chapters.hostile(),
        "poor": example_chapters.poor(),
    }
    return {name: reports.write(chapters, folder / f"{name}.html") for name, chapters in pages.items()}


@pytest.fixture(scope="module")
def opened(browser: Any, files: dict[str, Path]) -> Iterator[dict[str, Opened]]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield {name: open_page(context, file) for name, file in files.items()}
    context.close()


def open_page(context: Any, file: Path) -> Opened:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    opened = Opened(page)
    page.on("console", lambda message: opened.complaints.append(message.text))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (opened.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: opened.requests.append(request.url))
    page.goto(file.as_uri())
    return opened


def wait(page: Any, expression: str) -> None:
    """Wait until an expression holds; the page's policy forbids what `wait_for_function` does."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(expression)


def draw_all(page: Any) -> None:
    wait(page, "typeof Plotly !== 'undefined'")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    wait(page, "[...document.querySelectorAll('[data-figures]')].every((place) => place.dataset.drawn)")


def column(page: Any, index: int) -> list[str]:
    rows = page.locator("table.sortable").nth(0).locator("tbody tr:not(.reasons)")
    return [row.locator("th, td").nth(index).inner_text() for row in rows.all()]


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_nothing_of_the_network_and_complains_about_nothing(opened: dict[str, Opened], name: str) -> None:
    draw_all(opened[name].page)
    assert [url for url in opened[name].requests if not url.startswith("data:")] == [opened[name].page.url]
    assert opened[name].complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_is_drawn_and_has_words(opened: dict[str, Opened], name: str) -> None:
    page = opened[name].page
    draw_all(page)
    places = page.locator("[data-figures]").count()
    assert places > 0
    assert page.locator(".panel").count() == page.locator(".panel:has(svg.main-svg)").count() >= places
    assert all(caption.strip() for caption in page.locator(".plots figcaption").all_text_contents())
    assert page.locator("img:not([alt]), svg[role=img]:not([aria-label])").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(opened: dict[str, Opened], name: str) -> None:
    page = opened[name].page
    draw_all(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        # Plotly waits for the window to rest before it resizes.
        wait(page, f"document.documentElement.scrollWidth <= {width}")
    assert opened[name].complaints == []


def test_leaderboard_is_sorted_by_click_and_by_keyboard(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    headings = page.locator("table.sortable").nth(0).locator("th[data-sort]")
    headings.nth(0).locator("button").click()
    names = column(page, 0)
    assert names == sorted(names)
    assert headings.nth(0).get_attribute("aria-sort") == "ascending"
    headings.nth(3).locator("button").focus()
    page.keyboard.press("Enter")
    scores = [float(text.split("\u202f")[0]) for text in column(page, 3) if text[0].isdigit()]
    assert scores == sorted(scores, reverse=True)
    assert headings.nth(0).get_attribute("aria-sort") == "none"
    failed = page.locator("table.sortable").nth(0).locator("tr.reasons")
    assert "lenet5" in failed.evaluate("row => row.previousElementSibling.textContent")


def test_filter_keeps_the_rows_that_hold_every_word(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    box = page.locator("input[type=search]").nth(0)
    box.fill("permuted RESNET20")
    rows = page.locator("table.sortable").nth(0).locator("tbody tr:visible")
    assert rows.count() == 1
    assert "1 of 6 rows" in page.locator(".tools output").nth(0).inner_text()
    box.fill("")
    assert rows.count() == 7


def test_menus_filter_by_model_grid_and_arm_and_add_up_with_the_words(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    board = page.locator("table.sortable").nth(0)
    counter = page.locator(".tools output").nth(0)
    menus = {name: page.locator(f"select[data-by={name}]").nth(0) for name in ("model", "arm")}
    assert (
        page.locator(".tools").nth(0).locator("select[data-by=grid]").count() == 0
    )  # one grid: nothing to choose from
    menus["arm"].select_option("CNN")
    assert counter.inner_text() == "2 of 6 rows"  # not those that only contain the word
    assert all("permuted" not in text for text in board.locator("tbody tr:visible").all_text_contents())
    menus["model"].select_option("resnet20")
    assert counter.inner_text() == "1 of 6 rows"
    page.locator("input[type=search]").nth(0).fill("lenet5")
    assert counter.inner_text() == "0 of 6 rows"
    page.locator("input[type=search]").nth(0).fill("")
    for menu in menus.values():
        menu.select_option("")
    assert counter.inner_text() == ""
    assert board.locator("tbody tr:visible").count() == 7


def test_reasons_of_failed_runs_stay_with_their_row(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    page.locator("input[type=search]").nth(0).fill("memory ran out")
    rows = page.locator("table.sortable").nth(0).locator("tbody tr:visible")
    assert rows.count() == 2
    assert "1 failed" in rows.nth(0).inner_text()
    page.locator("input[type=search]").nth(0).fill("")


def test_inside_shows_right_and_wrong_items_and_the_relevant_part_of_a_sound(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    inside = page.locator("#data-1-inside")
    badges = inside.locator(".look .badge").all_inner_texts()
    assert [badge.split()[-1] for badge in badges] == ["right", "wrong"]
    assert "could not be explained: item 0: expected sound" in inside.inner_text()
    assert "119 of 120" in inside.inner_text()
    assert inside.locator(".heard audio").count() == 4
    assert inside.locator(".stage").count() == 2
    assert inside.locator(".kernels svg").count() > 0
    assert "MemoryError" in opened["poor"].page.locator("#data-3-inside").inner_text()
    assert "none has finished" in opened["poor"].page.locator("#data-2-inside").inner_text()


def test_menu_redraws_the_chart(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    place = page.locator(".plots.square").nth(0)
    before = place.locator("figcaption").inner_text()
    place.locator("select").select_option(index=1)
    wait(page, f"document.querySelector('.plots.square figcaption').innerText !== {json.dumps(before)}")


def test_terms_explain_themselves_on_focus(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    page.locator(".lead .term").nth(1).focus()
    assert "convolutional" in page.locator("#bubble").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#bubble").is_hidden()


def test_dark_scheme_recolours_page_and_charts(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    draw_all(page)
    ink = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.xtick text')).fill]"
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    try:
        # Plotly redraws in its own time; waiting ends with an error if a colour stays as it was.
        wait(page, f"(light => {ink}.every((colour, i) => colour !== light[i]))({json.dumps(light)})")
    finally:
        page.emulate_media(color_scheme="light")


def test_names_from_data_stay_text(opened: dict[str, Opened], example_chapters: ModuleType) -> None:
    page = opened["hostile"].page
    draw_all(page)
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("body script:not([type])").count() == 2  # ours, and Plotly once it is unpacked
    shown = page.locator("body").inner_text()
    hostile = example_chapters.HOSTILE
    assert all(name in shown for name in hostile[:3])
    assert page.locator(".sortable").first.evaluate("table => table.offsetWidth <= table.parentElement.clientWidth")
    ticks = "".join(page.locator(".ytick text").all_text_contents())
    assert hostile[0][:15] in ticks
    assert "<b>bold</b>"[:4] in ticks
    assert page.locator(".ytick text tspan[style*=bold], .ytick a").count() == 0


def test_sound_can_be_played(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    duration = page.evaluate(
        "() => new Promise((done) => { const sound = document.querySelector('audio');"
        " sound.onloadedmetadata = () => done(sound.duration); sound.onerror = () => done(-1); sound.preload = 'metadata';"
        " sound.load(); })"
    )
    assert duration == pytest.approx(0.43, abs=0.01)


SERIOUS = ("serious", "critical")


@pytest.mark.skipif(Axe is None, reason="axe-playwright-python carries the checker")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_serious_fault_of_accessibility(opened: dict[str, Opened], name: str, scheme: str) -> None:
    page = opened[name].page
    draw_all(page)
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    try:
        # The checker's own script is run through the debugger, which the page's policy does not bind.
        found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    finally:
        page.emulate_media(color_scheme="light")
    faults = [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found.response["violations"]
        if fault["impact"] in SERIOUS
        for node in fault["nodes"][:3]
    ]
    assert faults == []


def test_click_on_a_confusion_leads_to_its_items(opened: dict[str, Opened]) -> None:
    page = opened["ordinary"].page
    draw_all(page)
    page.locator(".plots.square select").first.select_option(index=0)
    items = page.locator(".mistakes").first
    wait(page, "!document.querySelector('.mistakes').hidden")
    cell = items.locator("[data-cell]").first.get_attribute("data-cell")
    assert cell is not None
    row, column = map(int, cell.split(","))
    page.evaluate(
        "([name, y, x]) => document.querySelector(`[data-figures='${name}'] .panel`)"
        ".emit('plotly_click', { points: [{ x, y }] })",
        [items.get_attribute("data-items-of"), row, column],
    )
    assert items.get_attribute("open") is not None
    assert page.evaluate("document.activeElement.dataset.cell") == cell


def test_paper_shows_every_chart_in_light_colours(browser: Any, files: dict[str, Path]) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    page = open_page(context, files["ordinary"]).page
    draw_all(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    ink = page.evaluate("getComputedStyle(document.querySelector('.xtick text')).fill")
    assert ink == page.evaluate("getComputedStyle(document.body).color")
    assert page.locator("nav:visible, .tools:visible").count() == 0
    assert len(page.pdf(format="A4")) > 50_000
    context.close()


def test_page_is_readable_without_scripts(browser: Any, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["ordinary"].as_uri())
    assert "Cost, mistakes, trust" in page.inner_text("body")
    assert all(words.strip() for words in page.locator(".plots figcaption").all_text_contents())
    context.close()
