"""Boards of chess are drawn with its pieces, others as their items say."""

from adapters.board.board import Board
from adapters.sources.rook_endgame import placement
from reports.items import draw_item
from reports.pieces import AS_TEXT, written


def test_a_position_shows_its_pieces_and_nothing_on_empty_squares():
    adapter = Board(empty=".").fit([placement(17, 2, 0)])
    preview = adapter.preview(placement(17, 2, 0))
    squares = draw_item(preview).rows
    pieces = {square for row in squares for square in row} - {""}
    assert pieces == {piece + AS_TEXT for piece in "♔♖♚"}
    assert squares[7][0] == "♚" + AS_TEXT, "a1 lies below left"


def test_what_is_no_chess_stays_as_it_is():
    for rows in (["rb.", "b.r"], ["K.k", "x.."], ["KQR", "..."], ["123", "000"]):
        assert written([list(row) for row in rows]) == [list(row) for row in rows]
    assert written([[1, 0], [0, 2]]) == [["1", "0"], ["0", "2"]]
