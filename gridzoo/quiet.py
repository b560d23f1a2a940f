"""TensorFlow without the greetings that it writes to the terminal while it loads."""

from __future__ import annotations


def load() -> None:
    """Load what trains and predicts; a command calls this before it needs any of it."""
    from training.running.imports import hushed

    with hushed():
        import training.fitting.predictor  # noqa: F401
