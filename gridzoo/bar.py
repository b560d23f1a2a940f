"""A progress bar with room for what is reached so far, drawn by Rich."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Bar:
    """One bar; a context manager.

    Parameters
    ----------
    console : rich.console.Console, optional
    unit : str
        What is counted.
    """

    def __init__(self, console: Console | None = None, unit: str = "") -> None:
        self.console = console or Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.fields[best]}"),
            console=self.console,
            auto_refresh=self.console.is_terminal,
            refresh_per_second=2,  # drawing takes time from what it shows
        )
        self._task = self._bar.add_task("reading data", total=None, unit=unit, left="", best="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not self._bar.tasks[self._task].completed:
            self._bar.update(self._task, visible=False)  # an empty bar above an error says nothing
        self._bar.stop()

    def show(self, **changes: Any) -> None:
        """Change what is shown: ``description``, ``completed``, ``advance``, ``total``, ``unit``, ``left``, ``best``."""
        self._bar.update(self._task, **changes)
