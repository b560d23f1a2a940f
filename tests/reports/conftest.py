"""Chapters for the tests of reports."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def example_chapters() -> ModuleType:
    """The module beside this file: pytest's importlib mode puts no folder on the path."""
    spec = util.spec_from_file_location("example_chapters", Path(__file__).with_name("example_chapters.py"))
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
