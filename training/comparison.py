"""Run experiments into a folder, and read what the folder holds."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from adapters.cache import Cache
from adapters.dataset import Dataset
from adapters.reading import cores
from training.answers import Verdict
from training.cards import card_of
from training.chapters import CellSummary, Chapter, Plan
from training.errors import ExperimentError
from training.experiment import Experiment
from training.folder import RunFolder
from training.planning import prepare, tasks_of
from training.records import Record, Run
from training.running.driver import run_all
from training.running.lanes import Lanes
from training.running.task import Task
from training.running.worker import local_executor
from training.summary import summarise
from training.verdict.judge import verdicts
from training.verdict.rules import Rules


@dataclass(frozen=True)
class Watch:
    """What a run of experiments tells of itself as it goes on.

    Parameters
    ----------
    planned : callable
        Called once with all runs, before the first one starts.
    finished : callable
        Called with each record and whether it was there already.
    """

    planned: Callable[[Sequence[Run]], None] = lambda runs: None
    finished: Callable[[Record, bool], None] = lambda record, resumed: None


@dataclass(frozen=True)
class Comparison:
    """The chapters of a run folder: one for each data set.

    Parameters
    ----------
    path : path
    chapters : list of Chapter
    """

    path: Path
    chapters: list[Chapter]

    @classmethod
    def read(cls, path: Path) -> Comparison:
        """Read a run folder.

        Raises
        ------
        ExperimentError
            If there is no plan in it.
        """
        folder = RunFolder(path)
        try:
            chapters = [_chapter(folder, plan) for plan in folder.plans()]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ExperimentError(f"{path}: expected the plans and cards of a run folder, but: {error}") from None
        if not chapters:
            raise ExperimentError(f"{path}: expected a run folder with plans/*.json; make one with 'gridzoo compare'")
        return cls(path, chapters)

    def cells(self) -> list[CellSummary]:
        """Rows of the leaderboards, best first within each data set and split."""
        return [cell for chapter in self.chapters for cell in chapter.cells]

    def table(self) -> pd.DataFrame:
        """Leaderboards as a DataFrame, one row a cell."""
        rows = [asdict(cell) | {"reasons": "; ".join(cell.reasons)} for cell in self.cells()]
        return pd.DataFrame(rows).drop(columns=["scores", "to_best"])

    def best(self) -> CellSummary:
        """Give the CNN cell on the unshuffled grid that did best on validation items.

        Raises
        ------
        ExperimentError
            If no CNN has finished.
        """
        for verdict in self.verdicts():
            for cell in self.cells():
                if (cell.dataset, cell.split, cell.adapter, cell.model, cell.arm) == (
                    verdict.dataset, verdict.split, verdict.adapter, verdict.model, "original",
                ):  # fmt: skip
                    return cell
        raise ExperimentError(f"{self.path}: expected at least one finished CNN run, found none")

    def verdicts(self) -> list[Verdict]:
        """Is a CNN the right tool? One answer a data set and split."""
        return [verdict for chapter in self.chapters for verdict in chapter.verdicts]

    @property
    def failed(self) -> list[Record]:
        """Runs that failed, with their reasons."""
        return [record for chapter in self.chapters for record in chapter.records if record.status != "ok"]


def compare(
    experiments: Iterable[tuple[Experiment, Dataset]],
    out: Path,
    *,
    command: str = "",
    workers: int | None = None,
    make_executor: Callable[[], Executor] | None = None,
    watch: Watch | None = None,
) -> Comparison:
    """Do the runs of experiments that are not done yet, and give everything the folder holds.

    Parameters
    ----------
    experiments : iterable of (Experiment, Dataset)
        Each with its data. A generator reads them while the workers come up.
    out : path
        The run folder; made if it is not there.
    command : str
        What makes this again, for the report.
    workers : int, optional
        Runs under way at once; the number of usable cores by default.
    make_executor : callable, optional
        Gives a `concurrent.futures.Executor` of one worker; a loky process by default.
    watch : Watch, optional

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If an experiment does not fit its data.
    OSError
        If the folder cannot be written.
    """
    watch = watch or Watch()
    workers = workers or cores()
    folder, cache = RunFolder(out), Cache.default()
    folder.create()
    with (
        cache.scratch() as scratch,
        Lanes(make_executor or local_executor, workers) as lanes,
    ):
        tasks: list[Task] = []
        for experiment, dataset in experiments:
            tasks += _lay_out(experiment, dataset, folder, cache, scratch, workers, command)
        watch.planned([task.run for task in tasks])
        run_all(tasks, folder, lanes, watch.finished)
    return Comparison.read(out)


def _lay_out(
    experiment: Experiment, dataset: Dataset, folder: RunFolder, cache: Cache, scratch: Path, workers: int, command: str
) -> list[Task]:
    prepared = prepare(experiment, dataset, cache)
    tasks = list(tasks_of(prepared, cache, scratch, workers))
    folder.write_card(card_of(prepared))
    folder.write_plan(Plan(dataset.name, experiment.to_json(), command, [task.run for task in tasks], machine()))
    return tasks


def _chapter(folder: RunFolder, plan: Plan) -> Chapter:
    records = [record for key in plan.keys if (record := folder.record(key)) is not None]
    rules = Rules.of(plan.experiment)
    return Chapter(plan, folder.card(plan.dataset), records, summarise(plan.runs, records), verdicts(records, rules))


def machine() -> dict[str, str]:
    """Say what the runs are done on, for the plan."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "gridzoo": version("gridzoo"),
    }
