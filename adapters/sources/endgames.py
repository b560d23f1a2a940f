"""Game boards that are counted out rather than collected: every endgame there is, with its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.dataset import Dataset
from adapters.sources import rook_endgame
from adapters.sources.about import about

EMPTY = "."
Counted = tuple[Sequence[Any], list[str]]  # boards and their labels
LINES = ("012", "345", "678", "036", "147", "258", "048", "246")  # three in a row, by the squares' numbers


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Work ``tic-tac-toe`` or ``rook-endgame`` out."""
    items, labels = LOADERS[name]()
    return Dataset(name, "board", items, np.asarray(labels), about(name), adapter={"name": "board", "empty": EMPTY})


def _tic_tac_toe() -> Counted:
    """Give every board on which a game that X began may end."""
    boards = sorted(board for board in map("".join, product("XO" + EMPTY, repeat=9)) if _is_over(board))
    rows = [(board[:3], board[3:6], board[6:]) for board in boards]
    return rows, ["X wins" if _has_won(board, "X") else "X does not win" for board in boards]


def _is_over(board: str) -> bool:
    lead, x, o = board.count("X") - board.count("O"), _has_won(board, "X"), _has_won(board, "O")
    if x or o:
        return not (x and o) and lead == (1 if x else 0)
    return lead == 1 and EMPTY not in board


def _has_won(board: str, player: str) -> bool:
    return any(all(board[int(square)] == player for square in line) for line in LINES)


def _rook_endgame() -> Counted:
    """Give every position of king and rook against king with Black to move that no turn or mirror makes another."""
    depths = rook_endgame.depths()
    squares = np.array(list(_unlike(depths)))
    moves = depths[tuple(squares.T)]
    names = {rook_endgame.DRAW: "draw", 0: "mated"}
    labels = [names.get(left, f"mate in {left:02}") for left in moves.tolist()]  # two figures, to be sorted by
    return [rook_endgame.placement(*position) for position in squares.tolist()], labels


def _unlike(depths: NDArray[np.int64]) -> Iterator[list[int]]:
    """Keep of positions that a turn or a mirror makes equal the first: White's king on a1 to d4, on or below the diagonal."""
    for position in np.argwhere(depths != rook_endgame.ILLEGAL).tolist():
        (row, column), *others = (divmod(square, rook_endgame.SIDE) for square in position)
        if not row <= column < rook_endgame.SIDE // 2:
            continue
        if row < column or next((a < b for a, b in others if a != b), True):
            yield position


LOADERS: dict[str, Callable[[], Counted]] = {
    "tic-tac-toe": _tic_tac_toe,
    "rook-endgame": _rook_endgame,
}
