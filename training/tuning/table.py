"""Every trial of a comparison as one tidy table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from training.records import Record, Trial, label_of

COLUMNS = (
    "dataset", "split", "adapter", "model", "arm", "repeat", "fold", "seed", "trial", "status", "score", "epochs",
    "rung", "seconds", "flops", "parameters", "chosen", "reason",
)  # fmt: skip


def trials_table(records: Iterable[Record]) -> pd.DataFrame:
    """Give one row a trial.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    pandas.DataFrame
        Whose run it was, then ``trial`` (in the order of proposal), what came of it
        (``score`` is the validation accuracy, missing where the trial failed;
        ``chosen`` marks the point that the run went on with), and one column
        ``values.<owner>.<name>`` for each searched dimension, missing where it did
        not matter.
    """
    rows = [row for record in records for row in _rows(record)]
    return pd.DataFrame(rows, columns=[*COLUMNS, *dict.fromkeys(name for row in rows for name in row if "." in name)])


def _rows(record: Record) -> Iterator[dict[str, Any]]:
    run = record.run
    whose = {
        "dataset": run.dataset, "split": run.split, "adapter": label_of(run.adapter), "model": label_of(run.model),
        "arm": run.arm, "repeat": run.repeat, "fold": run.fold, "seed": run.seed,
    }  # fmt: skip
    for number, trial in enumerate(record.trials):
        yield whose | trial_row(number, trial, record.chosen)


def trial_row(number: int, trial: Trial, chosen: dict[str, Any]) -> dict[str, Any]:
    """Say one trial in the table's columns."""
    return {
        "trial": number,
        "status": trial.status,
        "score": None if trial.status == "failed" else trial.score,
        "epochs": trial.epochs,
        "rung": trial.rung,
        "seconds": trial.seconds,
        "flops": trial.flops,
        "parameters": trial.parameters,
        "chosen": trial.values == chosen,
        "reason": trial.reason,
        **{f"values.{name}": value for name, value in trial.values.items()},
    }
