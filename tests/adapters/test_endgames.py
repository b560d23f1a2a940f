"""Boards that are counted out: as many as are published, and every value that of the best move."""

from collections import Counter

import numpy as np
import pytest

from adapters import registry as adapters
from adapters.audit import audit
from adapters.sources import registry
from adapters.sources.rook_endgame import DRAW, ILLEGAL, depths, placement

# Positions by moves to mate: UCI's Chess (King-Rook vs. King).
PUBLISHED = {
    "draw": 2796, "mated": 27, "mate in 01": 78, "mate in 02": 246, "mate in 03": 81, "mate in 04": 198, "mate in 05": 471,
    "mate in 06": 592, "mate in 07": 683, "mate in 08": 1433, "mate in 09": 1712, "mate in 10": 1985, "mate in 11": 2854,
    "mate in 12": 3597, "mate in 13": 4194, "mate in 14": 4553, "mate in 15": 2166, "mate in 16": 390,
}  # fmt: skip


@pytest.fixture(scope="module")
def solved():
    return depths()


def near(one, two):
    return max(abs(one // 8 - two // 8), abs(one % 8 - two % 8)) <= 1


def sees(rook, square, king):
    """Whether the rook reaches a square past White's king, walking step by step."""
    for step in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        row, column = rook // 8 + step[0], rook % 8 + step[1]
        while 0 <= row < 8 and 0 <= column < 8 and 8 * row + column != king:
            if 8 * row + column == square:
                return True
            row, column = row + step[0], column + step[1]
    return False


def after_white(king, rook, black):
    """List the positions with Black to move that a move of White gives."""
    steps = [(to, rook) for to in range(64) if near(to, king) and to not in (king, rook) and not near(to, black)]
    # The rook stops before Black's king as well.
    slides = [
        (king, to)
        for to in range(64)
        if to not in (king, rook, black)
        and sees(rook, to, king)
        and (not sees(rook, black, king) or sees(rook, to, black))
    ]
    return [(*whites, black) for whites in (*steps, *slides)]


def value(solved, king, rook, black):
    """Moves to mate by a search of all replies, the table used for what is one move later."""
    replies = [to for to in range(64) if near(to, black) and to != black and not near(to, king)]
    free = [to for to in replies if to != rook and not sees(rook, to, king)]
    if rook in replies:
        return DRAW
    if not free:
        return 0 if sees(rook, black, king) else DRAW
    best = []
    for to in free:
        later = [int(solved[position]) for position in after_white(king, rook, to)]
        best.append(min((left for left in later if left >= 0), default=None))
    return DRAW if None in best else 1 + max(best)


def test_the_rook_endgame_has_as_many_positions_as_are_published():
    dataset = registry.load("rook-endgame")
    assert dataset.counts == dict(sorted(PUBLISHED.items()))
    assert len(set(dataset.items)) == len(dataset) == 28_056
    assert dataset.provenance.citation


def test_every_value_is_that_of_the_best_play(solved):
    rng = np.random.default_rng(0)
    legal = np.argwhere(solved != ILLEGAL)
    rare = [np.argwhere(solved == left) for left in (DRAW, *range(17))]
    chosen = [*rng.permutation(legal)[:150].tolist(), *(rng.choice(own).tolist() for own in rare)]
    for position in chosen:
        assert value(solved, *position) == solved[tuple(position)], placement(*position)


def test_a_board_turned_or_mirrored_has_the_same_value(solved):
    table = solved.reshape([8] * 6)
    for turned in (
        table[::-1, :, ::-1, :, ::-1, :],
        table[:, ::-1, :, ::-1, :, ::-1],
        table.transpose(1, 0, 3, 2, 5, 4),
    ):
        np.testing.assert_array_equal(turned, table)


def test_tic_tac_toe_has_as_many_ends_as_are_published():
    dataset = registry.load("tic-tac-toe")
    assert dataset.counts == {"X does not win": 332, "X wins": 626}
    boards = ["".join(rows) for rows in dataset.items]
    ends = Counter((board.count("X"), board.count("O")) for board in boards)
    assert {x - o for x, o in ends} == {0, 1}
    assert sum(count for (x, o), count in ends.items() if x == o) == 316, "O has won: the last move was its"
    assert ("XXX", "OO.", "...") in dataset.items
    assert ("XXX", "OOO", "...") not in dataset.items


@pytest.mark.parametrize(("name", "planes"), [("tic-tac-toe", ("O", "X")), ("rook-endgame", ("K", "R", "k"))])
def test_boards_become_planes_of_pieces(name, planes):
    dataset = registry.load(name)
    adapter = adapters.from_settings(dataset.adapter)
    grids = adapter.fit_transform(list(dataset.items[:200]))
    assert adapter.grid_.channels == planes
    assert set(np.unique(grids)) == {0, 1}
    assert audit(dataset).duplicates.count == 0
    if name == "rook-endgame":
        np.testing.assert_array_equal(grids.sum((1, 2)), 1)
