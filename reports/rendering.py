"""What every page is rendered with: templates that escape, their filters, our own assets, a frame."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import wording
from reports.escape import embedded_json, script_source
from reports.splits import scored

FILTERS: Mapping[str, Any] = {
    "compact": wording.compact,
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


@cache
def environment() -> Environment:
    """Make what renders our templates: everything that is not ours is escaped."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    return made


def asset(name: str) -> str:
    """Read one of our own style sheets or scripts."""
    return resources.files("reports").joinpath("assets", name).read_text(encoding="utf-8")


def framed(title: str, body: str, style: str, script: str = "") -> str:
    """Put a body into a page without charts, which runs this script alone, or none.

    Parameters
    ----------
    title : str
    body, style, script : str
        HTML that was rendered with autoescape, and our own CSS and JavaScript.
    """
    page = environment().get_template("page.html.j2")
    return page.render(
        title=title,
        body=Markup(body),  # noqa: S704
        policy=script_source(script) if script else "'none'",
        style=Markup(style),  # noqa: S704
        figures=embedded_json({}),
        plotly="",
        script=Markup(script),  # noqa: S704
    )
