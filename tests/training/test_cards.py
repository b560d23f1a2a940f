"""A card keeps the items that were mistaken: the surest first, a few of each kind, within its room."""

import numpy as np
import pytest

from adapters.cache import Cache
from adapters.sources.memory import from_arrays
from training import cards
from training.cards import Witness
from training.experiment import Experiment
from training.planning import prepare
from training.records import Record, Run


@pytest.fixture
def witness(tmp_path):
    data = from_arrays(np.arange(60.0).reshape(20, 3), ["yes", "no"] * 10)
    return Witness.of(prepare(Experiment("data"), data, Cache(tmp_path)))


def record(wrong, confidence=None):
    run = Run("data", "f", {"name": "x"}, "cnn", {"name": "m"}, "original", {}, {}, "s", 0, 0, 0, {})
    predicted = [1 - i % 2 if i not in wrong else i % 2 for i in range(20)]
    truth = [1 - i % 2 for i in range(20)]
    sure = confidence or [0.5 + i / 100 for i in range(20)]
    return Record(
        run, "ok", classes=["no", "yes"], test=list(range(20)), truth=truth, predicted=predicted, confidence=sure
    )


def test_the_surest_mistakes_come_first_and_show_the_item(witness):
    card = witness.told([record({3, 8, 14})])
    assert [mistake.position for mistake in card.mistakes] == [14, 8, 3]
    assert [mistake.label for mistake in card.mistakes] == ["yes", "yes", "no"]
    assert card.mistakes[0].preview["kind"] == "table"
    assert witness.card.mistakes == []


def test_an_item_that_two_models_mistook_is_kept_once(witness):
    card = witness.told([record({3}), record({3, 4})])
    assert sorted(mistake.position for mistake in card.mistakes) == [3, 4]


def test_large_items_are_kept_a_few_for_each_pair_of_classes(witness, monkeypatch):
    monkeypatch.setattr(cards, "SMALL", 10)
    card = witness.told([record(set(range(0, 20, 2)))])
    assert sum(bool(mistake.preview) for mistake in card.mistakes) == cards.SHOWN_A_PAIR
    assert len(card.mistakes) == 10


def test_a_card_does_not_grow_beyond_its_room(witness, monkeypatch):
    monkeypatch.setattr(cards, "SHOWN_SIZE", 0)
    card = witness.told([record({1, 2})])
    assert [mistake.preview for mistake in card.mistakes] == [{}, {}]
    assert all(mistake.name for mistake in card.mistakes)


def test_models_that_give_no_probabilities_have_mistakes_too(witness):
    card = witness.told([Record(**{**vars(record({5})), "confidence": []})])
    assert [mistake.position for mistake in card.mistakes] == [5]


def test_a_card_with_mistakes_comes_back_from_json(witness):
    card = witness.told([record({1, 2})])
    assert type(card).from_json(card.to_json()) == card
