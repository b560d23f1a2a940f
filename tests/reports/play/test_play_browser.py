"""A game's page in a real browser: offline, without script, readable on a phone and in the dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports.play import page as pages

PATIENCE = 180_000  # milliseconds: machines may be busy


def test_page_is_offline_inert_and_fits(browser: Any, make: Any, tmp_path: Path) -> None:
    records = [make(arm, seed) for arm in ("original", "permuted", "mlp") for seed in range(2)]
    file = pages.write(records, tmp_path / "play.html", "gridzoo play catch")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in requests if not url.startswith("data:")] == [page.url]
    assert complaints == []
    assert page.locator("img:not([alt]), img[alt=''], svg[role=img]:not([aria-label])").count() == 0
    assert page.locator(".film li").count() == 3
    assert page.locator(".film img").evaluate_all(
        "all => all.every(one => one.naturalWidth > 0 && one.clientWidth > 60)"
    )
    assert page.locator(".watchers figure").count() == 1
    assert page.locator("table tbody tr").count() == 4
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 250, 247)"
    page.close()
