"""What the zoo raises."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ZooError(ValueError):
    """A network cannot be drawn as asked: says what was expected, what came, what to do."""


def unknown(what: str, name: str, known: Iterable[str]) -> ZooError:
    """Make the error about a name that does not exist; it names the nearest that do."""
    choices = sorted(known)
    nearest = difflib.get_close_matches(name, choices, n=3, cutoff=0.4)
    hint = f"nearest: {', '.join(nearest)}" if nearest else f"there are: {', '.join(choices[:12])}"
    return ZooError(f"expected a known {what}, got {name!r}; {hint}")
