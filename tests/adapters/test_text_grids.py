"""Bytes, k-mers, word vectors, pages and records: each equals one plain line of its definition."""

from __future__ import annotations

import json
import time
import unicodedata
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import storage
from adapters.base import Adapter
from adapters.errors import DataError, ItemError
from adapters.text.bytes import Bytes
from adapters.text.characters import Characters
from adapters.text.fields import Fields
from adapters.text.k_mers import KMers
from adapters.text.page import CLASSES, EXAMPLES, Page
from adapters.text.strings import UNKNOWN
from adapters.text.word_vectors import WordVectors
from adapters.text.words import Words

TEXT = st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip()))
FAMILY = "👩\u200d👩\u200d👧"  # one picture on the screen, five characters
HEBREW = "שָׁלוֹם עוֹלָם"


def one_hot(text: str, channels: tuple[str, ...]) -> np.ndarray:
    return np.array([[c == channel for channel in channels] for c in text], dtype=float).reshape(-1, len(channels))


@given(st.lists(TEXT, min_size=1, max_size=4), st.sampled_from(["ids", "one-hot"]))
def test_bytes_are_those_of_utf_8(texts: list[str], encoding: str):
    adapter = Bytes(1000, encoding).fit(texts)  # type: ignore[arg-type]
    for text, grid in zip(texts, adapter.transform(texts), strict=True):
        expected = [byte + 1 for byte in unicodedata.normalize("NFC", text).encode()]
        expected += [0] * (len(grid) - len(expected))
        ids = grid.tolist() if encoding == "ids" else [row.tolist().index(1) + 1 if row.any() else 0 for row in grid]
        assert ids == expected


@given(st.lists(st.binary(min_size=1, max_size=30).filter(lambda raw: bool(raw.strip())), min_size=1, max_size=4))
def test_any_bytes_come_back(raw: list[bytes]):
    adapter = Bytes(encoding="one-hot").fit(raw)
    assert adapter.inverse_transform(adapter.transform(raw)) == raw
    for item in raw:
        found = adapter.backproject(np.ones(adapter.grid_.spatial), item)
        assert found.total == pytest.approx(len(adapter.grid_.axes[0].labels) or adapter.grid_.spatial[0])


def test_the_bytes_of_a_character_share_its_place():
    adapter = Bytes().fit(["aé日b"])
    assert adapter.axes_for("aé日b")[0].edges == pytest.approx((0, 1, 1.5, 2, 7 / 3, 8 / 3, 3, 4))
    found = adapter.backproject(np.array([1.0, 2, 3, 4, 5, 6, 7]), "aé日b")
    np.testing.assert_allclose(found.values, [1, 5, 15, 7])
    stray = adapter.backproject(np.array([1.0, 2, 3, 0, 0, 0, 5]), b"a\xffz")
    assert stray.axes[0].labels == ("a", "0xff", "z")
    np.testing.assert_allclose(stray.values, [1, 2, 8])


@given(
    st.lists(
        st.text("ACGTacgtnßé ", min_size=4, max_size=30).filter(lambda s: bool(s.strip())), min_size=1, max_size=4
    ),
    st.integers(1, 4),
    st.integers(1, 5),
)
def test_k_mers_are_words_of_k_letters(sequences: list[str], k: int, stride: int):
    adapter = KMers(k, stride).fit(sequences[:1])
    vocabulary = adapter.grid_.vocabulary
    for sequence, grid in zip(sequences, adapter.transform(sequences), strict=True):
        upper = "".join(letter if letter == "ß" else letter.upper() for letter in sequence)
        words = [upper[i : i + k] for i in range(0, len(upper) - k + 1, stride)][: len(grid)]
        expected = [vocabulary.index(word) if word in vocabulary else 1 for word in words]
        assert grid.tolist() == expected + [0] * (len(grid) - len(words))


def test_k_mers_come_back_but_for_unknown_letters():
    adapter = KMers(3, 2).fit(["ACGTACG"])
    assert adapter.inverse_transform(adapter.transform(["acgtacg", "ACGNNAC", "ACG"])) == ["ACGTACG", "ACG????", "ACG"]


def test_relevance_of_a_k_mer_lies_in_its_middle():
    adapter = KMers(3).fit(["ACGTA"])
    assert adapter.axes_for("ACGTA")[0].labels == ("ACG", "CGT", "GTA")
    assert adapter.backproject(np.array([1.0, 2, 3]), "ACGTA").values.tolist() == [0, 1, 2, 3, 0]
    even = KMers(2).fit(["ACG"])
    assert even.backproject(np.array([1.0, 2]), "ACG").values.tolist() == [0.5, 1.5, 1]


