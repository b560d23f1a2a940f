"""``gridzoo compare`` and ``gridzoo demo``: run comparisons and report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridzoo.commands.options import (
    Adapters,
    DataHome,
    Group,
    Modality,
    Out,
    Seed,
    Target,
    TensorBoard,
    Threads,
    Workers,
)
from gridzoo.commands.terminal import command_line, print_table

if TYPE_CHECKING:
    from training.comparison import Comparison

DEMOS = ("digits", "surnames", "gunpoint", "wine", "breast-cancer", "tones", "rook-endgame")


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
    from gridzoo import house

    house.check()
    given: dict[str, Any] = {
        "target": target, "group": group, "part": part, "modality": modality, "adapters": adapter,
        "architectures": architecture, "splits": split, "folds": folds, "repeats": repeats, "limit": limit, "seed": seed,
        "budget": budget, "budget_unit": budget_unit, "time_limit": time_limit, "memory_limit": memory_limit, "robustness": robustness,
        "recipe": {name: value for name, value in (("epochs", epochs), ("threads", threads)) if value is not None},
        "tuning": {} if trials is None else {"trials": trials},
    }  # fmt: skip
    settings = {key: value for key, value in given.items() if value}
    if dry_run:
        _foresee(source, settings, workers, data_home)
    else:
        _compare(source, settings, out, workers, data_home, scheduler, tensorboard)


def _compare(
    source: str, settings: dict[str, Any], out: Path, workers: int | None, data_home: Path | None,
    scheduler: str | None, tensorboard: Path | None,
) -> None:  # fmt: skip
    """Compare on one source and report."""
    from contextlib import ExitStack

    from gridzoo import api
    from gridzoo.progress import Display
    from training.running.cluster import dask

    with ExitStack() as stack:
        executor, size = stack.enter_context(dask(scheduler)) if scheduler else (None, workers)
        display = stack.enter_context(Display())
        comparison = api.compare(
            source, out=out, settings=settings, data_home=data_home, workers=workers or size, executor=executor,
            watch=display.watch, command=command_line(), tensorboard=tensorboard,
        )  # fmt: skip
    _close(comparison, out)


def _foresee(source: str, settings: dict[str, Any], workers: int | None, data_home: Path | None) -> None:
    """Print what would be run, cell by cell, and the estimate."""
    from collections import Counter

    from gridzoo import api

    runs, estimate = api.foresee(source, settings=settings, workers=workers, data_home=data_home)
    cells = Counter(run.cell for run in runs)
    columns = ("data set", "split", "adapter", "kind", "model", "arm", "runs")
    print_table("Planned", columns, [(*cell, count) for cell, count in sorted(cells.items())])
    print(estimate)


def demo(out: Out = Path("runs/demo"), workers: Workers = None) -> None:
    """Run seven small comparisons (images, text, series, tables, sound, boards) and write their report."""
    from importlib import resources

    from gridzoo import api, house
    from gridzoo.progress import Display

    house.check()
    from training.comparison import compare

    with Display() as display, resources.as_file(resources.files("gridzoo") / "demos") as folder:
        experiments = [api.declare(folder / f"{name}.toml") for name in DEMOS]
        data = ((experiment, api.load(experiment.source, seed=experiment.seed)) for experiment in experiments)
        comparison = compare(data, out, command="gridzoo demo", workers=workers, watch=display.watch)
    _close(comparison, out)


def _close(comparison: Comparison, out: Path) -> None:
    """Say the verdicts and failures, and where the report is."""
    from gridzoo import api

    for chapter in comparison.chapters:
        for verdict in chapter.verdicts:
            print(f"{verdict.dataset} ({verdict.split}): {verdict.sentence}")
        for finding in chapter.card.findings:
            print(f"{chapter.card.name}: {finding['what']}: {finding['count']:,}; the report gives examples")
        if chapter.card.quarantined:
            print(
                f"{chapter.card.name}: {len(chapter.card.quarantined)} items could not be read; the report names them"
            )
    if comparison.failed:
        print(f"{len(comparison.failed)} runs failed; the report says why, and the same command tries them again")
    print(f"report: {api.report(comparison, out / 'report.html')}")
