"""What is suggested fits the items, says why, and makes grids."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image as Pillow

import adapters
from adapters import MODALITIES, registry
from adapters.errors import DataError
from adapters.facts import covered
from adapters.sources import registry as sources
from adapters.suggestion_rules import RULES
from adapters.suggestions import Suggestion

RNG = np.random.default_rng(2)
REAL = Path(os.environ.get("GRIDZOO_DATA") or Path(__file__).parents[2].parent / "shared" / "data")


def names(found: list[Suggestion]) -> list[str]:
    return [suggestion.settings["name"] for suggestion in found]


def by_name(found: list[Suggestion], name: str) -> Suggestion:
    return next(suggestion for suggestion in found if suggestion.settings["name"] == name)


def sounds(*seconds: float, rate: int = 8000) -> list[tuple[np.ndarray, int]]:
    return [(np.zeros(round(rate * s), dtype=np.float32), rate) for s in seconds]


MADE: dict[str, Any] = {
    "image": [RNG.integers(0, 256, (30, 40, 3), dtype=np.uint8), Pillow.new("L", (60, 20))],
    "sound": sounds(0.2, 0.3, 0.5),
    "text": ["not a good film", "good"],
    "series": [RNG.normal(size=(n, 2)) for n in (100, 80)],
    "table": [{"age": 3, "city": "Bonn"}, {"age": None, "city": "Kiel"}],
    "board": [["X.O", "...", "OX."], ["...", ".X.", "..O"]],
}


def test_every_modality_has_rules_that_start_with_registered_adapters():
    assert set(RULES) == set(MADE) == set(MODALITIES)


@pytest.mark.parametrize("modality", MODALITIES)
def test_every_suggestion_makes_grids_of_the_items(modality: str):
    found = adapters.suggest(MADE[modality], modality=modality)
    assert found[0].settings["name"] == registry.DEFAULTS[modality]
    for suggestion in found:
        adapter = registry.from_settings(suggestion.settings)
        assert len(adapter.fit_transform(MADE[modality])) == len(MADE[modality])
        assert any(letter.isdigit() for letter in suggestion.reason)


def test_adapters_that_are_not_registered_are_passed_over(monkeypatch: pytest.MonkeyPatch):
    assert "waveform" in names(adapters.suggest(MADE["sound"]))
    monkeypatch.delitem(registry.ADAPTERS, "waveform")
    assert "waveform" not in names(adapters.suggest(MADE["sound"]))


def test_the_duration_covers_95_percent_of_clips():
    first = adapters.suggest(sounds(*np.linspace(0.14, 0.4, 97), 2.0, 2.1, 2.3))[0]
    assert first.settings["duration"] < 0.5
    assert first.reason.startswith("clips 0.14–2.3 s, median 0.274, at 8000 Hz: duration 0.395 s covers 95 %")


def test_long_and_fast_sounds_are_limited():
    settings = adapters.suggest(sounds(30.0, 40.0, rate=44_100))[0].settings
    assert (settings["duration"], settings["sample_rate"]) == (10.0, 22_050)


def test_files_are_looked_at_by_their_headers(tmp_path: Path):
    soundfile.write(tmp_path / "a.wav", np.zeros(4000), 16_000)
    (tmp_path / "b.wav").write_bytes(b"no sound")
    found = adapters.suggest([tmp_path / "a.wav", tmp_path / "b.wav"])
    assert found[0].settings["sample_rate"] == 16_000
    assert adapters.suggest([tmp_path / "b.wav"]) == []


def test_pictures_of_other_aspects_are_padded_as_the_second_choice():
    square = [np.zeros((50, 50)) for _ in range(8)]
    assert len(adapters.suggest(square, modality="image")) == 1
    first, second = adapters.suggest([*square, np.zeros((50, 100)), np.zeros((100, 50))], modality="image")
    assert first.settings == {"name": "image", "height": 50, "width": 50, "channels": "grey"}
    assert second.settings == {**first.settings, "policy": "pad"}
    assert second.reason.startswith("20 % have another aspect")


def test_the_length_covers_95_percent_of_texts():
    texts = [" ".join(["word"] * n) for n in range(1, 101)]
    words = by_name(adapters.suggest(texts), "words")
    assert words.settings["max_length"] == 95
    assert words.reason == "text of 1–100 words, median 50.5: max_length 95 covers 95 %"


def test_names_are_read_by_characters():
    assert names(adapters.suggest(["Bach", "Abt", "Brahms"]))[0] == "characters"


def test_sequences_of_few_letters_are_read_by_k_mers():
    assert names(adapters.suggest(["ACGTACGTACGT", "TTGACCAGTAGG"]))[0] == "k-mers"


def test_levels_that_say_nothing_of_the_class_are_taken_away():
    series = [RNG.normal(size=50) + level for level in RNG.normal(scale=100, size=200)]
    random, telling = RNG.permutation(np.arange(200) % 2), [series[i].mean() > 0 for i in range(200)]
    assert not adapters.suggest(series)[0].settings["normalise"]
    assert adapters.suggest(series, random)[0].settings["normalise"]
    told = adapters.suggest(series, telling)[0]
    assert not told.settings["normalise"]
    assert "levels kept" in told.reason


def test_short_series_have_no_fields():
    assert names(adapters.suggest([np.zeros(5), np.ones(4)])) == ["series"]


def test_tables_count_columns_and_gaps():
    frame = pd.DataFrame({"a": [1.0, None, 2.0, 4.0], "b": ["x", "y", "x", None], "c": [1, 2, 3, 4]})
    (found,) = adapters.suggest(frame)
    assert found.reason == "2 numeric and 1 categorical columns, at most 2 categories, 16.7 % of the values missing"


def test_what_cannot_be_guessed_is_asked_for():
    with pytest.raises(DataError, match="pass modality="):
        adapters.suggest([object()])
    with pytest.raises(DataError, match="got 'smell'"):
        adapters.suggest(["a"], modality="smell")
    with pytest.raises(DataError, match="at least 1 item"):
        adapters.suggest([])


@pytest.mark.parametrize(
    ("modality", "items"),
    [
        ("image", [7, b"", Path("absent.png"), np.zeros(3)]),
        ("sound", [(None, 8000), Path("absent.wav"), 7, (np.zeros(0), 8000)]),
        ("text", ["", 7]),
        ("series", [[np.nan], "text"]),
        ("table", [7, "text"]),
    ],
)
def test_nothing_is_suggested_for_what_cannot_be_read(modality: str, items: list[Any]):
    assert adapters.suggest(items, modality=modality) == []


def test_covered():
    assert covered(np.array([5.0]), 0.95) == 5
    assert covered(np.arange(1, 101), 0.95) == 95


def test_the_package_itself_imports_nothing_heavy():
    program = "import sys, adapters; adapters.suggest; print(*(m for m in sys.argv[1:] if m in sys.modules))"
    heavy = ("numpy", "sklearn", "pandas", "librosa", "PIL")
    result = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no data sets in {REAL}; set GRIDZOO_DATA")
@pytest.mark.parametrize(
    ("name", "first", "fact"),
    [
        ("fashion-mnist", {"name": "image", "height": 28, "width": 28, "channels": "grey"}, "28 × 28"),
        ("sms-spam", {"name": "words"}, "words"),
        ("dna-splice", {}, "max_length 60 covers 100 %"),
        ("sonar", {"name": "table-row"}, "60 numeric"),
        ("fsdd", {"name": "mel-spectrogram", "sample_rate": 8000}, "covers 95 %"),
    ],
)
def test_real_data(name: str, first: dict[str, Any], fact: str):
    dataset = sources.load(name, data_home=REAL)
    found = adapters.suggest(dataset.items, dataset.labels.tolist(), modality=dataset.modality)
    assert first.items() <= found[0].settings.items()
    assert fact in found[0].reason
