"""Boards: one plane a piece, in every way to write a board down."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.board.board import Board
from adapters.errors import DataError

BOARDS = st.lists(st.lists(st.text("XO.", min_size=4, max_size=4), min_size=3, max_size=3), min_size=1, max_size=4)


@given(BOARDS, st.sampled_from([None, "."]))
def test_planes_are_where_the_pieces_are(boards: list[list[str]], empty: str | None):
    if empty and not set("".join(boards[0])) - {empty}:
        boards[0][0] = "X" * 4
    adapter = Board(empty).fit(boards)
    for board, grid in zip(boards, adapter.transform(boards), strict=True):
        for plane, piece in enumerate(adapter.grid_.channels):
            assert grid[..., plane].tolist() == [[float(square == piece) for square in row] for row in board]
    if empty or "." in adapter.grid_.channels:
        assert [
            ["".join(row) for row in board] for board in adapter.inverse_transform(adapter.transform(boards))
        ] == boards


def test_a_board_is_the_same_however_it_is_written():
    ways = [["X.O", "O.X"], [list("X.O"), list("O.X")], np.array([list("X.O"), list("O.X")]), ("X.O", ["O", ".", "X"])]
    grids = Board().fit(ways).transform(ways)
    assert (grids == grids[0]).all()


def test_chess_is_read_from_fen():
    start = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"
    adapter = Board(empty=".").fit([start])
    assert adapter.grid_.channels == tuple("BKNPQRbknpqr")
    grid = adapter.transform([start])[0]
    assert np.argwhere(grid[..., 1]).tolist() == [[7, 4]]  # the white king on e1
    assert grid.sum(axis=(0, 1)).tolist() == [2, 1, 2, 8, 1, 2] * 2
    assert "".join(adapter.inverse_transform([grid])[0][6]) == "PPPPPPPP"
    assert not adapter.transform(["8/8/8/8/8/8/8/8"]).any()


def test_numbers_are_sorted_by_size():
    assert Board(empty=0).fit([np.array([[-1, 10, 2, 0]])]).grid_.channels == ("-1", "2", "10")


def test_an_unknown_value_is_nothing():
    adapter = Board().fit([["XO"]])
    grids = adapter.transform([["X#"]])
    assert grids[0].tolist() == [[[0, 1], [0, 0]]]
    assert adapter.inverse_transform(grids)[0].tolist() == [["X", "?"]]


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([["XO", "X"]], r"rows of equal length, got \[2, 1\]"),
        ([[]], "rows of squares, got list"),
        ([[[]]], "rows of equal length"),
        ([[1, 2, 3]], "rows of equal length"),
        ([[[0.5]]], "whole number each, got 0.5"),
        ([[[float("nan")]]], "whole number each, got nan"),
        ([[["X", None]]], "got None"),
        ([[["ab"]]], "one character"),
        (["X.O"], "or in FEN"),
        (["8/7"], r"ranks of equal length, got \[8, 7\]"),
        ([None], "got NoneType"),
        ([["XO"], ["XO", "OX"]], "1 × 2 squares as in training, got 2 × 2"),
        ([np.arange(100).reshape(10, 10)], "1 to 64 values"),
    ],
)
def test_what_is_no_board_is_refused(items: list[object], reason: str):
    with pytest.raises(DataError, match=reason):
        Board().fit(items)


def test_a_board_without_pieces_is_refused():
    with pytest.raises(DataError, match="got 0"):
        Board(empty=".").fit([["...", "..."]])


def test_named_planes_are_the_grid_as_they_are():
    item = np.zeros((2, 3, 2))
    item[0, 1, 0], item[1, 2] = 1, [0.25, 1]
    adapter = Board(planes="ball, paddle").fit([item])
    assert adapter.grid_.channels == ("ball", "paddle")
    assert adapter.grid_.spatial == (2, 3)
    assert np.array_equal(adapter.transform([item])[0], item)
    assert np.array_equal(adapter.inverse_transform(adapter.transform([item]))[0], item)
    assert adapter.preview(item)["rows"] == [[".", "b", "."], [".", ".", "p"]]


@pytest.mark.parametrize(
    ("planes", "item", "reason"),
    [
        ("ball,ball", np.zeros((2, 2, 2)), "planes of different names"),
        ("ball,", np.zeros((2, 2, 2)), "planes of different names"),
        ("ball,paddle", np.zeros((2, 2, 3)), r"shape \(rows, columns, 2\)"),
        ("ball,paddle", np.zeros((2, 2)), r"shape \(rows, columns, 2\)"),
        ("ball,paddle", ["X.", ".O"], r"shape \(rows, columns, 2\)"),
        ("ball,paddle", np.full((2, 2, 2), 1.5), "from 0 to 1"),
        ("ball,paddle", np.full((2, 2, 2), np.nan), "from 0 to 1"),
    ],
)
def test_what_are_no_planes_is_refused(planes: str, item: object, reason: str):
    with pytest.raises(DataError, match=reason):
        Board(planes=planes).fit([item])
