"""The page of lessons in a browser, the explainer's numbers, and the drawings that the network was trained on."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import reports.learn

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60_000  # milliseconds: machines may be busy

# What the reader sees of a lesson: its line of text, the values of its controls, its drawings.
STATE = """name => {
    const root = document.getElementById(name);
    const pixels = [...root.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join();
    const drawn = [...root.querySelectorAll("svg")].map((svg) => svg.outerHTML).join();
    return root.innerText + drawn + pixels;
}"""


@dataclass
class Opened:
    """The page and everything it should not have done."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def say(self, lesson: str) -> str:
        """What a lesson's line of text says, with plain minus signs."""
        return str(self.page.locator(f"#{lesson} .say").inner_text()).replace("−", "-")

    def state(self, lesson: str) -> str:
        """Everything that a lesson shows."""
        return str(self.page.evaluate(STATE, lesson))

    def set(self, lesson: str, name: str, value: float) -> None:
        """Move a slider as its keys do: the value, then the event."""
        self.page.locator(f"#{lesson} input[name={name}]").fill(str(value))

    def choose(self, lesson: str, name: str, value: str) -> None:
        """Press one of several options."""
        self.page.locator(f"#{lesson} input[name={name}][value={value}]").check()

    def press(self, lesson: str, name: str) -> None:
        """Press a button."""
        self.page.locator(f"#{lesson} button[name={name}]").click()


@pytest.fixture(scope="session")
def slides() -> dict[str, Any]:
    """The numbers of "How convolutional neural networks work"."""
    data = Path(os.environ.get("GRIDZOO_DATA") or ROOT.parent / "shared" / "data")
    path = data.parent / "references" / "rohrer.json"
    if not path.exists():
        pytest.skip(f"the explainer's numbers are not in {path.parent}")
    return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def stored() -> dict[str, Any]:
    """What the page keeps: the trained network and the shuffled columns."""
    folder = ROOT / "reports" / "learn" / "data"
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}


@pytest.fixture(scope="session")
def drawings() -> ModuleType:
    """The module that drew what the network was trained on."""
    spec = util.spec_from_file_location("learn_drawings", ROOT / "benchmarks" / "learn_drawings.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def learn_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reports.learn.write(tmp_path_factory.mktemp("learn") / "learn.html")


def open_page(browser: Any, file: Path, **settings: Any) -> Opened:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, **settings)
    page.set_default_timeout(PATIENCE)
    opened = Opened(page)
    page.on("console", lambda message: opened.complaints.append(message.text))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", lambda request: opened.requests.append(request.url))
    page.goto(file.as_uri())
    return opened


@pytest.fixture(scope="module")
def lessons(browser: Any, learn_file: Path) -> Iterator[Opened]:
    """The page, opened once for the tests of a file."""
    opened = open_page(browser, learn_file)
    yield opened
    opened.page.close()


@pytest.fixture
def fresh(browser: Any, learn_file: Path) -> Iterator[Any]:
    """Open the page anew, with settings such as ``color_scheme``."""
    pages: list[Opened] = []

    def make(**settings: Any) -> Opened:
        pages.append(open_page(browser, learn_file, **settings))
        return pages[-1]

    yield make
    for opened in pages:
        opened.page.close()
