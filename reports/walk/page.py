"""Render a walk as an HTML page that opens offline and runs no code but its own, or as a part of one."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from reports.escape import embedded_json
from reports.learn.bundle import bundle
from reports.page import asset, environment, framed
from reports.saving import save
from reports.walk.scene import scene
from reports.walk.view import WalkView
from training.walk.record import Walk

SHARED = ("dom", "svg", "paint")  # modules of the lessons
PAGE, SECTION = 2, 4  # levels of the steps' headings


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
    body = _environment().get_template("page.html.j2").render(
        view=WalkView(walk), walk=walk, command=command, section=section(walk, "walk", PAGE), glossary={}, badges={}
    )  # fmt: skip
    title = f"{walk.item} on its way through {walk.architecture}"
    return framed(title, body, asset("page.css") + style(), script())


def section(walk: Walk, name: str, level: int = SECTION) -> Markup:
    """Render a walk as a part of a page that has `style` and `script`.

    Parameters
    ----------
    walk : Walk
    name : str
        Identifies the section within its page.
    level : int
        Of the steps' headings. Where it is 2 the arrow keys work all over the page, else
        within the section.
    """
    view = WalkView(walk)
    return Markup(  # noqa: S704 - rendered with autoescape
        _environment()
        .get_template("section.html.j2")
        .render(
            view=view,
            walk=walk,
            name=name,
            level=level,
            everywhere=level == PAGE,
            scene=embedded_json(scene(walk)),
            glossary={},
            badges={},
        )
    )


def write(walk: Walk, path: Path, command: str = "") -> Path:
    """Write a walk's page to a file, wholly or not at all.

    Raises
    ------
    OSError
        If the place cannot be written.
    """
    return save(render(walk, command), path)


@cache
def script() -> str:
    """Join what moves the steps and draws their numbers; it starts every walk of a page."""
    lessons = resources.files("reports.learn").joinpath("assets")
    own = resources.files("reports.walk").joinpath("assets")
    paths = {f"learn/assets/{name}": lessons.joinpath(f"{name}.js") for name in SHARED}
    for folder, files in (("", own), ("steps/", own.joinpath("steps"))):
        paths |= {
            f"walk/assets/{folder}{file.name[:-3]}": file for file in files.iterdir() if file.name.endswith(".js")
        }
    return bundle({path: paths[path].read_text(encoding="utf-8") for path in sorted(paths)}, "walks")


@cache
def style() -> str:
    """Give the style sheet, on top of that of all reports."""
    drawings = resources.files("reports.learn").joinpath("assets", "drawings.css").read_text(encoding="utf-8")
    own = resources.files("reports.walk").joinpath("assets", "walk.css").read_text(encoding="utf-8")
    # Nested, so that the rules for drawings reach ours alone.
    return f".drawn {{\n{drawings}\n}}\n{own}"


@cache
def _environment() -> Environment:
    return environment().overlay(loader=ChoiceLoader([PackageLoader("reports.walk"), PackageLoader("reports")]))
