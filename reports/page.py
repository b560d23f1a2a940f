"""Render chapters as one HTML page that opens offline and runs no code but its own."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from reports import wording
from reports.charts import Choice
from reports.escape import embedded_json, script_source
from reports.splits import scored
from reports.views import ChapterView
from training.chapters import Chapter

FILTERS: Mapping[str, Any] = {
    "arm_words": wording.arm_words,
    "count": wording.count,
    "difference": wording.difference,
    "duration": wording.duration,
    "number": wording.number,
    "percent": wording.percent,
    "plural": wording.plural,
    "probability": wording.probability,
    "scored": scored,
    "setting": wording.setting,
    "signed": wording.signed,
    "spread": wording.spread,
}


def render(chapters: Sequence[Chapter], title: str = "Is a CNN the right tool?", command: str = "") -> str:
    """Render a report.

    Parameters
    ----------
    chapters : sequence of Chapter
        One a data set, in the order of the page.
    title : str
    command : str
        What makes the whole page again; empty to leave it out.

    Returns
    -------
    str
        One HTML page. It needs no network, and its Content-Security-Policy lets it
        run its own scripts alone.

    Examples
    --------
    >>> page = render([], title="Nothing yet")
    >>> page.startswith("<!doctype html>")
    True
    """
    scripts = [Markup(_asset("page.js"))]  # noqa: S704 - our own file
    views = [ChapterView(chapter, f"data-{index}") for index, chapter in enumerate(chapters, start=1)]
    figures: dict[str, list[dict[str, Any]]] = {}
    body = (
        _environment()
        .get_template("chapters.html.j2")
        .render(
            title=title,
            command=command,
            chapters=views,
            glossary=wording.GLOSSARY,
            badges=wording.BADGES,
            figures=Figures(figures),
        )
    )
    if figures:
        scripts.insert(0, Markup(_plotly()))  # noqa: S704 - the library's own file
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            body=Markup(body),  # noqa: S704 - rendered with autoescape above
            policy=" ".join(script_source(str(script)) for script in scripts),
            style=Markup(_asset("page.css")),  # noqa: S704 - our own file
            figures=embedded_json(figures),
            scripts=scripts,
        )
    )


def write(chapters: Sequence[Chapter], path: Path, title: str = "Is a CNN the right tool?", command: str = "") -> Path:
    """Write a report to a file, wholly or not at all.

    Parameters
    ----------
    chapters, title, command
        As for `render`.
    path : Path
        The file; its folder is made if it does not exist.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OSError
        If the place cannot be written.
    """
    page = render(chapters, title, command)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(page)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    return path


class Figures:
    """Collects the charts of a page while its templates run; each gets a name.

    Parameters
    ----------
    found : dict
        Name to choices, filled by `add`.
    """

    def __init__(self, found: dict[str, list[dict[str, Any]]]) -> None:
        self.found = found

    def add(self, choices: Sequence[Choice]) -> str:
        """Take a chart's choices and name it."""
        name = f"chart-{len(self.found) + 1}"
        self.found[name] = [{"alt": choice.alt, "figures": choice.figures} for choice in choices]
        return name


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def _asset(name: str) -> str:
    return resources.files("reports").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    # A browser reads CR LF as LF before it hashes, so the text must not hold any.
    return str(get_plotlyjs()).replace("\r\n", "\n")
