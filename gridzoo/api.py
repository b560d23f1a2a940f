"""The front door from Python: load, suggest, compare, fit, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from training.fitting.recipe import Recipe

if TYPE_CHECKING:
    from training.fitting.predictor import Predictor

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
    watch: Watch | None = None,
    command: str = "",
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
    watch : Watch, optional
        Is told how far the runs are.
    command : str
        What makes this again, for the report.

    Returns
    -------
    Comparison

    Raises
    ------
    training.errors.ExperimentError, adapters.errors.DataError
        If the experiment is not sound, or does not fit the data.
    OSError
        If ``out`` cannot be written.

    Examples
    --------
    >>> import gridzoo as gz
    >>> gz.compare("digits", out="runs/digits", settings={"folds": 3}).best()  # doctest: +SKIP
    """
    experiment = declare(source, settings)
    dataset = dataset_of(source, experiment, data_home)
    return runs.compare([(experiment, dataset)], Path(out), command=command, workers=workers, watch=watch)


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


def fit(
    source: Source,
    architecture: str | dict[str, Any],
    *,
    adapter: str | dict[str, Any] | None = None,
    recipe: Recipe | None = None,
    epochs: int | None = None,
    seed: int = 0,
    target: str | None = None,
    modality: str | None = None,
    data_home: str | Path | None = None,
) -> Predictor:
    """Train one network and give what predicts raw items with it.

    Parameters
    ----------
    source : str, path, tuple or Dataset
        As for `load`.
    architecture : str or dict
        A variant of the zoo (``gridzoo list``), or settings with a ``name``.
    adapter : str or dict, optional
        What suits the data by default.
    recipe : Recipe, optional
    epochs : int, optional
        Short for ``recipe=Recipe(epochs=…)``.
    seed : int
    target, modality, data_home : optional
        As for `load`.

    Returns
    -------
    Predictor

    Examples
    --------
    >>> import gridzoo as gz
    >>> predictor = gz.fit("digits", "lenet5")  # doctest: +SKIP
    >>> predictor.predict(images)  # doctest: +SKIP
    """
    from training.fitting.predictor import fit_predictor  # here, since it imports TensorFlow

    dataset = load(source, target=target, modality=modality, data_home=data_home, seed=seed)
    settings = {"name": adapter} if isinstance(adapter, str) else adapter
    chosen = recipe or Recipe()
    return fit_predictor(dataset, architecture, settings, replace(chosen, epochs=epochs or chosen.epochs), seed)


def report(
    runs_or_folder: Comparison | str | Path | Sequence[Comparison | str | Path], path: str | Path | None = None
) -> Path:
    """Write the HTML report of one or several comparisons.

    Parameters
    ----------
    runs_or_folder : Comparison, path, or a sequence of them
    path : path, optional
        ``report.html`` in the first folder by default.

    Returns
    -------
    path
        Where the report is.
    """
    import reports

    given = [runs_or_folder] if isinstance(runs_or_folder, (Comparison, str, Path)) else list(runs_or_folder)
    comparisons = [one if isinstance(one, Comparison) else Comparison.read(Path(one)) for one in given]
    chapters = [chapter for comparison in comparisons for chapter in comparison.chapters]
    target = Path(path) if path else comparisons[0].path / "report.html"
    return reports.write(chapters, target)
