"""Render a walk as an HTML page that opens offline and runs no code but its own."""

from __future__ import annotations

from pathlib import Path

from reports.rendering import asset, framed
from reports.saving import save
from reports.walk.section import PAGE, script, section, style, templates
from reports.walk.view import WalkView
from training.walk.record import Walk


def render(walk: Walk, command: str = "") -> str:
    """Render a walk.

    Parameters
    ----------
    walk : Walk
    command : str
        What makes the page again; empty to leave it out.

    Returns
    -------
    str
        One HTML page. It needs no network, and its Content-Security-Policy lets it
        run its own script alone.
    """
    body = templates().get_template("page.html.j2").render(
        view=WalkView(walk), walk=walk, command=command, section=section(walk, "walk", PAGE), glossary={}, badges={}
    )  # fmt: skip
    title = f"{walk.item} on its way through {walk.architecture}"
    return framed(title, body, asset("page.css") + style(), script())


def write(walk: Walk, path: Path, command: str = "") -> Path:
    """Write a walk's page to a file, wholly or not at all.

    Raises
    ------
    OSError
        If the place cannot be written.
    """
    return save(render(walk, command), path)
