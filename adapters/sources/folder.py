"""A folder with one folder a class, of pictures, of sounds, or of texts."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.dataset import Dataset, Provenance
from adapters.errors import DataError
from adapters.sources.contents import items_of
from adapters.sources.endings import ENDINGS, PARTS
from adapters.suggestions import best


@dataclass(frozen=True)
class Labelled:
    """A file with the class and the part that its folders say; no class if it lies beside them."""

    path: Path
    label: str
    part: str


def load_folder(root: Path, group: str | None = None, modality: str | None = None) -> Dataset:
    """Load pictures, sounds or texts from class folders.

    Parameters
    ----------
    root : path
        Holds one folder a class, or ``train`` and ``test`` that hold them. Hidden files
        are ignored, links are followed.
    group : str, optional
        A regular expression; its first group, found in a file's path below ``root``,
        names the file's group.
    modality : {"image", "sound", "text"}, optional
        By default the one that more files have the endings of.

    Raises
    ------
    DataError
        If there are no such files, or fewer than two classes, or ``group`` does not
        match a file.
    """
    labelled = list(_labelled(root))
    endings = Counter(file.path.suffix.lower() for file in labelled)
    totals = {kind: sum(endings[ending] for ending in known) for kind, known in ENDINGS.items()}
    kind = modality or max(totals, key=lambda name: totals[name])
    if kind not in ENDINGS:
        raise DataError(f"{root}: expected a modality of {', '.join(ENDINGS)} for a folder, got {kind!r}")
    files = [file for file in labelled if file.label and file.path.suffix.lower() in ENDINGS[kind]]
    if not files:
        known = "; ".join(
            f"{name} ({', '.join(sorted(ENDINGS[name]))})" for name in ([modality] if modality else ENDINGS)
        )
        raise DataError(f"{root}: expected folders of files, one folder a class, found none; of {known}")
    paths = [file.path for file in files]
    items, kept, bad = items_of(kind, paths)
    if not items:
        raise bad[0]
    settings, reasons = best(items, kind)
    guesses = (f"{kind} files by their endings, classes by folder", *_leftovers(labelled, files), *reasons)
    groups = None if group is None else np.asarray(_groups(root, paths, group))[kept]
    return Dataset(
        name=root.resolve().name or "folder",
        modality=kind,
        items=items,
        labels=np.asarray([files[i].label for i in kept]),
        provenance=Provenance(
            f"{len(files)} {kind} files in {root.name or root}", guesses=(*guesses, *_split_guess(root))
        ),
        groups=groups,
        parts=np.asarray([files[i].part for i in kept]) if files[0].part else None,
        bad=tuple(bad),
        adapter=settings,
    )


def _files(root: Path) -> Iterator[Path]:
    """Walk in order; a folder that a link leads back to is not entered twice along one path."""
    for folder, subfolders, names in os.walk(root, followlinks=True):
        above = {os.path.realpath(parent) for parent in (Path(folder), *Path(folder).parents)}
        subfolders[:] = sorted(
            name for name in subfolders if name[0] != "." and os.path.realpath(Path(folder, name)) not in above
        )
        yield from (Path(folder, name) for name in sorted(names) if name[0] != ".")


def _official(root: Path) -> bool:
    found = {entry.name.lower() for entry in root.iterdir() if entry.is_dir() and entry.name[0] != "."}
    return {"train", "test"} <= found <= set(PARTS)


def _labelled(root: Path) -> Iterator[Labelled]:
    official = _official(root)
    for path in _files(root):
        folders = path.relative_to(root).parts[:-1]
        part = PARTS[folders[0].lower()] if official and folders else ""
        below = folders[1:] if official else folders
        yield Labelled(path, below[0] if below else "", part)


def _split_guess(root: Path) -> tuple[str, ...]:
    if not _official(root):
        return ()
    found = sorted(entry.name for entry in root.iterdir() if entry.name.lower() in PARTS)
    return (f"{', '.join(found)} are the official split (a validation part counts as training)",)


def _leftovers(labelled: list[Labelled], files: list[Labelled]) -> tuple[str, ...]:
    kept = {file.path for file in files}
    rest = Counter(file.path.suffix.lower() or "no ending" for file in labelled if file.path not in kept)
    if not rest:
        return ()
    counted = ", ".join(f"{count} × {ending}" for ending, count in sorted(rest.items()))
    return (f"{rest.total()} other files left out: {counted}",)


def _groups(root: Path, paths: list[Path], pattern: str) -> list[str]:
    try:
        finder = re.compile(pattern)
    except re.error as error:
        raise DataError(f"expected group to be a regular expression, got {pattern!r}: {error}") from error
    if finder.groups < 1:
        raise DataError(f"expected group to have a group in parentheses, got {pattern!r}, such as 'speaker(\\d+)'")
    found = [finder.search(path.relative_to(root).as_posix()) for path in paths]
    for path, match in zip(paths, found, strict=True):
        if match is None or match.group(1) is None:
            raise DataError(f"{path}: expected {pattern!r} to match every file's path below {root}, not this one's")
    return [match.group(1) for match in found if match is not None]
