"""The front door to verdicts, on whether a CNN is the right tool for some data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from gridzoo.api import Source, dataset_of, declare
from training.answers import Verdict
from training.comparison import Comparison, Watch
from training.experiment import Experiment
from training.verdict import session


def verdict(
    source: Source | Experiment,
    *,
    out: str | Path,
    settings: Mapping[str, Any] | None = None,
    data_home: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    watch: Watch | None = None,
) -> Verdict:
    """Judge whether a CNN is the right tool for some data.

    The CNN is trained on the grid, on five orders of its cells, and with parts of the order
    shuffled; an MLP of equal size and a pack of classical models stand beside it, on the
    same folds. The cross-validation is repeated, with new orders, until the answer is decided,
    no repeat would decide it, or the budget is used up.

    Parameters
    ----------
    source, out, data_home, workers, executor, watch
        As for `compare`; of a ``.toml`` file or an `Experiment` everything is taken but the
        arms. Where items have groups, folds keep them whole; an official split is not used.
    settings : mapping, optional
        Fields of `Experiment`. ``budget`` is 600 seconds by default, ``looks`` (repeats at
        most) 4, ``limit`` 5000 items, ``margin`` 0.01. Items are not augmented unless the
        ``recipe`` says so.

    Returns
    -------
    Verdict
        ``answer``, ``sentence``, ``finding`` and all numbers behind them.

    Raises
    ------
    training.errors.ExperimentError, adapters.errors.DataError
        If the experiment is not sound, or does not fit the data.
    OSError
        If ``out`` cannot be written.

    Examples
    --------
    >>> import gridzoo as gz
    >>> gz.verdict("tones", out="runs/tones").answer  # doctest: +SKIP
    'CNN justified'
    """
    found, _ = verdict_with_runs(
        source,
        out=out,
        settings=settings,
        data_home=data_home,
        workers=workers,
        executor=executor,
        watch=watch,
        command="",
    )
    return found


def verdict_with_runs(
    source: Source | Experiment,
    *,
    out: str | Path,
    settings: Mapping[str, Any] | None,
    data_home: str | Path | None,
    workers: int | None,
    executor: Executor | Callable[[], Executor] | None,
    watch: Watch | None,
    command: str,
) -> tuple[Verdict, Comparison]:
    """Do what `verdict` does, and give the runs as well."""
    declared = isinstance(source, Experiment) or str(source).endswith(".toml")
    usual = {"arms": session.USUAL["arms"]} if declared else session.USUAL
    given = dict(settings or {})
    for part in {"recipe", "tuning"} & given.keys() & usual.keys():
        given[part] = {**usual[part], **given[part]}
    experiment = declare(source, {**usual, **given})
    dataset = dataset_of(source, experiment, data_home)
    return session.reach_verdict(
        experiment, dataset, Path(out), command=command, workers=workers, executor=executor, watch=watch
    )
