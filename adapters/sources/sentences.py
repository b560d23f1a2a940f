"""Sentences, questions and messages with their classes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import about
from adapters.sources.home import find


@dataclass(frozen=True)
class Corpus:
    """Files of one ``code<separator>text`` a line, and what the codes mean."""

    files: dict[str, str]
    classes: dict[str, str]
    separator: str = " "
    encoding: str = "latin-1"


CORPORA = {
    "trec": Corpus(
        {"train": "sentence-sets/TREC.train.all", "test": "sentence-sets/TREC.test.all"},
        {"0": "description", "1": "entity", "2": "abbreviation", "3": "human", "4": "location", "5": "number"},
    ),
    "mr": Corpus({"": "sentence-sets/rt-polarity.all"}, {"0": "negative", "1": "positive"}),
    "subj": Corpus({"": "sentence-sets/subj.all"}, {"0": "subjective", "1": "objective"}),
    "mpqa": Corpus({"": "sentence-sets/mpqa.all"}, {"0": "negative", "1": "positive"}),
    "sms-spam": Corpus({"": "sms-spam/sms.tsv"}, {"ham": "ham", "spam": "spam"}, separator="\t", encoding="utf-8"),
}


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load a corpus; its official split if it has one."""
    corpus = CORPORA[name]
    read = {part: _lines(find(data_home, file), corpus) for part, file in corpus.files.items()}
    rows = [row for lines in read.values() for row in lines]
    parts = np.repeat(list(read), [len(lines) for lines in read.values()])
    return Dataset(
        name,
        "text",
        [text for _, text in rows],
        np.asarray([label for label, _ in rows]),
        about(name),
        parts=None if "" in read else parts,
        adapter={"name": "words", "max_length": 60},
    )


def _lines(path: Path, corpus: Corpus) -> list[tuple[str, str]]:
    rows = []
    # Not splitlines(): it also splits at the control character NEL, which some reviews contain.
    for number, line in enumerate(path.read_text(encoding=corpus.encoding).split("\n"), start=1):
        if not line:
            continue
        code, _, text = line.rstrip("\r").partition(corpus.separator)
        if code not in corpus.classes:
            raise DataError(f"{path} line {number}: expected a code of {', '.join(corpus.classes)}, got {code!r}")
        rows.append((corpus.classes[code], text))
    return rows
