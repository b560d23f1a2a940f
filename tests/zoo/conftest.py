import gc
import os

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session", autouse=True)
def _cheap_garbage_collection() -> None:
    # Graphs leave many cycles; scanning all of TensorFlow at each collection doubles the time of a build.
    import keras  # noqa: F401

    gc.collect()
    gc.freeze()
