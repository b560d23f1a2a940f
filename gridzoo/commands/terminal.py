"""What several commands print, and the command itself."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from typing import Any


def command_line() -> str:
    """Give the command that this process was started with."""
    return shlex.join(["gridzoo", *sys.argv[1:]])


def print_table(title: str, columns: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table; names are not broken."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=column in ("name", "adapter"))
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table, markup=False)
