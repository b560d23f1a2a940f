"""What training raises: errors that a person can act on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ExperimentError(ValueError):
    """The experiment cannot be run as declared: says what was expected, what came, what to do."""


class StoppedError(Exception):
    """Runs had to stop: says why, what is safe and how to go on. What was finished is kept."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Say what the known words are, with the one closest to ``word`` first.

    Examples
    --------
    >>> nearest("epoch", ["epochs", "patience"])
    "did you mean 'epochs'? Known: epochs, patience"
    """
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}Known: {', '.join(words)}"


def require(ok: bool, name: str, expected: str, value: object) -> None:
    """Refuse a setting that lies outside its range."""
    if not ok:
        raise ExperimentError(f"{name}: expected {expected}, got {value!r}")
