"""What is written on the squares of a board: of chess its figurines, of other games what items say."""

from __future__ import annotations

from collections.abc import Sequence

EMPTY = "."
AS_TEXT = "\ufe0e"  # and not as the coloured picture that some systems have
FIGURINES = dict(zip("KQRBNPkqrbnp", "♔♕♖♗♘♙♚♛♜♝♞♟", strict=True))
KINGS = {"K", "k"}


def written(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    """Give the text of every square.

    A board is one of chess if both kings stand on it, and nothing but pieces.

    Parameters
    ----------
    rows : sequence of sequence
        What an item says of each square, row by row.

    Returns
    -------
    list of list of str
        As many rows and columns; empty squares of chess are empty strings.

    Examples
    --------
    >>> written([["X", "."], [".", "O"]])
    [['X', '.'], ['.', 'O']]
    """
    squares = {str(square) for row in rows for square in row}
    if not KINGS <= squares <= {*FIGURINES, EMPTY}:
        return [[str(square) for square in row] for row in rows]
    return [[FIGURINES[square] + AS_TEXT if square in FIGURINES else "" for square in map(str, row)] for row in rows]
