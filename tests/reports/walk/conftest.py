"""Walks of drawn networks, and their pages in a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from reports import walk as pages
from training.walk.record import Walk

CASES = Path(__file__).resolve().parents[2] / "training" / "walk" / "cases.py"
PATIENCE = 180_000  # milliseconds: machines may be busy
NAMES = {
    "image": "picture, tanh, average pooling, hidden layers",
    "sound": "sound, pooled before it is bent",
    "text": "words with vectors, three windows",
    "series": "two series, normalised",
    "table": "row, convolved",
    "plain": "row, no convolution",
    "averaged": "picture, a map for each class",
}


@dataclass
class Opened:
    """A page and everything it should not have done."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def step(self) -> Any:
        """The step on the screen."""
        return self.page.locator(".walk-step.current")

    @property
    def kind(self) -> str:
        """Which step that is."""
        return str(self.step.get_attribute("data-kind"))

    def go(self, kind: str) -> Any:
        """Press the button of the first step of a kind."""
        kinds = self.page.locator(".walk-step").evaluate_all("steps => steps.map(step => step.dataset.kind)")
        self.page.locator(f'[data-to="{kinds.index(kind)}"]').click()
        return self.step

    def bubble(self) -> str:
        """What the label beside the pointer says, with plain minus signs."""
        return str(self.page.locator(".walk-bubble").inner_text()).replace("−", "-")


@cache
def _walk(kind: str) -> Walk:
    from training.walk.walk import walk  # here, since it imports TensorFlow

    spec = util.spec_from_file_location("walk_cases_of_reports", CASES)
    assert spec is not None
    assert spec.loader is not None
    cases = util.module_from_spec(spec)
    sys.modules[spec.name] = cases
    spec.loader.exec_module(cases)
    predictor, item = cases.drawn(NAMES[kind])
    return walk(predictor, item, name="<i>item</i> 1", label=cases.CLASSES[1])


@pytest.fixture(scope="session")
def walk_of() -> Callable[[str], Walk]:
    """Walks by modality."""
    return _walk


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Open the page of a walk, with settings such as ``color_scheme``."""
    found: list[Opened] = []

    def make(kind: str, **settings: Any) -> Opened:
        file = pages.write(_walk(kind), tmp_path / f"{kind}.html")
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 800}, **settings})
        page.set_default_timeout(PATIENCE)
        one = Opened(page)
        page.on("console", lambda message: one.complaints.append(message.text))
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (one.complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: one.requests.append(request.url))
        page.goto(file.as_uri())
        found.append(one)
        return one

    yield make
    for one in found:
        one.page.close()
