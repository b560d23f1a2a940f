"""The front door from Python: load, suggest, compare, fit, explain, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd

from adapters import suggestions
from adapters.dataset import Dataset
from adapters.sources import registry as sources
from adapters.sources.columns import load_table
from adapters.sources.memory import from_arrays
from adapters.sources.tables import from_frame
from adapters.suggestions import Suggestion
from training import comparison as runs
from training.comparison import Comparison, Watch
from training.experiment import Experiment, from_mapping, read
from training.records import Run
from training.running.estimate import Estimate

Source = str | Path | Dataset | pd.DataFrame | tuple[Any, Any]


def load(
    source: Source,
    *,
    target: str | None = None,
    group: str | None = None,
    part: str | None = None,
    modality: str | None = None,
    data_home: str | Path | None = None,
    seed: int = 0,
) -> Dataset:
    """Load labelled items.

    Parameters
    ----------
    source : str, path, data frame, tuple or Dataset
        Name of a data set (``gridzoo list``), a folder of class folders, a table with
        a ``target`` column (a file or a data frame), a ``.ts`` or ``.npz`` file, or
        ``(items, labels)``.
    target, group, part : str, optional
        Columns of a table: the label, what must not be split, and the official split.
        By default columns of the usual names, such as ``label``, ``speaker``, ``split``.
    modality : {"image", "sound", "text", "series", "table"}, optional
        Overrules what the source would guess.
    data_home : path, optional
        Folder that data sets are read from and downloaded to; by default the one that
        the environment variable ``GRIDZOO_DATA`` names, or the platform's for user data.
    seed : int
        For data sets that are drawn or made by a program.

    Returns
    -------
    Dataset

    Raises
    ------
    adapters.errors.DataError
        If the data is not there, or cannot be used as asked.
    """
    if isinstance(source, Dataset):
        return source
    if isinstance(source, tuple):
        items, labels = source
        return from_arrays(items, labels, modality=modality)
    if isinstance(source, pd.DataFrame):
        return load_table(from_frame(source, Path("data")), target, group, part, modality)
    home = Path(data_home) if data_home else None
    return sources.load(source, target=target, group=group, part=part, modality=modality, data_home=home, seed=seed)


def suggest(
    source: Source,
    *,
    target: str | None = None,
    group: str | None = None,
    data_home: str | Path | None = None,
    seed: int = 0,
) -> list[Suggestion]:
    """Look at the items of a source and propose adapters with settings, each with its reason.

    Parameters
    ----------
    source, target, group, data_home, seed : optional
        As for `load`.

    Returns
    -------
    list of Suggestion
        ``settings`` and ``reason``, in order of preference.

    Examples
    --------
    >>> import gridzoo as gz
    >>> gz.suggest("digits")[0].settings
    {'name': 'image', 'height': 8, 'width': 8, 'channels': 'grey'}
    """
    dataset = load(source, target=target, group=group, data_home=data_home, seed=seed)
    return suggestions.suggest(dataset.items, dataset.labels.tolist(), modality=dataset.modality)


def compare(
    source: Source | Experiment,
    *,
    out: str | Path,
    settings: Mapping[str, Any] | None = None,
    data_home: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    watch: Watch | None = None,
    command: str = "",
    tensorboard: str | Path | None = None,
) -> Comparison:
    """Compare adapters and architectures on one data set, against shuffled cells and a baseline.

    Parameters
    ----------
    source : str, path, data frame, tuple, Dataset or Experiment
        As for `load`; or a ``.toml`` file or an `Experiment` that declares everything.
    out : path
        Folder of records. Runs that are finished there are not run again.
    settings : mapping, optional
        Fields of `Experiment`, such as ``{"architectures": ["lenet5", "fcn+"]}``; they
        take precedence over a ``.toml`` file's. A ``+`` marks a tuned architecture.
    data_home : path, optional
    workers : int, optional
        Runs at once; all cores by default.
    executor : concurrent.futures.Executor, or callable that makes one, optional
        Does all runs in place of a process a core: threads, processes, or Dask's
        ``client.get_executor()``, whose workers share the disk with this process. An
        executor that breaks when a process of it dies should be given as a callable.
    watch : Watch, optional
        Is told how far the runs are, and how long they may take.
    command : str
        What makes this again, for the report.
    tensorboard : path, optional
        Folder for curves, which ``tensorboard --logdir`` shows while networks are trained.

    Returns
    -------
    Comparison

    Raises
    ------
    training.errors.ExperimentError, adapters.errors.DataError
        If the experiment is not sound, does not fit the data, or another process is at work
        in ``out``.
    training.errors.StoppedError
        If a disk is full, or no worker can do a run. What is finished is kept.
    OSError
        If ``out`` cannot be written.

    Examples
    --------
    >>> import gridzoo as gz
    >>> gz.compare("digits", out="runs/digits", settings={"folds": 3}).best()  # doctest: +SKIP
    """
    data = [_declared(source, settings, data_home)]
    return runs.compare(
        data, Path(out), command=command, workers=workers, executor=executor, watch=watch,
        tensorboard=Path(tensorboard) if tensorboard else None,
    )  # fmt: skip


def foresee(
    source: Source | Experiment,
    *,
    settings: Mapping[str, Any] | None = None,
    data_home: str | Path | None = None,
    workers: int | None = None,
) -> tuple[list[Run], Estimate]:
    """Tell what `compare` would run and about how long it would take, and run nothing.

    Parameters
    ----------
    source, settings, data_home, workers : optional
        As for `compare`.

    Returns
    -------
    list of Run, Estimate

    Examples
    --------
    >>> import gridzoo as gz
    >>> runs, estimate = gz.foresee("digits")  # doctest: +SKIP
    >>> print(estimate)  # doctest: +SKIP
    35 runs, about 2 min on 2 cores
    """
    return runs.foresee([_declared(source, settings, data_home)], workers)


def _declared(
    source: Source | Experiment, settings: Mapping[str, Any] | None, data_home: str | Path | None
) -> tuple[Experiment, Dataset]:
    experiment = declare(source, settings)
    return experiment, dataset_of(source, experiment, data_home)


def declare(source: Source | Experiment, settings: Mapping[str, Any] | None = None) -> Experiment:
    """Make the experiment that a source and further settings declare."""
    extra = dict(settings or {})
    if isinstance(source, Experiment):
        return from_mapping({**source.to_json(), **extra}, "settings")
    if isinstance(source, (str, Path)) and str(source).endswith(".toml"):
        declared = read(Path(source)).to_json()
        for part in ("recipe", "tuning"):
            if part in extra:
                extra[part] = {**declared[part], **extra[part]}
        return from_mapping({**declared, **extra}, str(source))
    name = (
        source.name
        if isinstance(source, Dataset)
        else "data"
        if isinstance(source, (pd.DataFrame, tuple))
        else str(source)
    )
    return from_mapping({"source": name, **extra}, "settings")


def dataset_of(source: Source | Experiment, experiment: Experiment, data_home: str | Path | None) -> Dataset:
    """Load the data that an experiment declares, unless it is given."""
    data = source if isinstance(source, (Dataset, pd.DataFrame, tuple)) else experiment.source
    return load(
        data, target=experiment.target or None, group=experiment.group or None, part=experiment.part or None,
        modality=experiment.modality or None, data_home=data_home, seed=experiment.seed,
    )  # fmt: skip


def report(
    runs_or_folder: Comparison | str | Path | Sequence[Comparison | str | Path],
    path: str | Path | None = None,
    *,
    format: str = "html",
) -> Path:
    """Write the report of one or several comparisons, or of one run.

    Parameters
    ----------
    runs_or_folder : Comparison, path, or a sequence of them
        Several are set side by side. A file is a record in a run folder.
    path : path, optional
        ``report.html`` in the first folder by default, with the suffix of the format.
    format : {"html", "md", "json", "csv"}
        A page that opens offline; Markdown for a pull request; everything for
        programs; the leaderboards as a table.

    Returns
    -------
    path
        Where the report is.

    Raises
    ------
    training.errors.ExperimentError
        If there is no such folder, record or format.
    OSError
        If the place cannot be written.
    """
    from gridzoo.reporting import write_report

    given = [runs_or_folder] if isinstance(runs_or_folder, (Comparison, str, Path)) else list(runs_or_folder)
    return write_report(given, Path(path) if path else None, format)


def learn(path: str | Path = "learn.html") -> Path:
    """Write the lessons: how a CNN works, as one interactive HTML page that opens offline.

    Parameters
    ----------
    path : path
        The file; its folder is made if it does not exist.

    Returns
    -------
    path
        Where the page is.

    Raises
    ------
    OSError
        If the place cannot be written.

    Examples
    --------
    >>> import gridzoo as gz
    >>> gz.learn("learn.html")  # doctest: +SKIP
    """
    from reports.learn import write

    return write(Path(path))
