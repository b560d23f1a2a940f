"""An explanation's page in a real browser: offline, without script, readable on a phone and in the dark."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reports.inside import page as pages

PATIENCE = 180_000  # milliseconds: machines may be busy
KINDS = ("image", "sound", "text", "page", "series", "table", "board")


@pytest.mark.parametrize("kind", KINDS)
def test_page_is_offline_inert_and_fits(
    browser: Any, kind: str, tmp_path: Path, example_explanations: ModuleType
) -> None:
    file = pages.write(example_explanations.explanation(kind), tmp_path / f"{kind}.html")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    page.locator("summary").first.click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in requests if not url.startswith("data:")] == [page.url]
    assert complaints == []
    assert page.locator("img:not([alt]), svg[role=img]:not([aria-label])").count() == 0
    assert page.locator("img[src=x], body script:not([type])").count() == 0
    assert page.locator(".method").count() == 6
    if kind == "sound":
        assert page.locator("audio").count() >= 2
    if kind == "text":
        assert example_explanations.HOSTILE in page.locator(".marked").first.inner_text()
        assert page.locator(".marked mark").first.evaluate("mark => mark.style.backgroundColor") != ""
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 250, 247)"
    page.close()
