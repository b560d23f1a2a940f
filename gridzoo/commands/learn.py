"""``gridzoo learn``: the lessons."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def learn(
    out: Annotated[Path, typer.Option(help="The page.")] = Path("learn.html"),
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the lessons: how a CNN works, as one interactive page that needs no network."""
    import webbrowser

    from gridzoo import house

    house.check()
    from reports.learn import write

    page = write(out)
    print(f"lessons: {page}")
    if show and not webbrowser.open(page.resolve().as_uri()):
        print("no browser could be opened; open the file by hand")
