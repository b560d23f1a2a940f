"""What a worker imports before its first run, and what it does without."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from training.collector import uncollected

# What Keras and its company import if it is there, for plots and tables: a fifth of a worker's
# start, and no run uses it.
IDLE = ("matplotlib", "cv2", "pandas", "pyarrow")


def import_all() -> None:
    """Import what runs need."""
    # With the collector, a quarter of the time goes into looking through modules that stay.
    with hushed(), without(IDLE), uncollected():
        from training.running import cnn_run  # noqa: F401


@contextlib.contextmanager
def without(packages: Sequence[str]) -> Iterator[None]:
    """Let packages that are not imported yet appear as not installed for a while."""
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: Python's mark of what may not be found
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Drop what TensorFlow's C++ says of itself while it loads; it heeds no log level then."""
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
