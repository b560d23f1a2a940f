"""Sets of the UCR/UEA Time Series Classification Archive, by name."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.dataset import Dataset
from adapters.errors import DataError
from adapters.sources.about import archived
from adapters.sources.files import Remote, below
from adapters.sources.home import find
from adapters.sources.ts_files import PARTS, READERS, load_series

PREFIX = "ucr/"
SET = re.compile(r"\w+")
FOLDERS = ("ts-aeon", "ts-ucr-extra")  # where the sets lie whose files have a known checksum
ARCHIVE = "https://timeseriesclassification.com/aeon-toolkit/{}.zip"
UNVERIFIED = "nobody has published a checksum of its files, so they were not compared with one"


def load(name: str, data_home: Path | None, seed: int) -> Dataset:
    """Load ``ucr/NAME``, such as ``ucr/GunPoint``, as the archive spells it; its official split."""
    set_name = name.removeprefix(PREFIX)
    if not SET.fullmatch(set_name):
        raise DataError(f"{name}: expected the name of a set of the UCR/UEA archive, such as {PREFIX}GunPoint")
    known = next((path for folder in FOLDERS if below(path := f"{folder}/{set_name}")), None)
    if known:
        folder = find(data_home, known)
    else:
        remote = Remote(f"{PREFIX}{set_name}", "none", ARCHIVE.format(set_name), ".")
        folder = find(data_home, remote.path, (remote,))
    files = {part: _file(folder, f"{set_name}_{part.upper()}") for part in PARTS}
    return load_series(files, name, archived(set_name, () if known else (UNVERIFIED,)))


def _file(folder: Path, stem: str) -> Path:
    for ending in READERS:
        if (path := folder / f"{stem}{ending}").is_file():
            return path
    raise DataError(f"{folder}: expected {stem} with an ending of {', '.join(READERS)}, found none; download it again")
