"""What ``gridzoo tune`` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from gridzoo import house, quiet

TRIALS = "trials.csv"
SHOWN = ("trial", "status", "score", "epochs", "seconds")


def run_tune(
    source: str, architecture: str, out: Path, adapters: list[str], settings: dict[str, Any], epochs: int | None,
    workers: int | None, target: str | None, modality: str | None, seed: int, data_home: Path | None,
    tensorboard: Path | None,
) -> None:  # fmt: skip
    """Tune, print the trials, save the predictor and the table."""
    house.check()
    quiet.load()
    from gridzoo import networks
    from training.tuning.settings import Tuning

    over = ("architecture", "recipe", "adapter") if len(adapters) > 1 else Tuning().over
    tuned = networks.tune(
        source, architecture, adapter=adapters, epochs=epochs, tuning=Tuning(over=over, **settings), seed=seed,
        workers=workers, target=target, modality=modality, data_home=data_home, tensorboard=tensorboard,
    )  # fmt: skip
    trials = tuned.trials()
    tuned.predictor.save(out)
    trials.to_csv(out / TRIALS, index=False)
    Console().print(_table(trials), markup=False)
    best = tuned.predictor.history.best("validation_accuracy")
    print(f"validation accuracy {best:.1%} after {tuned.predictor.history.epochs} epochs with the chosen point")
    print(f"predictor and {TRIALS} in {out}")


def _table(trials: pd.DataFrame) -> Table:
    """Draw the trials, best first; the chosen one is marked."""
    values = [name for name in trials.columns if name.startswith("values.")]
    table = Table(title="Trials by validation accuracy", title_justify="left")
    for name in (*SHOWN, *(name.removeprefix("values.") for name in values)):
        table.add_column(name)
    ranked = trials.sort_values(["chosen", "epochs", "score"], ascending=False, kind="stable")
    for row in ranked.to_dict("records"):
        style = "bold" if row["chosen"] else None
        table.add_row(*(_cell(row[name]) for name in (*SHOWN, *values)), style=style)
    return table


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
