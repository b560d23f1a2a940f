"""The command line: what each command takes. The work is imported when one runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from gridzoo.guard import guarded
from gridzoo.options import Adapters, DataHome, Group, Modality, Out, Seed, Target, TensorBoard, Threads, Workers
from gridzoo.play_command import play
from gridzoo.verdict_command import verdict
from gridzoo.walk_command import walk

app = typer.Typer(
    name="gridzoo",
    help="Which grid, which CNN, which hyperparameters - and was a CNN right at all?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command()(guarded(verdict))
app.command()(guarded(walk))
app.command()(guarded(play))


@app.command()
@guarded
def compare(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, a table, or an experiment.toml.")],
    target: Target = None,
    group: Group = None,
    part: Annotated[str | None, typer.Option(help="Column of a table that says train or test.")] = None,
    modality: Modality = None,
    adapter: Adapters = None,
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
    budget: Annotated[
        float | None, typer.Option(help="Training for the whole comparison, in seconds or --budget-unit.")
    ] = None,
    budget_unit: Annotated[
        str | None, typer.Option(help="seconds, or flops: operations, whose number no busy machine changes.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds that one run may take.")] = None,
    memory_limit: Annotated[float | None, typer.Option(help="Megabytes that one run may take.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs of a training, at most.")] = None,
    trials: Annotated[int | None, typer.Option(help="Points that keras-tuner tries in a fold.")] = None,
    robustness: Annotated[
        bool,
        typer.Option("--robustness", help="Test the networks on shifted, turned, stretched and noisy grids as well."),
    ] = False,
    seed: Seed = None,
    workers: Workers = None,
    threads: Threads = None,
    scheduler: Annotated[str | None, typer.Option(help="Dask scheduler that does the runs: tcp://host:8786.")] = None,
    tensorboard: TensorBoard = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the runs and how long they may take.")] = False,
    out: Out = Path("runs/compare"),
    data_home: DataHome = None,
) -> None:
    """Compare adapters and CNNs on one data set, against shuffled cells and a baseline."""
    from gridzoo.commands import run_compare, run_foresee

    given: dict[str, Any] = {
        "target": target, "group": group, "part": part, "modality": modality, "adapters": adapter,
        "architectures": architecture, "splits": split, "folds": folds, "repeats": repeats, "limit": limit, "seed": seed,
        "budget": budget, "budget_unit": budget_unit, "time_limit": time_limit, "memory_limit": memory_limit, "robustness": robustness,
        "recipe": {name: value for name, value in (("epochs", epochs), ("threads", threads)) if value is not None},
        "tuning": {} if trials is None else {"trials": trials},
    }  # fmt: skip
    settings = {key: value for key, value in given.items() if value}
    if dry_run:
        run_foresee(source, settings, workers, data_home)
    else:
        run_compare(source, settings, out, workers, data_home, scheduler, tensorboard)


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
def demo(out: Out = Path("runs/demo"), workers: Workers = None) -> None:
    """Run five small comparisons (images, text, series, tables, sound) and write their report."""
    from gridzoo.commands import run_demo

    run_demo(out, workers)


@app.command()
@guarded
def report(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, side by side; or a record, for one run.")],
    out: Annotated[Path | None, typer.Option(help="The file; report.html in the first folder by default.")] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="html, md, json or csv.")] = "html",
) -> None:
    """Write the report of run folders: a page, or Markdown, JSON, CSV."""
    from gridzoo.commands import run_report

    run_report(runs, out, form)


@app.command()
@guarded
def verify(
    page: Annotated[Path, typer.Argument(help="An HTML report.")],
    runs: Annotated[
        list[Path] | None, typer.Option(help="Folder of its records; repeatable. The page's own folder by default.")
    ] = None,
    cells: Annotated[int, typer.Option(min=0, help="Cells to run again, drawn at random.")] = 1,
    seed: Annotated[int | None, typer.Option(min=0, help="Decides which; drawn and told by default.")] = None,
    data_home: DataHome = None,
) -> None:
    """Check a report: its records by their hashes, and a random cell by running it again."""
    from gridzoo.commands import run_verify

    if not run_verify(page, runs or [], cells, seed, data_home):
        raise typer.Exit(1)


@app.command()
@guarded
def fit(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, or a table.")],
    architecture: Annotated[str, typer.Option("--architecture", "-a", help="Variant of the zoo.")],
    out: Annotated[Path, typer.Option(help="Folder that the predictor is written to.")],
    adapter: Annotated[str | None, typer.Option("--adapter", "-g", help="Adapter; what suits by default.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs, at most.")] = None,
    weights: Annotated[str | None, typer.Option(help="Start from imagenet, or a saved predictor's folder.")] = None,
    tensorboard: TensorBoard = None,
    mlflow: Annotated[str | None, typer.Option(help="Address of an MLflow server or store to log to.")] = None,
    target: Target = None,
    modality: Modality = None,
    seed: Seed = None,
    data_home: DataHome = None,
) -> None:
    """Train one network on all training items and save it."""
    from gridzoo.commands import run_fit

    run_fit(
        source, architecture, out, adapter, epochs, target, modality, seed or 0, data_home, weights, tensorboard, mlflow
    )


@app.command()
@guarded
def tune(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, or a table.")],
    architecture: Annotated[str, typer.Option("--architecture", "-a", help="Variant of the zoo to start from.")],
    out: Annotated[Path, typer.Option(help="Folder that the predictor and trials.csv are written to.")],
    adapter: Adapters = None,
    oracle: Annotated[str | None, typer.Option(help="random, bayesian, grid, hyperband or evolution.")] = None,
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
    from gridzoo.tune_command import run_tune

    given = {"oracle": oracle, "trials": trials, "seconds": seconds, "flops": flops}
    settings = {name: value for name, value in given.items() if value is not None}
    run_tune(
        source, architecture, out, adapter or [], settings, epochs, workers, target, modality, seed or 0, data_home,
        tensorboard,
    )  # fmt: skip


@app.command()
@guarded
def predict(
    predictor: Annotated[Path, typer.Argument(help="Folder of a saved predictor, or of one exported as onnx.")],
    items: Annotated[list[str], typer.Argument(help="Files, or texts for a text predictor.")],
) -> None:
    """Label files or texts with a saved predictor: one line an item, label and probability."""
    from gridzoo.commands import run_predict

    run_predict(predictor, items)


@app.command()
@guarded
def learn(
    out: Annotated[Path, typer.Option(help="The page.")] = Path("learn.html"),
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the lessons: how a CNN works, as one interactive page that needs no network."""
    from gridzoo.learn_command import run_learn

    run_learn(out, show)