@pytest.mark.parametrize(
    ("adapter", "items", "reason"),
    [
        (KMers(4), ["ACG"], "at least k = 4 letters"),
        (KMers(4, max_length=3), ["ACGT"], "max_length of at least k"),
        (KMers(9), ["a protein is no sequence of few letters"], "choose a smaller k"),
        (Bytes(), [b""], "blank bytes"),
        (Page(max_lines=1), ["\n\nx"], "raise max_lines"),
        (Fields(), ['{"a": 1'], "one JSON object"),
        (Fields(), ["{}"], "at least one field"),
        (Fields(), [r'{"a": "\ud800"}'], "surrogate"),
        (Fields(), ["a=1 free words"], r"got 'free words' at character 5"),
        (Fields(), ['a="open'], "key=value"),
        (Fields(), ["a="], "expected values"),
        (Fields(), ['{"a": ' + "[" * 100_000], "one JSON object"),
    ],
)
def test_what_does_not_fit_is_refused(adapter: Adapter, items: list[object], reason: str):
    with pytest.raises(DataError, match=reason):
        adapter.fit(items)


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text("the 1 0\nThe 9 9\ngood 0 -2.5\n. . . 7 7\nfilm 3e-1 4 \nrare 5 5\n", encoding="utf-8")
    return path


def test_word_vectors_are_those_of_the_file(vectors: Path):
    adapter = WordVectors(str(vectors), first_words=1).fit(["Good film!"])
    assert adapter.words_ == ["the", "good", "film"]
    grid = adapter.transform(["the RARE film"])[0]
    np.testing.assert_array_equal(grid, np.array([[1, 0], [0, 0], [0.3, 4]], dtype=np.float32))
    assert adapter.inverse_transform([grid]) == ["the film"]


def test_a_header_is_no_word(vectors: Path):
    expected = WordVectors(str(vectors)).fit(["good film"])
    vectors.write_text("6 2\n" + vectors.read_text())
    found = WordVectors(str(vectors)).fit(["good film"])
    assert found.words_ == expected.words_
    np.testing.assert_array_equal(found.vectors_, expected.vectors_)


def test_a_saved_adapter_needs_no_file(vectors: Path, tmp_path: Path):
    adapter = WordVectors(str(vectors)).fit(["good film"])
    storage.save(adapter, tmp_path / "saved")
    vectors.unlink()
    loaded = storage.load(tmp_path / "saved")
    np.testing.assert_array_equal(loaded.transform(["a rare film"]), adapter.transform(["a rare film"]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("good 1 2\nfilm 3\n", r"line 2: expected a word and 2 numbers, got 1 after 'film 3'"),
        ("good 1 2\n\nfilm 3 4 5\n", "line 3: expected a word and 2 numbers, got 3"),
        ("2 2\ngood 1\n", "line 2: expected a word and 2 numbers, got 1"),
        ("good 1 2\nfilm 3 four\n", r"line 2: expected a word and 2 numbers \(.*four"),
        ("good 1 nan\n", "line 1: expected finite numbers"),
        ("good\n", "line 1: expected a word and 1 numbers, got 0"),
        ("other 1 2\n", r"found none of \['film', 'good'\]"),
        ("2 2\n", "got none"),
        ("", "got none"),
    ],
)
def test_faulty_vector_files_are_explained(vectors: Path, content: str, reason: str):
    vectors.write_text(content)
    with pytest.raises(DataError, match=reason):
        WordVectors(str(vectors)).fit(["good film"])


def test_an_absent_vector_file_is_explained(tmp_path: Path):
    with pytest.raises(DataError, match="cannot read it"):
        WordVectors(str(tmp_path / "absent.txt")).fit(["good"])
    with pytest.raises(DataError, match="pass path="):
        WordVectors().fit(["good"])


@given(st.lists(TEXT, min_size=1, max_size=4), st.integers(1, 9))
def test_pages_are_their_lines(texts: list[str], tab_size: int):
    adapter = Page(tab_size=tab_size, max_alphabet=1000).fit(texts)
    height, width = adapter.grid_.spatial
    for text, grid in zip(texts, adapter.transform(texts), strict=True):
        lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")[:height]
        for row, line in zip(grid, lines, strict=False):
            expected = one_hot(line.expandtabs(tab_size)[:width], adapter.grid_.channels)
            np.testing.assert_array_equal(row[: len(expected)], expected)
            assert not row[len(expected) :].any()
        assert not grid[len(lines) :].any()


@given(TEXT)
def test_classes_are_unicode_s_categories(text: str):
    grid = Page(encoding="classes", tab_size=1).fit_transform([text.replace("\n", " ").replace("\r", " ") + "."])[0, 0]
    line = unicodedata.normalize("NFC", text).replace("\n", " ").replace("\r", " ").replace("\t", " ") + "."
    for cell, character in zip(grid, line[:100], strict=True):
        category = unicodedata.category(character)
        name = (CLASSES.get(category) or CLASSES[category[0]])[0]
        assert [list(EXAMPLES)[i] for i in np.flatnonzero(cell)] == [name]


