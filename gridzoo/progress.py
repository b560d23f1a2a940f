"""How far the runs are, drawn by Rich: done, total, time left, best so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from training.comparison import Watch
from training.records import Record, Run
from training.running.estimate import Estimate, spoken


class Display:
    """A progress display; a context manager whose ``watch`` is told of the runs.

    Parameters
    ----------
    console : rich.console.Console, optional
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("runs"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.fields[best]}"),
            console=self._console,
            auto_refresh=self._console.is_terminal,
            refresh_per_second=2,  # drawing takes time from the runs
        )
        self._task = self._bar.add_task("reading data", total=None, left="", best="")
        self._scores: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._resumed = 0
        self._opened = False
        self.watch = Watch(self._planned, self._finished, self._estimated, self._interrupted, self._looking)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not self._bar.tasks[self._task].completed:
            self._bar.update(self._task, visible=False)  # an empty bar above an error says nothing
        self._bar.stop()

    def _planned(self, runs: Sequence[Run]) -> None:
        self._bar.update(self._task, total=len(runs), description="training")

    def _finished(self, record: Record, resumed: bool) -> None:
        self._resumed += resumed
        run = record.run
        if record.status != "ok":
            self._console.print(f"failed: {' / '.join(run.cell)}: {record.reason}", style="red", markup=False)
        elif run.kind == "cnn" and run.arm == "original":
            self._scores[run.dataset, run.cell[4]].append(record.scores["accuracy"])
        self._bar.update(self._task, advance=1, description=run.dataset, best=self._best(run.dataset))
        if resumed and self._resumed == 1:
            self._console.print("some runs are finished already and are not run again")

    def _estimated(self, estimate: Estimate) -> None:
        if not self._opened and estimate.runs:
            self._console.print(str(estimate), markup=False, highlight=False)
        self._opened = True
        self._bar.update(self._task, left=f"about {spoken(estimate.seconds)} left" if estimate.runs else "")

    def _interrupted(self) -> None:
        self._console.print("finishing the runs under way; Ctrl-C once more to leave them")

    def _looking(self, networks: int) -> None:
        what = "a network" if networks == 1 else f"{networks} networks"
        self._bar.update(self._task, description=f"looking inside {what}", left="", best="")

    def _best(self, dataset: str) -> str:
        means = {model: sum(s) / len(s) for (name, model), s in self._scores.items() if name == dataset}
        if not means:
            return ""
        model = max(means, key=lambda name: means[name])
        return f"best {model} {means[model]:.1%}"
