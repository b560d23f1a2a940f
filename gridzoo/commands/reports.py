"""``gridzoo report`` and ``gridzoo verify``: write the report of run folders, and check one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridzoo.commands.options import DataHome


def report(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, side by side; or a record, for one run.")],
    out: Annotated[Path | None, typer.Option(help="The file; report.html in the first folder by default.")] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="html, md, json or csv.")] = "html",
) -> None:
    """Write the report of run folders: a page, or Markdown, JSON, CSV."""
    from gridzoo import api

    print(f"report: {api.report(list(runs), out, format=form)}")


def verify(
    page: Annotated[Path, typer.Argument(help="An HTML report.")],
    runs: Annotated[
        list[Path] | None, typer.Option(help="Folder of its records; repeatable. The page's own folder by default.")
    ] = None,
    cells: Annotated[int, typer.Option(min=0, help="Cells to run again, drawn at random.")] = 1,
    seed: Annotated[int | None, typer.Option(min=0, help="Decides which; drawn and told by default.")] = None,
    data_home: DataHome = None,
) -> None:
    """Check a report: its records by their hashes, and a random cell by running it again."""
    from gridzoo import house, verifying

    house.check()
    everything = True
    for finding in verifying.verify(page, runs or [], cells, seed, data_home):
        print(f"{'holds' if finding.holds else 'FAILS'}  {finding.what}: {finding.detail}")
        everything &= finding.holds
    if not everything:
        raise typer.Exit(1)
