"""What is known about each named data set (``about.toml``)."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any

from adapters.dataset import Provenance


def about(name: str, guesses: tuple[str, ...] = ()) -> Provenance:
    """Say where a named data set comes from, and what was assumed in loading it.

    Examples
    --------
    >>> about("fsdd").groups
    'speaker'
    """
    entry = _table()[name]
    known = {key: entry[key] for key in ("title", "origin", "licence", "citation", "split", "groups") if key in entry}
    return Provenance(**known, published=tuple(entry.get("published", ())), guesses=guesses)


def archived(set_name: str, guesses: tuple[str, ...]) -> Provenance:
    """Say where a set of the UCR/UEA archive comes from."""
    entry = _table()["ucr"]
    return Provenance(
        f"{set_name}: a set of the UCR/UEA Time Series Classification Archive",
        entry["origin"],
        entry["licence"],
        entry["citation"],
        split=entry["split"],
        published=tuple(entry["published"].get(set_name, ())),
        guesses=guesses,
    )


def published_sets() -> tuple[str, ...]:
    """Names of the archive's sets that results are given of."""
    return tuple(_table()["ucr"]["published"])


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("adapters.sources").joinpath("about.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
