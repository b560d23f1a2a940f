"""Lists of words, a file a class: words of languages, surnames of nationalities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import about
from adapters.sources.home import find


@dataclass(frozen=True)
class Lists:
    """A folder of ``class.txt``, one word a line, and the most letters that a grid has."""

    folder: str
    max_length: int


LISTS = {
    "language-words": Lists("language-words/single-words", 16),
    "surname-nationalities": Lists("surnames/names", 20),
}


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load every word of every list, as often as it is there; the audit counts what is there twice."""
    lists = LISTS[name]
    folder = find(data_home, lists.folder)
    words = {path.stem: _words(path) for path in sorted(folder.glob("*.txt"))}
    if not words:
        raise DataError(f"{folder}: expected lists of words, class.txt, found none")
    return Dataset(
        name,
        "text",
        [word for listed in words.values() for word in listed],
        np.repeat(list(words), [len(listed) for listed in words.values()]),
        about(name),
        adapter={"name": "characters", "max_length": lists.max_length, "lower": True},
    )


def _words(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected words in UTF-8, got {error}; download it again") from error
