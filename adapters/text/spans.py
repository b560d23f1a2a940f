"""Where the tokens of a text stand in it, in characters."""

from __future__ import annotations

from adapters.grid import Axis
from adapters.text.strings import TOKEN, lowered, tokens


def token_spans(text: str) -> Axis:
    """Give the whole text as one cell a token; each takes the white space after it.

    Examples
    --------
    >>> token_spans("so good").edges
    (0.0, 3.0, 7.0)
    """
    return Axis("character", "", _starts(text), tuple(tokens(text)))


def token_axis(text: str, length: int) -> Axis:
    """Give the cells of a grid of ``length`` tokens; those that were padded lie beyond the text."""
    starts, words = _starts(text), tuple(tokens(text))
    beyond = tuple(len(text) + 1.0 + i for i in range(length))
    labels = (words + ("",) * length)[:length]
    return Axis("character", "", (starts + beyond)[: length + 1], labels)


def _starts(text: str) -> tuple[float, ...]:
    starts = [float(match.start()) for match in TOKEN.finditer(lowered(text))]
    return (0.0, *starts[1:], float(len(text)))
