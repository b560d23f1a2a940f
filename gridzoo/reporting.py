"""From run folders, single records and comparisons to a written report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import reports
from training.chapters import Chapter
from training.comparison import Comparison
from training.describing.across import across
from training.describing.describe import only
from training.errors import ExperimentError, nearest

Source = Comparison | str | Path


def write_report(sources: Sequence[Source], path: Path | None, form: str) -> Path:
    """Write a report of comparisons, run folders or single records.

    Parameters
    ----------
    sources : sequence of Comparison or path
        At least one. A file is a record in a run folder.
    path : Path, optional
        ``report`` with the form's suffix in the first folder by default.
    form : {"html", "md", "json", "csv"}

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ExperimentError
        If a source is no run folder and no record, or the form is unknown.
    OSError
        If the place cannot be written.
    """
    if form not in reports.FORMATS:
        raise ExperimentError(f"format: got {form!r}; {nearest(form, list(reports.FORMATS))}")
    if not sources:
        raise ExperimentError("report: expected at least one run folder or record, got none")
    found = [_chapters(source) for source in sources]
    chapters = [chapter for _, own in found for chapter in own]
    if len(found) > 1:
        names = _names([folder for folder, _ in found])
        chapters = [replace(chapter, experiment=n) for n, (_, own) in zip(names, found, strict=True) for chapter in own]
    target = path or found[0][0] / f"report.{form}"
    return reports.write(chapters, target, across=across(chapters), form=form)


def _chapters(source: Source) -> tuple[Path, list[Chapter]]:
    if isinstance(source, Comparison):
        return source.path, source.chapters
    path = Path(source)
    if not path.is_file():
        return path, Comparison.read(path).chapters
    folder = path.resolve().parent.parent
    for chapter in Comparison.read(folder).chapters:
        if any(record.run.key == path.stem for record in chapter.records):
            return folder, [only(chapter, path.stem)]
    raise ExperimentError(f"{path}: expected a record of a plan in {folder}, found no run of that key")


def _names(folders: Sequence[Path]) -> list[str]:
    """Name folders by as few of their last parts as set them apart; the same folder twice by its place."""
    parts = [folder.resolve().parts for folder in folders]
    for depth in range(1, max(map(len, parts)) + 1):
        names = ["/".join(own[-depth:]) for own in parts]
        if len(set(names)) == len(names):
            return names
    return [f"{folder.name} ({place})" for place, folder in enumerate(folders, start=1)]
