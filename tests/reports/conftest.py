"""Chapters and explanations for the tests of reports."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 180_000  # milliseconds: machines may be busy


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of a process: Playwright's plain interface bears no second one."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=PATIENCE)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def example_chapters(example_explanations: ModuleType) -> ModuleType:
    """Chapters by name; they carry explanations."""
    assert sys.modules["example_explanations"] is example_explanations
    return _beside("example_chapters")


@pytest.fixture(scope="session")
def example_explanations() -> ModuleType:
    """Explanations by modality."""
    return _beside("example_explanations")


def _beside(name: str) -> ModuleType:
    """Import a module of this folder: pytest's importlib mode puts no folder on the path."""
    spec = util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[name] = module  # so that one can import another
    spec.loader.exec_module(module)
    return module
