"""King and rook against king, solved: in how many moves White mates from every position with Black to move.

Positions are arrays over three squares: White's king, White's rook, Black's king. Squares are numbered from a1 along the
rows. The solution goes backwards from all mates (Thompson 1986, Retrograde analysis of certain endgames, ICCA Journal 9(3):131-139).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 8
SQUARES = SIDE * SIDE
DRAW, ILLEGAL = -1, -2
Flags = NDArray[np.bool_]

_row, _column = np.divmod(np.arange(SQUARES), SIDE)
_across, _up = (abs(place[:, None] - place) for place in (_column, _row))
SAME = np.eye(SQUARES, dtype=bool)
NEAR = (np.maximum(_across, _up) == 1) | SAME  # a king's reach, and the square that it stands on
ON_LINE = ((_across == 0) | (_up == 0)) & ~SAME


def _between() -> Flags:
    """Tell, for two squares on one line and a third one, whether that lies between them."""
    far = _across + _up
    on_the_way = far[:, None, :] + far[None, :, :] == far[:, :, None]
    between: Flags = on_the_way & ON_LINE[:, :, None] & ~SAME[:, None] & ~SAME[None]
    return between


def depths() -> NDArray[np.int64]:
    """Solve the endgame.

    Returns
    -------
    ndarray of int, shape ``(64, 64, 64)``
        White's moves to mate, at best play of both, with Black to move: 0 where Black is mated, ``DRAW`` where Black
        is stalemated or takes the rook, ``ILLEGAL`` where two pieces share a square or kings are neighbours.

    Examples
    --------
    >>> a1, b3, c1 = 0, 17, 2  # Black's king on a1, White's on b3, the rook on c1
    >>> int(depths()[b3, c1, a1])
    0
    """
    blocked = _between().transpose(2, 0, 1)  # by a piece on the first square, between the others
    king, rook, black = (np.arange(SQUARES).reshape(shape) for shape in ((-1, 1, 1), (1, -1, 1), (1, 1, -1)))
    legal = ~NEAR[king, black] & (king != rook) & (rook != black)
    # Black's king shelters nothing behind it: it is the one that moves.
    attacked = ON_LINE & ~blocked  # by the rook, with White's king in the way
    # Over White's king, White's rook, Black's king and the square that this goes to.
    steps = (NEAR & ~SAME)[None, None] & ~NEAR[:, None, None, :] & (~attacked | SAME[None])[:, :, None, :]
    escapes = (steps & SAME[None, :, None, :]).any(-1)  # the rook is taken
    steps &= ~SAME[None, :, None, :]
    found = np.where(legal, DRAW, ILLEGAL)
    mated = legal & attacked & ~steps.any(-1) & ~escapes
    found[mated] = 0
    # White's moves, over White's king, Black's king, the rook, and where the rook goes.
    clear = ~blocked[:, None] & ~blocked[None]
    slides = (ON_LINE & clear & ~SAME[:, None, None, :] & ~SAME[None, :, None, :]).astype(np.float32)
    walks = (NEAR & ~SAME).astype(np.float32)
    moves = steps.astype(np.float32)
    won, left = np.zeros_like(mated), 0  # with White to move; how many moves are left at most
    last = mated
    while last.any():
        target = last.astype(np.float32)
        by_king = np.tensordot(walks, target, axes=1) > 0
        by_rook = (slides @ target.transpose(0, 2, 1)[..., None])[..., 0].transpose(0, 2, 1) > 0
        won |= by_king | by_rook
        left += 1
        unclear = (moves @ (~won).astype(np.float32)[..., None])[..., 0] > 0  # Black reaches what is not lost yet
        last = legal & (found == DRAW) & ~escapes & steps.any(-1) & ~unclear
        found[last] = left
    return found


def placement(king: int, rook: int, black: int) -> str:
    """Write a position down in Forsyth-Edwards notation, Black to move.

    Parameters
    ----------
    king, rook, black : int
        Squares of White's king, White's rook and Black's king: 0 for a1, 7 for h1, 63 for h8.

    Returns
    -------
    str

    Examples
    --------
    >>> placement(17, 2, 0)
    '8/8/8/8/8/1K6/8/k1R5 b - - 0 1'
    """
    squares = ["."] * SQUARES
    for square, piece in ((king, "K"), (rook, "R"), (black, "k")):
        squares[square] = piece
    rows = ("".join(squares[start : start + SIDE]) for start in range(SQUARES - SIDE, -1, -SIDE))
    return "/".join(_runs(row) for row in rows) + " b - - 0 1"


def _runs(row: str) -> str:
    for length in range(SIDE, 0, -1):
        row = row.replace("." * length, str(length))
    return row
