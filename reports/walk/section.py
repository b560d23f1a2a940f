"""A walk as a part of any page: its steps, and the script and style sheet that they need once."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from reports.escape import embedded_json
from reports.learn.bundle import bundle
from reports.rendering import environment
from reports.walk.scene import scene
from reports.walk.view import WalkView
from training.walk.record import Walk

SHARED = ("dom", "svg", "paint")  # modules of the lessons
PAGE, SECTION = 2, 5  # levels of the steps' headings


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
        templates()
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
def templates() -> Environment:
    """Make what renders a walk: the report's templates, and its own before them."""
    return environment().overlay(loader=ChoiceLoader([PackageLoader("reports.walk"), PackageLoader("reports")]))
