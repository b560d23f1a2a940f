"""The forms that a report comes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reports.markdown import markdown
from reports.page import TITLE, render
from reports.plain import as_csv, as_json
from reports.saving import save
from training.chapters import Chapter
from training.overview import Across

Renderer = Callable[[Sequence[Chapter], str, str, Across | None], str]
FORMATS: Mapping[str, Renderer] = {"html": render, "md": markdown, "json": as_json, "csv": as_csv}


def write(
    chapters: Sequence[Chapter],
    path: Path,
    title: str = TITLE,
    command: str = "",
    across: Across | None = None,
    *,
    form: str = "html",
) -> Path:
    """Write a report to a file, wholly or not at all.

    Parameters
    ----------
    chapters, title, command, across
        As for `reports.render`.
    path : Path
        The file; its folder is made if it does not exist.
    form : {"html", "md", "json", "csv"}

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If there is no such form.
    OSError
        If the place cannot be written.
    """
    if form not in FORMATS:
        raise ValueError(f"format: expected one of {', '.join(FORMATS)}, got {form!r}")
    return save(FORMATS[form](chapters, title, command, across), path)
