"""Texts: what a word is, what an id means, and where relevance goes."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import ItemError
from adapters.text.characters import Characters
from adapters.text.strings import PADDING, UNKNOWN, first_tokens, lowered, normalised, opening, tokens
from adapters.text.words import Words

TEXT = st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who was Galileo ?", ["who", "was", "galileo", "?"]),
        ("it's 5.5%—isn't it...", ["it's", "5", ".", "5", "%", "—", "isn't", "it", ".", ".", "."]),
        ("Straße\tNAÏVE", ["straße", "naïve"]),
        ("日本", ["日本"]),
    ],
)
def test_tokens(text: str, expected: list[str]):
    assert tokens(text) == expected


@given(TEXT)
def test_tokens_hold_every_visible_character(text: str):
    assert "".join(tokens(text)) == "".join(lowered(text).split())


@given(st.text())
def test_lower_case_keeps_the_length(text: str):
    assert len(lowered(text)) == len(text)


# Letters that join what stands before them, change with what follows, or part what stands beside them.
TRICKY = st.text("aΣσß'İ .\u0301\u0308\u1100\u1161\u11a8\u2000\u00a0日\n", max_size=40)


@given(TRICKY, st.integers(1, 12))
def test_an_opening_is_the_beginning_of_the_whole(text: str, size: int):
    whole, head = normalised(text), opening(text, size)
    assert len(head) >= min(size, len(whole))
    assert whole.startswith(head)
    assert lowered(whole).startswith(lowered(head))
    assert tokens(whole)[: len(tokens(head))] == tokens(head)


@given(st.one_of(TRICKY, st.text(" aB", max_size=200)), st.integers(1, 6), st.booleans())
def test_first_tokens_are_those_of_the_whole(text: str, count: int, lower: bool):
    assert first_tokens(text, count, lower=lower) == tokens(normalised(text), lower=lower)[:count]


def test_what_lies_beyond_the_grid_teaches_nothing():
    assert Words(max_length=2).fit(["a b c c c", "b"]).grid_.vocabulary[2:] == ("b", "a")
    assert Characters(max_length=2).fit(["ab cc"]).grid_.channels == ("a", "b")


@given(st.lists(TEXT, min_size=1, max_size=5), TEXT, st.booleans())
def test_words_keep_their_contract_on_any_text(train: list[str], other: str, lower: bool):
    adapter = Words(max_length=20, lower=lower).fit(train)
    (length,) = adapter.grid_.spatial
    for text in (*train, other):
        ids = adapter.transform([text])[0]
        words = tokens(unicodedata.normalize("NFC", text), lower=lower)[:length]
        known = [adapter.grid_.vocabulary[i] for i in ids[: len(words)]]
        assert known == [word if word in adapter.grid_.vocabulary else UNKNOWN for word in words]
        assert not ids[len(words) :].any()
        relevance = np.arange(1.0, length + 1)
        found = adapter.backproject(relevance, text)
        assert found.total == pytest.approx(relevance.sum())
        assert found.axes[0].edges[-1] == len(unicodedata.normalize("NFC", text))
        assert list(found.axes[0].labels[: len(words)]) == words


@given(st.lists(TEXT, min_size=1, max_size=5), TEXT, st.sampled_from(["one-hot", "ids"]), st.booleans())
def test_characters_keep_their_contract_on_any_text(train: list[str], other: str, encoding: str, lower: bool):
    adapter = Characters(max_length=20, encoding=encoding, lower=lower).fit(train)  # type: ignore[arg-type]
    alphabet = adapter.grid_.vocabulary[2:] if encoding == "ids" else adapter.grid_.channels
    for text in (*train, other):
        normal = unicodedata.normalize("NFC", text)
        expected = (lowered(normal) if lower else normal)[: adapter.grid_.spatial[0]]
        assert adapter.inverse_transform(adapter.transform([text])) == ["".join(c for c in expected if c in alphabet)]
        assert adapter.backproject(np.ones(adapter.grid_.spatial), text).values.shape == (len(normal),)


def test_vocabulary_is_by_frequency_then_spelling():
    adapter = Words(max_words=3).fit(["b a c", "b c", "d c"])
    assert adapter.grid_.vocabulary == (PADDING, UNKNOWN, "c", "b", "a")
    assert adapter.transform(["d a zebra"]).tolist() == [[1, 4, 1]]


def test_words_as_they_are_written_tell_names_from_words():
    texts = ["Who is Bush", "what is a bush"]
    assert Words(lower=False).fit(texts).grid_.vocabulary[2:] == ("is", "Bush", "Who", "a", "bush", "what")
    assert Words().fit(texts).grid_.vocabulary[2:] == ("bush", "is", "a", "what", "who")


def test_a_word_of_markers_is_no_marker():
    adapter = Words().fit([f"{PADDING} {UNKNOWN}"])
    assert adapter.grid_.vocabulary.count(PADDING) == 1
    assert (adapter.transform([PADDING]) > 1).sum() == 3


def test_relevance_lands_on_its_word():
    adapter = Words().fit(["one two three"])
    found = adapter.backproject(np.array([0.0, 1.0, 0.0]), "  one two three four")
    assert found.axes[0].labels == ("one", "two", "three", "four")
    assert found.axes[0].edges == (0, 6, 10, 16, 20)
    assert found.values.tolist() == [0, 1, 0, 0]
    assert adapter.axes_for("one two")[0].labels == ("one", "two", "")


def test_forms_of_one_text_are_one():
    composed, decomposed = "Zoë", "Zoe\u0308"
    adapter = Characters().fit([composed])
    np.testing.assert_array_equal(adapter.transform([composed]), adapter.transform([decomposed]))


def test_an_unknown_character_is_nothing():
    adapter = Characters().fit(["abc"])
    assert adapter.transform(["axc"])[0].sum(axis=-1).tolist() == [1, 0, 1]
    assert Characters(encoding="ids").fit(["abc"]).transform(["axc"]).tolist() == [[2, 1, 4]]


@pytest.mark.parametrize("item", ["", " \t\n", None, 3, b"bytes", ["list"], "\ud800"])
@pytest.mark.parametrize("adapter", [Words(), Characters()])
def test_what_is_no_text_is_refused(adapter: Words, item: object):
    with pytest.raises(ItemError, match="expected text"):
        adapter.fit([item])
