"""Chapters and explanations for the tests of reports."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def example_chapters() -> ModuleType:
    """Chapters by name."""
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
    spec.loader.exec_module(module)
    return module
