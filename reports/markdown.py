"""The same report as Markdown, short enough for a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.page import TITLE, VIEWS
from reports.rendering import FILTERS
from reports.views import ChapterView
from training.chapters import Chapter
from training.overview import Across

SPECIAL = re.compile(r"([\\`*_\[\]|#~])")


def plain(text: object) -> str:
    r"""Make a text that Markdown shows literally, on one line; HTML and mentions in it stay text too.

    Examples
    --------
    >>> plain("<b>a|b</b>")
    '&lt;b&gt;a\\|b&lt;/b&gt;'
    """
    line = " ".join(str(text).split())
    safe = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(r"\\\1", safe).replace("@", "&#64;")


def code(text: str) -> str:
    """Make a code span: one line, without an end of its own."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


def markdown(chapters: Sequence[Chapter], title: str = TITLE, command: str = "", across: Across | None = None) -> str:
    """Render a report as GitHub-flavoured Markdown.

    Parameters
    ----------
    chapters, title, command, across
        As for `reports.render`.
    """
    views = [ChapterView(chapter, f"data-{index}") for index, chapter in enumerate(chapters, start=1)]
    template = _environment().get_template("report.md.j2")
    return template.render(title=title, command=command, chapters=views, across=across or Across()).rstrip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=False,  # noqa: S701 - Markdown: every value from data goes through ``plain``
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({**FILTERS, "code": code, "plain": plain})
    environment.globals.update(VIEWS)
    return environment
