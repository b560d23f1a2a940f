"""The lessons at the terminal: write the page, open it if asked."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from gridzoo import house


def run_learn(out: Path, show: bool) -> None:
    """Write the lessons and say where they are; with ``show`` the browser opens them.

    Raises
    ------
    OSError
        If the place cannot be written.
    """
    house.check()
    from reports.learn import write

    page = write(out)
    print(f"lessons: {page}")
    if show and not webbrowser.open(page.resolve().as_uri()):
        print("no browser could be opened; open the file by hand")
