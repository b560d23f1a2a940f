"""How far the runs are, drawn by Rich: done, total, time left, best so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console

from gridzoo.bar import Bar
from training.comparison import Watch
from training.records import Record, Run
from training.running.estimate import Estimate, spoken


class Display(Bar):
    """A progress display of runs; a context manager whose ``watch`` is told of them.

    Parameters
    ----------
    console : rich.console.Console, optional
    """

    def __init__(self, console: Console | None = None) -> None:
        super().__init__(console, unit="runs")
        self._scores: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._resumed = 0
        self._opened = False
        self.watch = Watch(self._planned, self._finished, self._estimated, self._interrupted, self._looking)

    def _planned(self, runs: Sequence[Run]) -> None:
        self.show(total=len(runs), description="training")

    def _finished(self, record: Record, resumed: bool) -> None:
        self._resumed += resumed
        run = record.run
        if record.status != "ok":
            self.console.print(f"failed: {' / '.join(run.cell)}: {record.reason}", style="red", markup=False)
        elif run.kind == "cnn" and run.arm == "original":
            self._scores[run.dataset, run.cell[4]].append(record.scores["accuracy"])
        self.show(advance=1, description=run.dataset, best=self._best(run.dataset))
        if resumed and self._resumed == 1:
            self.console.print("some runs are finished already and are not run again")

    def _estimated(self, estimate: Estimate) -> None:
        if not self._opened and estimate.runs:
            self.console.print(str(estimate), markup=False, highlight=False)
        self._opened = True
        self.show(left=f"about {spoken(estimate.seconds)} left" if estimate.runs else "")

    def _interrupted(self) -> None:
        self.console.print("finishing the runs under way; Ctrl-C once more to leave them")

    def _looking(self, networks: int) -> None:
        what = "a network" if networks == 1 else f"{networks} networks"
        self.show(description=f"looking inside {what}", left="", best="")

    def _best(self, dataset: str) -> str:
        means = {model: sum(s) / len(s) for (name, model), s in self._scores.items() if name == dataset}
        if not means:
            return ""
        model = max(means, key=lambda name: means[name])
        return f"best {model} {means[model]:.1%}"