def test_relevance_lands_on_its_line_and_column():
    adapter = Page(tab_size=4).fit(["ab\n\tc\nd"])
    relevance = np.zeros((3, 5))
    relevance[1, 4] = 1
    found = adapter.backproject(relevance, "x\n\ty\n" * 3)
    assert [axis.name for axis in found.axes] == ["line", "column"]
    assert found.values.shape == (6, 5)
    assert np.argwhere(found.values).tolist() == [[1, 4]]
    assert adapter.backproject(np.ones((3, 5)), "x").values.tolist() == [[15]]


def test_pages_come_back_without_tabs():
    adapter = Page().fit(["if x:\n\ty = [1]\n"])
    assert adapter.inverse_transform(adapter.transform(["if x:\n\ty = [1]\n"])) == ["if x:\n        y = [1]"]


def test_json_and_pairs_are_the_same_record():
    record = {"city": "São Paulo", "age": "31", "note": 'a "b" \\ c', "empty": ""}
    pairs = 'city="São Paulo" age=31 note="a \\"b\\" \\\\ c" empty='
    adapter = Fields().fit([pairs])
    np.testing.assert_array_equal(adapter.transform([pairs]), adapter.transform([json.dumps(record)]))
    assert adapter.inverse_transform(adapter.transform([pairs])) == [{f: v for f, v in record.items() if v}]
    for row, value in zip(adapter.transform([pairs])[0], record.values(), strict=True):
        expected = one_hot(value, adapter.grid_.channels)
        np.testing.assert_array_equal(row[: len(value)], expected)
        assert not row[len(value) :].any()


def test_values_keep_their_spelling():
    item = '{"price": 1.50, "big": 123456789012345678901234567890, "open": true, "none": null, "more": {"ü": ["b"]}}'
    adapter = Fields().fit([item])
    assert adapter.inverse_transform(adapter.transform([item])) == [
        {
            "price": "1.50",
            "big": "123456789012345678901234567890",
            "open": "true",
            "none": "null",
            "more": '{"ü": ["b"]}',
        }
    ]


def test_unknown_fields_are_said():
    adapter = Fields(max_fields=1).fit(["a=1 b=2", "a=3"])
    with pytest.warns(UserWarning, match=r"ignored 1 fields that no training item has: 'c' \(2\)"):
        grids = adapter.transform(["c=1 a=1", "c=2"])
    assert grids.sum(axis=(1, 2, 3)).tolist() == [1, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        adapter.transform(["a=1 b=2"])


def test_relevance_lands_on_its_field_and_character():
    adapter = Fields().fit(["a=123 b=4567"])
    relevance = np.zeros((2, 4))
    relevance[1, 2], relevance[0, 3] = 1, 5
    found = adapter.backproject(relevance, "b=765 a=1")
    assert found.axes[0].labels == ("a", "b")
    assert found.values.tolist() == [[0, 0, 5], [0, 0, 1]]


ADAPTERS = [Words(), Characters(), Characters(encoding="ids"), Bytes(), KMers(1), Page(), Page(encoding="classes")]
ADAPTERS_AND_NAMES = {f"{adapter.name} {i}": adapter for i, adapter in enumerate(ADAPTERS)}


@pytest.mark.parametrize("text", [FAMILY, HEBREW, "e\u0301\u0323 o\u0308", "\u202eabc\u202c", "a\0b", "ﷺ"])
@pytest.mark.parametrize("adapter", ADAPTERS_AND_NAMES.values(), ids=ADAPTERS_AND_NAMES)
def test_any_writing_has_a_grid_and_a_way_back(adapter: Adapter, text: str):
    grid = adapter.fit_transform([text])[0]
    assert grid.any(axis=tuple(range(1, grid.ndim))).all(), "expected every character to be known"
    normal = unicodedata.normalize("NFC", text)
    found = adapter.backproject(np.ones(adapter.grid_.spatial), text)
    assert found.axes[-1].edges[-1] == len(normal)
    assert UNKNOWN not in adapter.inverse_transform(grid[None])[0:1]


@pytest.mark.parametrize("line", ["word " * 10_000_000, "Zoe\u0308 Σ " * 6_000_000], ids=["ascii", "combining"])
@pytest.mark.parametrize("adapter", ADAPTERS_AND_NAMES.values(), ids=ADAPTERS_AND_NAMES)
def test_a_line_of_50_megabytes_is_read_as_far_as_the_grid_goes(adapter: Adapter, line: str):
    start = time.process_time()
    long = adapter.fit_transform([line])
    assert time.process_time() - start < 1.0
    np.testing.assert_array_equal(long, adapter.transform([line[:10_000]]))


def test_a_long_value_is_read_as_far_as_the_grid_goes():
    start = time.process_time()
    adapter = Fields().fit(["a=" + "x" * 50_000_000])
    assert time.process_time() - start < 1.0
    assert adapter.grid_.spatial == (1, 40)
    with pytest.raises(ItemError, match="at character 1"):
        adapter.transform(["x" * 50_000_000])
