"""Run experiments into a folder, and read what the folder holds."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from adapters.cache import Cache
from adapters.dataset import Dataset
from adapters.reading import cores
from training.answers import Verdict
from training.cards import Witness, with_mistakes
from training.chapters import CellSummary, Chapter, Plan
from training.collector import uncollected
from training.errors import ExperimentError
from training.experiment import Experiment
from training.folder import RunFolder, file_name
from training.insights import look_inside
from training.notebook import shown
from training.planning import prepare, tasks_of
from training.records import Record, Run
from training.results import Results
from training.running.attempts import here
from training.running.estimate import Estimate, Memory
from training.running.guess import guesses
from training.running.imports import hushed
from training.running.order import shuffled
from training.running.session import Watch as Watch
from training.running.session import do_missing, networks_of, opened
from training.running.sizes import sizes_of
from training.running.task import Task
from training.tuning.table import trials_table

Experiments = Iterable[tuple[Experiment, Dataset]]


@dataclass(frozen=True)
class Comparison:
    """What a run folder holds.

    Parameters
    ----------
    path : path
    results : list of Results
        One for each data set.
    """

    path: Path
    results: list[Results]

    @classmethod
    def read(cls, path: str | Path) -> Comparison:
        """Read a run folder.

        Raises
        ------
        ExperimentError
            If there is no plan in it.
        """
        path = Path(path)
        folder = RunFolder(path)
        try:
            with uncollected():
                results = [Results.read(folder, plan) for plan in folder.plans()]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ExperimentError(f"{path}: expected the plans and cards of a run folder, but: {error}") from None
        if not results:
            raise ExperimentError(f"{path}: expected a run folder with plans/*.json; make one with 'gridzoo compare'")
        return cls(path, results)

    @property
    def chapters(self) -> list[Chapter]:
        """All that a report shows, by data set."""
        return [result.chapter for result in self.results]

    def cells(self) -> list[CellSummary]:
        """Rows of the leaderboards, best first within each data set and split."""
        with uncollected():
            return [cell for result in self.results for cell in result.cells]

    def table(self) -> pd.DataFrame:
        """Leaderboards as a DataFrame, one row a cell."""
        rows = [asdict(cell) | {"reasons": "; ".join(cell.reasons)} for cell in self.cells()]
        return pd.DataFrame(rows).drop(columns=["scores", "to_best"])

    def trials(self) -> pd.DataFrame:
        """Every trial of every tuned run, one row each; see `training.tuning.table`."""
        return trials_table(record for result in self.results for record in result.records)

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
        return [verdict for result in self.results for verdict in result.verdicts]

    def _repr_html_(self) -> str:
        return shown(self.chapters)

    @property
    def failed(self) -> list[Record]:
        """Runs that failed, with their reasons."""
        return [record for result in self.results for record in result.records if record.status != "ok"]


def compare(
    experiments: Experiments,
    out: Path,
    *,
    command: str = "",
    workers: int | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    watch: Watch | None = None,
    tensorboard: Path | None = None,
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
        Runs under way at once; by default as many as there are usable cores for their
        threads. With an executor it
        says how many that one does at once.
    executor : concurrent.futures.Executor, or callable that makes one, optional
        Does all runs: threads, processes, Dask's ``client.get_executor()``. By default each
        core gets a process of its own. The executor's processes must see the cache folder.
        A pool of processes breaks when one of them dies: give a callable that makes it,
        and it is made anew.
    watch : Watch, optional
    tensorboard : path, optional
        Folder for the curves of all runs that are done now, their trials among them, where
        ``tensorboard --logdir`` finds them while they are trained.

    Returns
    -------
    Comparison

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If an experiment does not fit its data, or another process is at work in the folder.
    StoppedError
        If there is no room on the disk, or no worker can do a run.
    OSError
        If the folder cannot be written.
    KeyboardInterrupt
        After a Ctrl-C, when runs under way are finished and written.
    """
    watch = watch or Watch()
    cache, shared = Cache.default(), 1 if executor else cores()
    if tensorboard is not None:
        tensorboard.mkdir(parents=True, exist_ok=True)
    with opened(out, cache, executor, workers or cores()) as (folder, scratch, crew):
        tasks: list[Task] = []
        witnesses: dict[str, Witness] = {}
        for experiment, dataset in experiments:
            witnesses[dataset.name], new = _lay_out(
                experiment, dataset, folder, cache, scratch, workers or cores(), shared, command
            )
            tasks += [replace(task, tensorboard=tensorboard and tensorboard / place_of(task.run)) for task in new]
        by_key = {task.run.key: task for task in tasks}
        do_missing(by_key, folder, crew, workers or workers_for(tasks), watch, Memory(cache.folder))
        read = Comparison.read(out).results
        results = [replace(one, card=with_mistakes(one.chapter, witnesses, folder).card) for one in read]
        datasets = {name: witness.dataset for name, witness in witnesses.items()}
        return Comparison(out, look_inside(results, datasets, by_key, folder, crew, cache, watch.looking))


def foresee(experiments: Experiments, workers: int | None = None) -> tuple[list[Run], Estimate]:
    """Lay out what `compare` would do and guess how long it takes, and run nothing.

    The data is read and made into grids, which stay in the cache; no run folder is touched.

    Parameters
    ----------
    experiments, workers
        As for `compare`.

    Returns
    -------
    list of Run, Estimate

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        As for `compare`.
    """
    cache = Cache.default()
    with cache.scratch() as scratch:
        tasks = [
            task
            for experiment, dataset in experiments
            for task in shuffled(
                tasks_of(prepare(experiment, dataset, cache), cache, scratch, workers or cores(), cores()),
                experiment.seed,
            )
        ]
        networks = networks_of(tasks)
        with hushed():
            sizes = dict(zip(networks, sizes_of(list(networks.values()), here()), strict=True))
        return [t.run for t in tasks], Estimate(
            guesses(tasks, sizes), workers or workers_for(tasks), Memory(cache.folder).read()
        )


def place_of(run: Run) -> Path:
    """Name a folder for what a run leaves beside its record."""
    dataset, split, adapter, _, model, _ = run.cell
    return Path(*map(file_name, (dataset, split, adapter, model, run.arm, f"{run.repeat}-{run.fold}")))


def workers_for(tasks: Sequence[Task]) -> int:
    """Say how many runs at once leave no core idle and none to two threads."""
    return max(1, cores() // max((task.threads for task in tasks), default=1))


def _lay_out(
    experiment: Experiment,
    dataset: Dataset,
    folder: RunFolder,
    cache: Cache,
    scratch: Path,
    workers: int,
    shared: int,
    command: str,
) -> tuple[Witness, list[Task]]:
    prepared = prepare(experiment, dataset, cache)
    tasks = list(tasks_of(prepared, cache, scratch, workers, shared))
    witness = Witness.of(prepared)
    folder.write_card(witness.card)
    folder.write_plan(Plan(dataset.name, experiment.to_json(), command, [task.run for task in tasks], machine()))
    return witness, shuffled(tasks, experiment.seed)


def machine() -> dict[str, str]:
    """Say what the runs are done on, for the plan."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "gridzoo": version("gridzoo"),
    }
