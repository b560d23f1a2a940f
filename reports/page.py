"""Render chapters as one HTML page that opens offline and runs no code but its own."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup
from plotly.offline import get_plotlyjs

from reports import descent, roles, searches, walk, wording
from reports.charts import Choice
from reports.escape import embedded_json, script_source
from reports.evidence import evidence, sealed
from reports.findings import costs, mistakes, recommendation, reliability
from reports.findings.endurance import endurance
from reports.findings.race import race
from reports.findings.ranks import rank_diagram
from reports.glossary import GLOSSARY
from reports.inside.section import insight_view
from reports.rendering import asset, environment
from reports.scales import Scale
from reports.views import ChapterView
from training.chapters import Chapter
from training.overview import Across

TITLE = "Is a CNN the right tool?"

# What templates make of a split, an arm or a cell.
VIEWS: Mapping[str, Any] = {
    "anytime": costs.anytime,
    "arm_name": roles.arm_name,
    "best_so_far": descent.best_so_far,
    "class_table": reliability.class_table,
    "endurance": endurance,
    "group_table": reliability.group_table,
    "insight_view": insight_view,
    "lineage": descent.lineage,
    "mistaken_pairs": mistakes.mistaken_pairs,
    "parallel": searches.parallel,
    "pareto": costs.pareto,
    "portrait_of": reliability.portrait_of,
    "race": race,
    "rank_diagram": rank_diagram,
    "recommendation": recommendation.recommendation,
    "reliabilities": reliability.reliabilities,
    "role_of": roles.role_of,
    "walk_section": walk.section,
    "whole": Scale(0.0, 1.0),
}


def render(chapters: Sequence[Chapter], title: str = TITLE, command: str = "", across: Across | None = None) -> str:
    """Render a report.

    Parameters
    ----------
    chapters : sequence of Chapter
        One a data set and experiment, in the order of the page.
    title : str
    command : str
        What makes the whole page again; empty to leave it out.
    across : Across, optional
        What the chapters say together.

    Returns
    -------
    str
        One HTML page. It needs no network, and its Content-Security-Policy lets it
        run its own scripts alone. It carries the hash of every record behind it.

    Examples
    --------
    >>> page = render([], title="Nothing yet")
    >>> page.startswith("<!doctype html>")
    True
    """
    views = [ChapterView(chapter, f"data-{index}") for index, chapter in enumerate(chapters, start=1)]
    figures: dict[str, list[dict[str, Any]]] = {}
    body = (
        environment()
        .get_template("chapters.html.j2")
        .render(
            title=title,
            command=command,
            chapters=views,
            across=across or Across(),
            glossary=GLOSSARY,
            badges=wording.BADGES,
            figures=Figures(figures),
            **VIEWS,
        )
    )
    walked = any(chapter.insight and chapter.insight.walk for chapter in chapters)
    style = asset("page.css") + asset("inside.css") + (walk.style() if walked else "")
    script = asset("page.js") + (walk.script() if walked else "")
    page = (
        environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            body=Markup(body),  # noqa: S704 - rendered with autoescape above
            policy=" ".join(map(script_source, [script, _plotly()] if figures else [script])),
            style=Markup(style),  # noqa: S704 - our own files
            figures=embedded_json(figures),
            plotly=_packed_plotly() if figures else "",
            script=Markup(script),  # noqa: S704 - our own file
        )
    )
    return sealed(page, evidence(chapters))


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
def _plotly() -> str:
    # A browser reads CR LF as LF before it hashes, so the text must not hold any.
    return str(get_plotlyjs()).replace("\r\n", "\n")


@cache
def _packed_plotly() -> str:
    """Pack Plotly for a page, to a third of its size; the page unpacks it when a chart comes near."""
    return base64.b64encode(gzip.compress(_plotly().encode(), compresslevel=9, mtime=0)).decode()
