"""Data sets by name, and whatever a person points at."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.registry import nearest

TABLE_ENDINGS = (".csv", ".tsv")


@dataclass(frozen=True)
class Entry:
    """A named data set: its module has ``load(name, data_home, seed)``."""

    module: str
    modality: str
    line: str
    needs_download: bool


SOURCES: dict[str, Entry] = {
    "digits": Entry("packaged", "image", "1,797 handwritten digits, 8 × 8, of scikit-learn", False),
    "wine": Entry("packaged", "table", "178 wines of 3 cultivars, 13 measurements", False),
    "breast-cancer": Entry("packaged", "table", "569 tumours, 30 measurements of cell nuclei", False),
    "gunpoint": Entry("packaged", "series", "200 hand movements: drawing a gun, or pointing", False),
    "surnames": Entry("surnames", "text", "surnames of ten languages in Latin script, from Faker", False),
    "tones": Entry("tones", "sound", "synthetic sounds of eight kinds in noise, as WAV files", False),
    "fsdd": Entry("speech", "sound", "3,000 spoken digits of 6 speakers", True),
    "trec": Entry("sentences", "text", "5,952 questions of 6 kinds", True),
    "mr": Entry("sentences", "text", "10,662 sentences of film reviews, positive or negative", True),
    "subj": Entry("sentences", "text", "10,000 sentences, subjective or objective", True),
    "mpqa": Entry("sentences", "text", "10,606 phrases of opinion, positive or negative", True),
    "sms-spam": Entry("sentences", "text", "5,574 text messages, wanted or spam", True),
    "fashion-mnist": Entry("pictures", "image", "70,000 pieces of clothing, 28 × 28", True),
    "mnist-5k": Entry("pictures", "image", "5,000 handwritten digits, 28 × 28", True),
    "sign-language-digits": Entry("pictures", "image", "2,059 photographs of hands that sign digits", True),
    "sonar": Entry("tabular", "table", "208 sonar echoes: 60 frequency bands, in order", True),
    "german": Entry("tabular", "table", "1,000 loans, 20 attributes of mixed kinds", True),
    "phoneme": Entry("tabular", "table", "5,404 vowels, nasal or oral, 5 harmonics", True),
    "pendigits": Entry("tabular", "table", "10,992 digits written on a tablet, 8 points in order", True),
    "dna-splice": Entry("tabular", "text", "3,190 windows of 60 nucleotides at splice junctions", True),
}


def names() -> tuple[str, ...]:
    """Names of all data sets."""
    return tuple(SOURCES)


def describe() -> list[tuple[str, str, str, bool]]:
    """Name, modality, one line, and whether files are needed that no package carries."""
    return [(name, entry.modality, entry.line, entry.needs_download) for name, entry in SOURCES.items()]


def load(
    source: str | Path,
    *,
    target: str | None = None,
    group: str | None = None,
    data_home: Path | None = None,
    seed: int = 0,
) -> Dataset:
    r"""Load labelled items.

    Parameters
    ----------
    source : str or path
        A name (see `names`); a folder with one folder of pictures or sounds a class;
        or a CSV or TSV file.
    target : str, optional
        The column of a CSV or TSV file that holds the classes.
    group : str, optional
        What must not be in training and test at once. For a file the column that says
        it; for a folder a regular expression whose first group finds it in a file's
        path below the folder, such as ``"speaker(\d+)"``.
    data_home : path, optional
        Where the files of named data sets lie; by default the folder that the
        environment variable ``GRIDZOO_DATA`` names.
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
    if isinstance(source, str) and source in SOURCES:
        if target is not None or group is not None:
            raise DataError(f"{source}: expected no target and no group, its classes are given; leave them out")
        module = import_module(f"adapters.sources.{SOURCES[source].module}")
        dataset: Dataset = module.load(source, data_home, seed)
        return dataset
    return _load_path(source, target, group)


def _load_path(source: str | Path, target: str | None, group: str | None) -> Dataset:
    path = Path(source).expanduser()
    if path.is_dir():
        if target is not None:
            raise DataError(f"{path}: expected no target for a folder, its folders are the classes; leave it out")
        from adapters.sources.folder import load_folder

        return load_folder(path, group)
    if path.is_file() and path.suffix.lower() in TABLE_ENDINGS:
        from adapters.sources.delimited import load_delimited

        return load_delimited(path, target, group)
    what = "is no CSV or TSV file" if path.is_file() else "does not exist"
    meant_a_name = path.name == str(source)
    raise DataError(
        f"expected a folder of class folders, a CSV or TSV file, or a data set of {', '.join(SOURCES)}; "
        f"{str(source)!r} {what}{nearest(source, list(SOURCES)) if meant_a_name else ''}"
    )
