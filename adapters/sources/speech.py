"""Spoken digits and words, and sounds of the environment."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import about
from adapters.sources.home import find
from adapters.suggestion_rules import mel_spectrogram

DIGIT = re.compile(r"(?P<digit>\d)_(?P<speaker>\w+)_(?P<index>\d+)\.wav")
TEST_INDICES = 5  # the first five recordings of each digit and speaker are the official test part
WORD = re.compile(r"(?P<speaker>[0-9a-f]+)_nohash_\d+\.wav")
NO_WORDS = "_background_noise_"


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load ``fsdd``, ``speech-commands`` or ``esc-50``."""
    return LOADERS[name](name, data_home)


def _digits(name: str, data_home: Path | None) -> Dataset:
    folder = find(data_home, "fsdd/recordings")
    found = [(path, match) for path in sorted(folder.glob("*.wav")) if (match := DIGIT.fullmatch(path.name))]
    if not found:
        raise DataError(f"{folder}: expected recordings named digit_speaker_index.wav, found none")
    matches = [match for _, match in found]
    return Dataset(
        name,
        "sound",
        [path for path, _ in found],
        np.asarray([match["digit"] for match in matches]),
        about(name),
        groups=np.asarray([match["speaker"] for match in matches]),
        group_name=about(name).groups,
        parts=np.asarray(["test" if int(match["index"]) < TEST_INDICES else "train" for match in matches]),
        adapter=mel_spectrogram(8000, 1.0),
    )


def _words(name: str, data_home: Path | None) -> Dataset:
    folder = find(data_home, name)
    paths = [path for path in sorted(folder.glob("*/*.wav")) if path.parent.name != NO_WORDS]
    matches = [WORD.fullmatch(path.name) for path in paths]
    if not paths or None in matches:
        raise DataError(f"{folder}: expected recordings named word/speaker_nohash_index.wav in it; download it again")
    listed = _listed(folder / "testing_list.txt")
    return Dataset(
        name,
        "sound",
        paths,
        np.asarray([path.parent.name for path in paths]),
        about(name, ("the validation part counts as training",)),
        groups=np.asarray([match["speaker"] for match in matches if match]),
        group_name=about(name).groups,
        parts=np.asarray(["test" if f"{p.parent.name}/{p.name}" in listed else "train" for p in paths]),
        adapter=mel_spectrogram(16_000, 1.0),
    )


def _listed(path: Path) -> set[str]:
    try:
        return set(path.read_text(encoding="utf-8").split())
    except OSError as error:
        raise DataError(f"{path}: expected the list of test recordings: {error}; download it again") from error


def _environment(name: str, data_home: Path | None) -> Dataset:
    folder = find(data_home, name)
    table = folder / "meta" / "esc50.csv"
    try:
        with table.open(encoding="utf-8", newline="") as stream:
            rows = [(row["filename"], row["category"], row["fold"]) for row in csv.DictReader(stream)]
    except (OSError, KeyError) as error:
        raise DataError(f"{table}: expected columns filename, category and fold: {error}; download it again") from error
    return Dataset(
        name,
        "sound",
        [folder / "audio" / filename for filename, _, _ in rows],
        np.asarray([category for _, category, _ in rows]),
        about(name, ("nobody has published a checksum of its files, so they were not compared with one",)),
        groups=np.asarray([fold for _, _, fold in rows]),
        group_name=about(name).groups,
        adapter=mel_spectrogram(22_050, 5.0),
    )


LOADERS: dict[str, Callable[[str, Path | None], Dataset]] = {
    "fsdd": _digits,
    "speech-commands": _words,
    "esc-50": _environment,
}
