"""Data sets by name, and whatever a person points at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.registry import nearest

Choices = dict[str, str | None]
ARCHIVE = "ucr/"


@dataclass(frozen=True)
class Entry:
    """A named data set: its module has ``load(name, data_home, seed)``."""

    module: str
    modality: str
    line: str
    needs_download: bool


ARCHIVED = Entry("archive_sets", "series", "a set of the UCR/UEA archive by its name, such as ucr/GunPoint", True)
SOURCES: dict[str, Entry] = {
    "digits": Entry("packaged", "image", "1,797 handwritten digits, 8 × 8, of scikit-learn", False),
    "wine": Entry("packaged", "table", "178 wines of 3 cultivars, 13 measurements", False),
    "breast-cancer": Entry("packaged", "table", "569 tumours, 30 measurements of cell nuclei", False),
    "gunpoint": Entry("packaged", "series", "200 hand movements: drawing a gun, or pointing", False),
    "surnames": Entry("surnames", "text", "surnames of ten languages in Latin script, from Faker", False),
    "tic-tac-toe": Entry("endgames", "board", "958 ends of tic-tac-toe: X wins or not", False),
    "rook-endgame": Entry(
        "endgames", "board", "28,056 chess positions, king and rook against king: moves to mate", False
    ),
    "tones": Entry("tones", "sound", "synthetic sounds of eight kinds in noise, as WAV files", False),
    "planted-local": Entry(
        "planted", "image", "synthetic: noise with short strokes somewhere, level or upright", False
    ),
    "planted-global": Entry("planted", "image", "synthetic: noise with a wave across, along rows or columns", False),
    "planted-none": Entry("planted", "image", "synthetic: noise whose cells differ by class, in no order", False),
    "fsdd": Entry("speech", "sound", "3,000 spoken digits of 6 speakers", True),
    "trec": Entry("sentences", "text", "5,952 questions of 6 kinds", True),
    "mr": Entry("sentences", "text", "10,662 sentences of film reviews, positive or negative", True),
    "subj": Entry("sentences", "text", "10,000 sentences, subjective or objective", True),
    "mpqa": Entry("sentences", "text", "10,606 phrases of opinion, positive or negative", True),
    "sms-spam": Entry("sentences", "text", "5,574 text messages, wanted or spam", True),
    "fashion-mnist": Entry("pictures", "image", "70,000 pieces of clothing, 28 × 28", True),
    "mnist-5k": Entry("pictures", "image", "5,000 handwritten digits, 28 × 28", True),
    "sign-language-digits": Entry("pictures", "image", "2,059 photographs of hands that sign digits", True),
    "mnist": Entry("pictures", "image", "70,000 handwritten digits, 28 × 28", True),
    "cifar-10": Entry("pictures", "image", "60,000 small photographs of 10 kinds, 32 × 32", True),
    "speech-commands": Entry("speech", "sound", "105,829 spoken words of 35 kinds (2.4 GB)", True),
    "esc-50": Entry("speech", "sound", "2,000 sounds of 50 kinds (600 MB; no checksum is known)", True),
    "language-words": Entry("word_lists", "text", "74,036 words of 75 languages", True),
    "surname-nationalities": Entry("word_lists", "text", "20,050 surnames of 18 nationalities, many twice", True),
    "sonar": Entry("tabular", "table", "208 sonar echoes: 60 frequency bands, in order", True),
    "german": Entry("tabular", "table", "1,000 loans, 20 attributes of mixed kinds", True),
    "phoneme": Entry("tabular", "table", "5,404 vowels, nasal or oral, 5 harmonics", True),
    "pendigits": Entry("tabular", "table", "10,992 digits written on a tablet, 8 points in order", True),
    "adult": Entry("tabular", "table", "48,842 people of a census, 14 attributes of mixed kinds", True),
    "banknote": Entry("tabular", "table", "1,372 banknotes, 4 wavelet statistics", True),
    "ionosphere": Entry("tabular", "table", "351 radar returns of 17 pulses", True),
    "letter": Entry("tabular", "table", "20,000 printed letters, 16 statistics", True),
    "mammography": Entry("tabular", "table", "11,183 spots in mammograms, 260 of them calcifications", True),
    "pima": Entry("tabular", "table", "768 women, with or without diabetes, 8 measurements", True),
    "segment": Entry("tabular", "table", "2,310 image segments of 7 kinds, 19 statistics", True),
    "vehicle": Entry("tabular", "table", "846 silhouettes of 4 vehicles, 18 statistics", True),
    "wheat": Entry("tabular", "table", "210 wheat kernels of 3 varieties, 7 measurements", True),
    "dna-splice": Entry("tabular", "text", "3,190 windows of 60 nucleotides at splice junctions", True),
}


@dataclass(frozen=True)
class Kind:
    """A kind of path: what loads it, which choices it takes, and why not the others."""

    load: Callable[[Path, Choices], Dataset]
    takes: tuple[str, ...]
    why_no_more: str = ""


def names() -> tuple[str, ...]:
    """Names of all data sets."""
    return tuple(SOURCES)


def describe() -> list[tuple[str, str, str, bool]]:
    """Name, modality, one line, and whether files are needed that no package carries."""
    listed = {**SOURCES, f"{ARCHIVE}…": ARCHIVED}
    return [(name, entry.modality, entry.line, entry.needs_download) for name, entry in listed.items()]


def load(
    source: str | Path,
    *,
    target: str | None = None,
    group: str | None = None,
    part: str | None = None,
    modality: str | None = None,
    data_home: Path | None = None,
    seed: int = 0,
) -> Dataset:
    r"""Load labelled items.

    Parameters
    ----------
    source : str or path
        A name (see `names`), or ``ucr/NAME`` for a set of the UCR/UEA archive; a folder
        with one folder of pictures, sounds or texts a class; a table (CSV, TSV, JSON
        lines, Parquet), whose rows may be paths of such files; a ``.ts`` file, or a folder
        with ``NAME_TRAIN.ts`` and ``NAME_TEST.ts``; or an ``.npz`` file.
    target : str, optional
        The column of a table that holds the classes; by default one that is called so.
    group : str, optional
        What must not be in training and test at once. For a table the column that says
        it; for a folder a regular expression whose first group finds it in a file's
        path below the folder, such as ``"speaker(\d+)"``.
    part : str, optional
        The column of a table that says ``train`` or ``test``: the official split.
    modality : {"image", "sound", "text", "series", "table"}, optional
        Overrules what the source would guess.
    data_home : path, optional
        Where the files of named data sets lie, and are downloaded to; by default the
        folder that the environment variable ``GRIDZOO_DATA`` names, or the platform's
        folder for user data.
    seed : int
        Decides what data sets that draw or synthesise items contain.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        If there is no such source, or it does not hold at least two labelled classes.

    Examples
    --------
    >>> load("digits").counts["0"]
    178
    """
    choices = {"target": target, "group": group, "part": part, "modality": modality}
    entry = _entry(source)
    if entry is None:
        return _load_path(source, choices)
    _refuse(str(source), choices, (), "its classes are given")
    module = import_module(f"adapters.sources.{entry.module}")
    dataset: Dataset = module.load(source, data_home, seed)
    return dataset


def _entry(source: str | Path) -> Entry | None:
    if not isinstance(source, str):
        return None
    archived = source.startswith(ARCHIVE) and not Path(source).exists()
    return ARCHIVED if archived else SOURCES.get(source)


def _load_path(source: str | Path, choices: Choices) -> Dataset:
    path = Path(source).expanduser()
    kind = _kind(path)
    if kind is None:
        what = f"is no {TABLES}, .ts or .npz file" if path.is_file() else "does not exist"
        meant_a_name = path.name == str(source)
        raise DataError(
            f"expected a folder of class folders, a {TABLES}, .ts or .npz file, or a data set's name "
            f"(gridzoo list shows all {len(SOURCES)}); "
            f"{str(source)!r} {what}{nearest(source, list(SOURCES)) if meant_a_name else ''}"
        )
    _refuse(str(path), choices, kind.takes, kind.why_no_more)
    return kind.load(path, choices)


def _kind(path: Path) -> Kind | None:
    if path.is_dir():
        return KINDS[".ts"] if any(path.glob("*_TRAIN.ts")) else FOLDER
    return KINDS.get(path.suffix.lower()) if path.is_file() else None


def _refuse(source: str, choices: Choices, takes: tuple[str, ...], why: str) -> None:
    useless = [name for name, value in choices.items() if value is not None and name not in takes]
    if useless:
        raise DataError(f"{source}: expected no {' and no '.join(useless)}, {why}; leave it out")


def _folder(path: Path, choices: Choices) -> Dataset:
    from adapters.sources.folder import load_folder

    return load_folder(path, choices["group"], choices["modality"])


def _table(path: Path, choices: Choices) -> Dataset:
    from adapters.sources.columns import load_table
    from adapters.sources.tables import read_table

    return load_table(read_table(path), **choices)


def _series(path: Path, choices: Choices) -> Dataset:
    from adapters.sources.ts_files import load_ts

    return load_ts(path)


def _arrays(path: Path, choices: Choices) -> Dataset:
    from adapters.sources.array_files import load_npz

    return load_npz(path, choices["modality"])


TABLES = "CSV, TSV, JSON lines, Parquet"
FOLDER = Kind(_folder, ("group", "modality"), "its folders are the classes and the split")
TABLE = Kind(_table, ("target", "group", "part", "modality"))
KINDS = {
    ".csv": TABLE,
    ".tsv": TABLE,
    ".jsonl": TABLE,
    ".ndjson": TABLE,
    ".parquet": TABLE,
    ".ts": Kind(_series, (), "the file says what they are"),
    ".npz": Kind(_arrays, ("modality",), "its arrays are called what they are"),
}
