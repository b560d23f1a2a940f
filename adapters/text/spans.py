"""Where the tokens and characters of a text stand in it."""

from __future__ import annotations

from itertools import islice

from adapters.grid import Axis
from adapters.text.strings import TOKEN, lowered

# Cells of a text that are told apart; all that follow are one, since a text may have millions.
SHOWN = 2**16
REST = "…"


def counted(name: str, size: int, shown: int, labels: tuple[str, ...] = ()) -> Axis:
    """Make an axis whose cells are numbered; those from the last that is shown on are one.

    Parameters
    ----------
    name : str
    size : int
        Cells there are.
    shown : int
        Cells of the axis at most.
    labels : tuple of str
        One for each cell, or for the first ``shown`` of them.

    Examples
    --------
    >>> counted("line", 3, 5).edges
    (0.0, 1.0, 2.0, 3.0)
    >>> counted("character", 1000, 3, ("a", "b", "c"))
    Axis(name='character', unit='', edges=(0.0, 1.0, 2.0, 1000.0), labels=('a', 'b', '…'))
    """
    if size <= shown:
        return Axis.counted(name, size, labels)
    edges = (*map(float, range(shown)), float(size))
    return Axis(name, "", edges, (*labels[: shown - 1], REST) if labels else ())


def character_spans(text: str, grid: int) -> Axis:
    """Give the whole text as one cell a character, at least as many as a grid of ``grid`` cells shows."""
    shown = max(SHOWN, grid + 1)
    return counted("character", len(text), shown, tuple(text[:shown]))


def token_spans(text: str, grid: int, *, lower: bool = True) -> Axis:
    """Give the whole text as one cell a token, at least as many as a grid of ``grid`` cells shows.

    Each takes the white space after it.

    Examples
    --------
    >>> token_spans("so good", 2).edges
    (0.0, 3.0, 7.0)
    """
    shown = max(SHOWN, grid + 1)
    starts, words = _first(text, shown + 1, lower)
    if len(words) > shown:
        starts, words = starts[:shown], (*words[: shown - 1], REST)
    return Axis("character", "", (*starts, float(len(text))), words)


def token_axis(text: str, length: int, *, lower: bool = True) -> Axis:
    """Give the cells of a grid of ``length`` tokens; those that were padded lie beyond the text."""
    starts, words = _first(text, length + 1, lower)
    beyond = (float(len(text)), *(len(text) + 1.0 + i for i in range(length)))
    labels = (words + ("",) * length)[:length]
    return Axis("character", "", (starts + beyond)[: length + 1], labels)


def _first(text: str, count: int, lower: bool) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Find the first tokens, and where each starts; the first takes the white space before it, too."""
    found = list(islice(TOKEN.finditer(lowered(text) if lower else text), count))
    return (0.0, *(float(match.start()) for match in found[1:])), tuple(match.group() for match in found)
