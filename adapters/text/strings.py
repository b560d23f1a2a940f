"""Strings made comparable, and split into tokens; vocabularies of what is frequent."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from adapters.errors import DataError

PADDING, UNKNOWN = "<padding>", "<unknown>"
TOKEN = re.compile(r"[\w']+|[^\w\s]")


def normalised(item: Any) -> str:
    """Give a text in Unicode's form NFC, in which every position of an attribution is counted.

    Raises
    ------
    DataError
        If the item is no string, or blank.
    """
    if not isinstance(item, str):
        raise DataError(f"expected text as a string, got {type(item).__name__}; decode it first")
    if not item.strip():
        raise DataError("expected text with at least one visible character, got a blank string; leave it out")
    return unicodedata.normalize("NFC", str(item))


def lowered(text: str) -> str:
    """Lower-case a text without changing its length."""
    return text.replace("İ", "I").lower()  # the one character whose lower case is longer


def tokens(text: str) -> list[str]:
    """Split a text into lower-case words and single punctuation marks.

    A word is a run of letters, digits, underscores and apostrophes; any other
    character that is not white space is a token of its own. That is the tokenisation
    of Kim (2014), `Convolutional neural networks for sentence classification`,
    widened to all of Unicode's letters and without splitting contractions.

    Examples
    --------
    >>> tokens("Don't stop, Zoë!")
    ["don't", 'stop', ',', 'zoë', '!']
    """
    return TOKEN.findall(lowered(text))


def by_frequency(counts: Counter[str], limit: int) -> list[str]:
    """List the entries that are counted most, ties in alphabetical order."""
    return sorted(counts, key=lambda entry: (-counts[entry], entry))[:limit]