@app.command()
@guarded
def export(
    predictor: Annotated[Path, typer.Argument(help="Folder of a saved predictor.")],
    out: Annotated[Path, typer.Option(help="New or empty folder that the network is written to.")],
    format: Annotated[str, typer.Option(help="onnx, litert or saved_model.")] = "onnx",
) -> None:
    """Write a saved predictor for programs without Keras."""
    from gridzoo.commands import run_export

    run_export(predictor, format, out)


@app.command()
@guarded
def explain(
    predictor: Annotated[Path, typer.Argument(help="Folder of a saved predictor.")],
    item: Annotated[
        str,
        typer.Argument(help="A file; a text; JSON for a row, a series or a board; or '@3', the third item of --data."),
    ],
    out: Annotated[Path, typer.Option(help="The HTML page.")] = Path("explanation.html"),
    data: Annotated[
        str | None, typer.Option(help="Training items to search: a data set's name, a folder, or a table.")
    ] = None,
    class_: Annotated[
        str | None, typer.Option("--class", help="The class to explain; the predicted one by default.")
    ] = None,
    tap: Annotated[str | None, typer.Option(help="Where Grad-CAM reads feature maps, such as stage2.")] = None,
    target: Target = None,
    modality: Modality = None,
    seed: Seed = None,
    data_home: DataHome = None,
) -> None:
    """Show what one label rests on: relevance by six methods, their checks, filters and feature maps."""
    from gridzoo.explain_command import run_explain

    run_explain(predictor, item, out, data, class_, tap, target, modality, seed or 0, data_home)


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
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow is imported anywhere
    app()


if __name__ == "__main__":
    main()
