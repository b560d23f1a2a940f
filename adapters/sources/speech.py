"""The Free Spoken Digit Dataset."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError
from adapters.sources.home import find
from adapters.suggestions import mel_spectrogram

FILE = re.compile(r"(?P<digit>\d)_(?P<speaker>\w+)_(?P<index>\d+)\.wav")
TEST_INDICES = 5  # the first five recordings of each digit and speaker are the official test part


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load the 3,000 recordings, with their speakers as groups and the official split."""
    folder = find(data_home, "fsdd/recordings")
    found = [(path, match) for path in sorted(folder.glob("*.wav")) if (match := FILE.fullmatch(path.name))]
    if not found:
        raise DataError(f"{folder}: expected recordings named digit_speaker_index.wav, found none")
    matches = [match for _, match in found]
    return Dataset(
        name,
        "sound",
        [path for path, _ in found],
        np.asarray([match["digit"] for match in matches]),
        Provenance(
            "Free Spoken Digit Dataset",
            "github.com/Jakobovski/free-spoken-digit-dataset",
            "CC BY-SA 4.0",
            "Jackson et al. 2018, doi:10.5281/zenodo.1342401",
        ),
        groups=np.asarray([match["speaker"] for match in matches]),
        group_name="speaker",
        parts=np.asarray(["test" if int(match["index"]) < TEST_INDICES else "train" for match in matches]),
        adapter=mel_spectrogram(8000, 1.0),
    )
