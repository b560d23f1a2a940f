"""Write the lessons as one HTML page that opens offline and runs no code but its own."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import wording
from reports.escape import embedded_json, script_source
from reports.learn.bundle import bundle
from reports.saving import save

TITLE = "How a CNN sees"
# Template and script of each lesson, and its heading, in the order of the page.
LESSONS = (
    ("match", "Match by parts"),
    ("convolve", "Try every place"),
    ("pool", "Keep what matters"),
    ("stack", "Stack the layers"),
    ("votes", "Let the parts vote"),
    ("camera", "A camera of four pixels"),
    ("descent", "Walk downhill"),
    ("chain", "Pass the blame back"),
    ("shapes", "Choose the numbers that are not learned"),
    ("draw", "Draw your own"),
    ("sound", "Sound and text are grids too"),
    ("shuffle", "Where a CNN fails"),
)
# The controls of a drawing: name, label, lowest, highest, step, start, unit.
LOOKS = (
    ("across", "Shift across", -16, 16, 0.5, 0, " cells"),
    ("down", "Shift down", -16, 16, 0.5, 0, " cells"),
    ("turn", "Turn", -90, 90, 1, 0, "°"),
    ("scale", "Scale", 0.1, 2.5, 0.05, 1, ""),
    ("weight", "Weight of the pen", 0.5, 14, 0.25, 2.5, " cells"),
    ("shade", "Shade", 0.02, 1, 0.02, 1, ""),
)
STORED = ("network", "shuffles")


def render() -> str:
    """Render the lessons.

    Returns
    -------
    str
        One HTML page. It needs no network, and its Content-Security-Policy lets it
        run its own script alone.

    Examples
    --------
    >>> render().startswith("<!doctype html>")
    True
    """
    stored = {name: _stored(name) for name in STORED}
    script, style = _script(), _style()
    everything = stored["network"]["accuracy"][0]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=TITLE,
            lessons=LESSONS,
            looks=LOOKS,
            accuracy=wording.percent(everything["right"] / everything["drawings"], 2),
            mistakes=_mistakes(stored["shuffles"]["results"]),
            stored={name: embedded_json(data) for name, data in stored.items()},
            **stored,
            script=Markup(script),  # noqa: S704 - our own files
            style=Markup(style),  # noqa: S704 - our own files
            script_policy=script_source(script),
            style_policy=script_source(style),
        )
    )


def write(path: Path) -> Path:
    """Write the lessons to a file, wholly or not at all.

    Parameters
    ----------
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
    return save(render(), path)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports.learn"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _stored(name: str) -> dict[str, Any]:
    """Read what a script of ``benchmarks/`` measured."""
    text = resources.files("reports.learn").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _mistakes(results: list[dict[str, Any]]) -> str:
    """Say how many times as many drawings are misread with their columns shuffled."""
    drawn = next(row for row in results if (row["architecture"], row["name"]) == ("xo2", "drawings"))
    before, after = (sum(1 - share for share in drawn[arm]) for arm in ("original", "shuffled"))
    return f"{after / before:.1f}"


def _script() -> str:
    assets = resources.files("reports.learn").joinpath("assets")
    paths = [
        *((file.name, file) for file in assets.iterdir() if file.name.endswith(".js")),
        *((f"lessons/{file.name}", file) for file in assets.joinpath("lessons").iterdir()),
    ]
    modules = {path.removesuffix(".js"): file.read_text(encoding="utf-8") for path, file in sorted(paths)}
    return bundle(modules, "lessons")


def _style() -> str:
    """Join the look of all reports with that of the lessons."""
    shared = resources.files("reports").joinpath("assets", "page.css")
    own = [resources.files("reports.learn").joinpath("assets", name) for name in ("drawings.css", "learn.css")]
    return "\n".join(file.read_text(encoding="utf-8") for file in (shared, *own))
