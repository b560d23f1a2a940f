"""The page on a game: what it says, what it draws, and that nothing from data is markup."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reports.play import film, page
from training.play.records import PlayRecord
from training.play.summary import at_random, curve, interval, reached


def test_a_record_survives_json(make):
    record = make("permuted", 3)
    assert PlayRecord.from_json(json.loads(json.dumps(record.to_json()))) == record
    with pytest.raises(ValueError, match="expected a record of schema 1, got 9"):
        PlayRecord.from_json({**record.to_json(), "schema": 9})


def test_an_interval_is_students(make):
    low, high = interval([1.0, 2.0, 6.0])
    assert (low + high) / 2 == pytest.approx(3.0)
    assert (high - low) / 2 == pytest.approx(4.302653 * np.std([1, 2, 6], ddof=1) / 3**0.5, rel=1e-5)
    assert interval([4.0]) == (4.0, 4.0)


def test_one_seed_says_nothing_of_others(make):
    one = reached([make(level=5.0)])[0]
    three = reached([make(seed=seed, level=level) for seed, level in enumerate((4.0, 5.0, 6.0))])[0]
    assert (one.over, three.over) == ("episodes", "seeds")
    assert one.mean == three.mean == 5.0
    assert three.high - three.mean == pytest.approx(4.302653 / 3**0.5, rel=1e-5)
    assert at_random([make()])[0] == 0.5


def test_a_curve_is_the_mean_of_the_episodes_that_ended_there(make):
    record = make()
    frames, returns = curve([record], bins=5)
    assert frames.tolist() == [100, 300, 500, 700, 900]
    for middle, value in zip(frames, returns, strict=True):
        own = [v for at, v, _ in record.episodes if middle - 100 < at <= middle + 100 or (middle == 100 and at == 0)]
        assert value == pytest.approx(np.mean(own))


def test_the_page_holds_all_arms_and_the_random_player(make):
    text = page.render([make(), make("permuted", level=2.0), make("mlp", level=3.0)], "gridzoo play catch")
    for words in ("the network on the board", "cells shuffled", "an MLP of equal parameters", "a player at random"):
        assert words in text
    assert "correlation 0.91, untrained 0.4" in text
    assert "reward 1" in text
    assert "<script>" not in text
    assert "script-src &#39;none&#39;" in text


def test_what_comes_from_data_stays_text(make):
    text = page.render([make()])
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


def test_a_network_without_cells_says_so(make):
    assert "keeps no cells" in page.render([make("mlp")])


def test_several_games_are_refused(make):
    with pytest.raises(ValueError, match="expected records of one game, got cartpole, catch"):
        page.render([make(), make(game="cartpole")])
    with pytest.raises(ValueError, match="got none"):
        page.render([])


def test_a_board_has_the_colour_of_the_piece_on_it():
    seen = np.zeros((2, 2, 2))
    seen[0, 1, 1], seen[1, 0, 0] = 1, 0.5
    pixels = film.board(seen)
    colour = [list(bytes.fromhex(code)) for code in (film.GROUND, *film.COLOURS[:2])]
    assert pixels[0, 0].tolist() == colour[0]
    assert pixels[0, 1].tolist() == colour[2]
    assert np.abs(pixels[1, 0] - np.mean([colour[0], colour[1]], axis=0)).max() <= 0.5


def test_relevance_is_orange_for_and_purple_against_with_points_on_pieces():
    seen = np.zeros((1, 3, 1))
    seen[0, 2] = 1
    pixels = film.marked(np.array([[2.0, -2.0, 0.0]]), seen, 2.0)
    first, second, third = (pixels[0, at * film.CELL].astype(int) for at in range(3))
    assert first[0] > first[2]
    assert second[2] > second[0]
    assert third.tolist() == [0xF7, 0xF7, 0xF7]
    assert (pixels == 29).all(axis=2).sum() == 4  # of two by two pixels, on the one piece
