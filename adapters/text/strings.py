"""Strings made comparable, and split into tokens; vocabularies of what is frequent."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import islice
from typing import Any

from adapters.errors import DataError

PADDING, UNKNOWN = "<padding>", "<unknown>"
TOKEN = re.compile(r"[\w']+|[^\w\s]")
SPACE = re.compile(r"\s")
CHARACTERS_A_TOKEN = 16  # more than words have on average, so that one look at a text is mostly enough


def checked(item: Any) -> str:
    """Give a text as it is.

    Raises
    ------
    DataError
        If the item is no string, or blank, or has half of a surrogate pair.
    """
    if not isinstance(item, str):
        raise DataError(f"expected text as a string, got {type(item).__name__}; decode it first")
    if not item or item.isspace():
        raise DataError("expected text with at least one visible character, got a blank string; leave it out")
    require_encodable(item)
    return str(item)


def require_encodable(text: str) -> None:
    """Refuse what is no text to any encoding, and so could not be saved or shown either.

    Raises
    ------
    DataError
        If the text has half of a surrogate pair.
    """
    try:
        # Done in C, which is much faster than a search for surrogates.
        _ = text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"expected text, got half of a surrogate pair at character {error.start + 1}; decode the text anew"
        ) from error


def normalised(text: str) -> str:
    """Give a text in Unicode's form NFC, in which every position of an attribution is counted."""
    return unicodedata.normalize("NFC", text)


def opening(text: str, size: int) -> str:
    """Give the beginning of a text in form NFC: at least ``size`` characters, or all there are.

    What comes out is the same as the beginning of the whole text's form, lower-cased or
    not, but a text of many megabytes is not read to its end. It is cut before white
    space: that neither joins the character before it, nor lets what follows decide how
    that is lower-cased (the Greek final sigma), nor stands inside a token.

    Examples
    --------
    >>> opening("good morning everybody", 6)
    'good morning'
    """
    wanted = size
    while space := SPACE.search(text, wanted):
        head = normalised(text[: space.start()])
        if len(head) >= size:
            return head
        wanted = 2 * space.start()
    return normalised(text)


def lowered(text: str) -> str:
    """Lower-case a text without changing its length."""
    return text.replace("İ", "I").lower()  # the one character whose lower case is longer


def tokens(text: str, *, lower: bool = True) -> list[str]:
    """Split a text into words, lower-cased or as they are written, and single punctuation marks.

    A word is a run of letters, digits, underscores and apostrophes; any other
    character that is not white space is a token of its own. That is the tokenisation
    of Kim (2014), `Convolutional neural networks for sentence classification`,
    widened to all of Unicode's letters and without splitting contractions.

    Examples
    --------
    >>> tokens("Don't stop, Zoë!")
    ["don't", 'stop', ',', 'zoë', '!']
    """
    return TOKEN.findall(lowered(text) if lower else text)


def first_tokens(text: str, count: int, *, lower: bool = True) -> list[str]:
    """Split the form NFC of a text into its first tokens, without reading far beyond them."""
    size = CHARACTERS_A_TOKEN * count
    if len(text) > size:
        head = opening(text, size)
        found = [match.group() for match in islice(TOKEN.finditer(lowered(head) if lower else head), count)]
        if len(found) == count:
            return found
    return tokens(normalised(text), lower=lower)[:count]


def by_frequency(counts: Counter[str], limit: int) -> list[str]:
    """List the entries that are counted most, ties in alphabetical order."""
    return sorted(counts, key=lambda entry: (-counts[entry], entry))[:limit]
