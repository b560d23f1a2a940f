"""The command line: what each command takes. The work is imported when one runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gridzoo.guard import guarded
from gridzoo.verdict_command import verdict

app = typer.Typer(
    name="gridzoo",
    help="Which grid, which CNN, which hyperparameters - and was a CNN right at all?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command()(guarded(verdict))

Out = Annotated[Path, typer.Option(help="Folder of records and report; finished runs in it are not run again.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Runs at once; all cores by default.")]
DataHome = Annotated[
    Path | None, typer.Option(help="Folder that data sets are read from and downloaded to; also $GRIDZOO_DATA.")
]
Seed = Annotated[int | None, typer.Option(min=0, help="Decides folds, weights, shuffles, trials. 0 by default.")]
Target = Annotated[str | None, typer.Option(help="Column of a table that holds the label.")]
Modality = Annotated[str | None, typer.Option(help="image, sound, text, series or table; guessed by default.")]


@app.command()
@guarded
def compare(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, a table, or an experiment.toml.")],
    target: Target = None,
    group: Annotated[str | None, typer.Option(help="Column of a table whose values must not be split.")] = None,
    part: Annotated[str | None, typer.Option(help="Column of a table that says train or test.")] = None,
    modality: Modality = None,
    adapter: Annotated[list[str] | None, typer.Option("--adapter", "-g", help="Adapter; repeatable.")] = None,
    architecture: Annotated[
        list[str] | None, typer.Option("--architecture", "-a", help="Variant; repeatable. 'name+' tunes it.")
    ] = None,
    split: Annotated[
        list[str] | None,
        typer.Option("--split", help="stratified, stratified-group, official or leave-one-group-out; repeatable."),
    ] = None,
    folds: Annotated[int | None, typer.Option(help="Folds of the stratified splits.")] = None,
    repeats: Annotated[int | None, typer.Option(help="Repeats of the stratified splits.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many training items.")] = None,
    budget: Annotated[float | None, typer.Option(help="Seconds of training for the whole comparison.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs of a training, at most.")] = None,
    trials: Annotated[int | None, typer.Option(help="Points that keras-tuner tries in a fold.")] = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = Path("runs/compare"),
    data_home: DataHome = None,
) -> None:
    """Compare adapters and CNNs on one data set, against shuffled cells and a baseline."""
    from gridzoo.commands import run_compare

    given: dict[str, Any] = {
        "target": target, "group": group, "part": part, "modality": modality, "adapters": adapter, "architectures": architecture, "splits": split,
        "folds": folds, "repeats": repeats, "limit": limit, "budget": budget, "seed": seed,
        "recipe": None if epochs is None else {"epochs": epochs},
        "tuning": None if trials is None else {"trials": trials},
    }  # fmt: skip
    run_compare(source, {key: value for key, value in given.items() if value}, out, workers, data_home)


@app.command()
@guarded
def suggest(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, or a table.")],
    target: Target = None,
    seed: Seed = None,
    data_home: DataHome = None,
) -> None:
    """Look at the items and propose adapters with settings, each with its reason."""
    from gridzoo.commands import run_suggest

    run_suggest(source, target, seed or 0, data_home)


@app.command()
@guarded
def demo(
    out: Out = Path("runs/demo"),
    workers: Workers = None,
) -> None:
    """Run five small comparisons (images, text, series, tables, sound) and write their report."""
    from gridzoo.commands import run_demo

    run_demo(out, workers)


@app.command()
@guarded
def report(
    runs: Annotated[list[Path], typer.Argument(help="Run folders.")],
    out: Annotated[Path | None, typer.Option(help="The page; report.html in the first folder by default.")] = None,
) -> None:
    """Write the HTML report of run folders."""
    from gridzoo.commands import run_report

    run_report(runs, out)


@app.command()
@guarded
def fit(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, or a table.")],
    architecture: Annotated[str, typer.Option("--architecture", "-a", help="Variant of the zoo.")],
    out: Annotated[Path, typer.Option(help="Folder that the predictor is written to.")],
    adapter: Annotated[str | None, typer.Option("--adapter", "-g", help="Adapter; what suits by default.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs, at most.")] = None,
    target: Target = None,
    modality: Modality = None,
    seed: Seed = None,
    data_home: DataHome = None,
) -> None:
    """Train one network on all training items and save it."""
    from gridzoo.commands import run_fit

    run_fit(source, architecture, out, adapter, epochs, target, modality, seed or 0, data_home)


@app.command()
@guarded
def predict(
    predictor: Annotated[Path, typer.Argument(help="Folder of a saved predictor.")],
    items: Annotated[list[str], typer.Argument(help="Files, or texts for a text predictor.")],
) -> None:
    """Label files or texts with a saved predictor: one line an item, label and probability."""
    from gridzoo.commands import run_predict

    run_predict(predictor, items)


@app.command(name="list")
@guarded
def list_(
    what: Annotated[str, typer.Argument(help="all, adapters, architectures or data.")] = "all",
) -> None:
    """Name adapters, architectures and data sets."""
    from gridzoo.commands import run_list

    run_list(what)


@app.command()
@guarded
def show(
    architecture: Annotated[str, typer.Argument(help="Variant of the zoo.")],
    grid: Annotated[
        str, typer.Option(help="Shape with channels, such as 64x40x1; for ids a length. By default the paper's.")
    ] = "",
    outputs: Annotated[int | None, typer.Option(min=2, help="Classes; by default the paper's.")] = None,
    vocabulary: Annotated[int, typer.Option(min=0, help="Number of ids, if the grid holds ids.")] = 0,
) -> None:
    """Show one architecture on one grid: paper, layers, parameters, cost, what its stages see."""
    from gridzoo.commands import run_show

    run_show(architecture, grid, outputs, vocabulary)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
