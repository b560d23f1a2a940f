"""``gridzoo tune``: search the hyperparameters of one network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridzoo.commands.options import Adapters, DataHome, Modality, Seed, Target, TensorBoard, Workers

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

TRIALS = "trials.csv"
SHOWN = ("trial", "status", "score", "epochs", "seconds")


def tune(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, or a table.")],
    out: Annotated[Path, typer.Option(help="Folder that the predictor and trials.csv are written to.")],
    architecture: Annotated[
        str | None,
        typer.Option("--architecture", "-a", help="Variant of the zoo to start from; what suits by default."),
    ] = None,
    adapter: Adapters = None,
    oracle: Annotated[str | None, typer.Option(help="random, bayesian, grid, hyperband or evolution.")] = None,
    over: Annotated[
        list[str] | None, typer.Option(help="What is searched: architecture, recipe, adapter; repeatable.")
    ] = None,
    trials: Annotated[int | None, typer.Option(min=1, help="Points that are tried, at most.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Time for search and final training together.")] = None,
    flops: Annotated[float | None, typer.Option(help="Operations for search and final training together.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs of the final training, at most.")] = None,
    target: Target = None,
    modality: Modality = None,
    seed: Seed = None,
    workers: Workers = None,
    tensorboard: TensorBoard = None,
    data_home: DataHome = None,
) -> None:
    """Search the hyperparameters of one network, train what was found, and save it."""
    from gridzoo import house, quiet

    house.check()
    quiet.load()
    from rich.console import Console

    from gridzoo import networks
    from gridzoo.epochs import Epochs
    from training.tuning.settings import Tuning

    everything = ("architecture", "recipe", "adapter")
    searched = tuple(over) if over else everything if len(adapter or []) > 1 else None
    given = {"oracle": oracle, "trials": trials, "seconds": seconds, "flops": flops, "over": searched}
    settings: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with Epochs() as bar:
        tuned = networks.tune(
            source, architecture, adapter=adapter or [], epochs=epochs, tuning=Tuning(**settings), seed=seed or 0,
            workers=workers, target=target, modality=modality, data_home=data_home, tensorboard=tensorboard,
            callbacks=[bar.callback()], watch=bar.tried,
        )  # fmt: skip
    tried = tuned.trials()
    tuned.predictor.save(out)
    tried.to_csv(out / TRIALS, index=False)
    Console().print(_table(tried), markup=False)
    best = tuned.predictor.history.best("validation_accuracy")
    print(f"validation accuracy {best:.1%} after {tuned.predictor.history.epochs} epochs with the chosen point")
    print(f"predictor and {TRIALS} in {out}")


def _table(trials: pd.DataFrame) -> Table:
    """Draw the trials, best first; the chosen one is marked."""
    from rich.table import Table

    values = [name for name in trials.columns if name.startswith("values.")]
    table = Table(title="Trials by validation accuracy", title_justify="left")
    for name in (*SHOWN, *(name.split(".")[-1].replace("_", " ") for name in values)):  # whose they are says trials.csv
        table.add_column(name)
    ranked = trials.sort_values(["chosen", "epochs", "score"], ascending=False, kind="stable")
    for row in ranked.to_dict("records"):
        style = "bold" if row["chosen"] else None
        table.add_row(*(_cell(row[name]) for name in (*SHOWN, *values)), style=style)
    return table


def _cell(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
