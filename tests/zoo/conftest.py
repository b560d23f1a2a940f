import csv
import gc
import os
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session", autouse=True)
def _cheap_garbage_collection() -> None:
    # Graphs leave many cycles; scanning all of TensorFlow at each collection doubles the time of a build.
    import keras  # noqa: F401

    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def references():
    """The folder of published tables beside the data sets; skips where there is none."""
    data = Path(os.environ.get("GRIDZOO_DATA") or Path(__file__).parents[3] / "shared" / "data")
    folder = data.parent / "references"
    if not folder.is_dir():
        pytest.skip(f"no published tables in {folder}")
    return folder


@pytest.fixture(scope="session")
def table(references):
    """Read one of them."""

    def read(name):
        with (references / name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    return read
