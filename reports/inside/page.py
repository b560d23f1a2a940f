"""One explanation as an HTML page that opens offline and runs no code at all."""

from __future__ import annotations

from pathlib import Path

from reports.inside.explained import ExplanationView
from reports.rendering import asset, environment, framed
from reports.saving import save
from training.explain.explanation import Explanation


def render(explanation: Explanation, command: str = "") -> str:
    """Render an explanation.

    Parameters
    ----------
    explanation : Explanation
    command : str
        What makes the page again; empty to leave it out.

    Returns
    -------
    str
        One HTML page. It needs no network and holds no script; its
        Content-Security-Policy allows none.
    """
    title = f"Why “{explanation.target}”? {explanation.item}"
    view = ExplanationView(explanation)
    body = environment().get_template("explanation.html.j2").render(
        view=view, explanation=explanation, command=command, glossary={}, badges={}
    )  # fmt: skip
    style = asset("page.css") + asset("inside.css")
    return framed(title, body, style)


def write(explanation: Explanation, path: Path, command: str = "") -> Path:
    """Write an explanation's page to a file, wholly or not at all.

    Raises
    ------
    OSError
        If the place cannot be written.
    """
    return save(render(explanation, command), path)
