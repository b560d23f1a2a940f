"""Settings of all tests."""

import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

# A busy machine must not fail a property, and a failure must come back on the next run.
settings.register_profile("gridzoo", deadline=None, derandomize=True)
settings.load_profile("gridzoo")


@pytest.fixture(scope="session", autouse=True)
def _own_cache() -> Iterator[None]:
    """Tests leave the user's cache alone, and do not profit from it."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("GRIDZOO_CACHE", folder)
        yield
