"""Which adapters suit given items, with which settings, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters import registry
from adapters.errors import DataError
from adapters.suggestion_rules import RULES

LOOKED_AT = 500  # items
SUGGESTED = ("image", "sound", "text", "series")  # what is taken where no adapter is named


@dataclass(frozen=True)
class Suggestion:
    """An adapter for given items.

    Parameters
    ----------
    settings : dict
        For `adapters.registry.from_settings`, ``name`` among them.
    reason : str
        Why, in words and numbers.
    """

    settings: dict[str, Any]
    reason: str


def suggest(
    items: Sequence[Any], labels: Sequence[Any] | None = None, *, modality: str | None = None
) -> list[Suggestion]:
    """Look at items and propose adapters.

    Parameters
    ----------
    items : sequence
        As for `adapters.sources.memory.from_arrays`; at most 500 of them are looked at.
        Of files, headers are read alone.
    labels : sequence, shape (n,), optional
        Tell whether what an adapter takes away differs between classes.
    modality : {"image", "sound", "text", "series", "table", "board"}, optional
        By default what the items' type says.

    Returns
    -------
    list of Suggestion
        In order of preference; empty if no item can be read.

    Raises
    ------
    DataError
        If the modality is unknown or cannot be guessed, or there is no item.

    Examples
    --------
    >>> [found.settings["name"] for found in suggest(["so good", "so bad"])][:2]
    ['words', 'characters']
    >>> suggest(["so good", "so bad"])[0].reason
    'text of 2 words: max_length 2 covers 100 %'
    """
    from adapters.sources.memory import (
        listed,
        modality_of,
        with_paths,
    )  # here, since sources ask for suggestions themselves

    every = listed(items)
    if not every:
        raise DataError("suggest: expected at least 1 item, got none")
    kind = modality or modality_of(items)
    if kind not in RULES:
        raise DataError(f"suggest: expected a modality of {', '.join(RULES)}, got {kind!r}; pass modality=")
    step = math.ceil(len(every) / LOOKED_AT)
    seen = RULES[kind].look(
        with_paths(every[::step], kind), None if labels is None else [str(label) for label in labels[::step]]
    )
    if seen is None:
        return []
    found = []
    for name, rule in RULES[kind].by_adapter:
        made = rule(seen) if name in registry.ADAPTERS else None
        if made is not None:
            found.append(Suggestion({"name": name, **made[0]}, made[1]))
    return found


def best(items: Sequence[Any], modality: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Give the settings of the adapter that suits items best, and the reason.

    Both are empty where the modality's default is as good: for rows of a table and boards, and if
    no item can be read.

    Parameters
    ----------
    items : sequence
    modality : str

    Examples
    --------
    >>> best(["ACGTTGCAAC", "TTGACCATGA"], "text")[0]["name"]
    'k-mers'
    """
    found = suggest(items, modality=modality)[:1] if modality in SUGGESTED and len(items) else []
    return (found[0].settings if found else {}), tuple(one.reason for one in found)
