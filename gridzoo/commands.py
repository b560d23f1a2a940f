"""What the commands do."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from gridzoo import house, quiet
from training.errors import ExperimentError, nearest

DEMOS = ("digits", "surnames", "gunpoint", "wine", "breast-cancer", "tones")
LISTS = ("all", "adapters", "architectures", "data")


def run_compare(
    source: str, settings: dict[str, Any], out: Path, workers: int | None, data_home: Path | None,
    scheduler: str | None, tensorboard: Path | None,
) -> None:  # fmt: skip
    """Compare on one source and report."""
    house.check()
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


def run_foresee(source: str, settings: dict[str, Any], workers: int | None, data_home: Path | None) -> None:
    """Print what would be run, cell by cell, and the estimate."""
    house.check()
    from gridzoo import api

    runs, estimate = api.foresee(source, settings=settings, workers=workers, data_home=data_home)
    cells = Counter(run.cell for run in runs)
    columns = ("data set", "split", "adapter", "kind", "model", "arm", "runs")
    _table(Console(), "Planned", columns, [(*cell, count) for cell, count in sorted(cells.items())])
    print(estimate)


def run_suggest(source: str, target: str | None, seed: int, data_home: Path | None) -> None:
    """Print what suits a source, what suits best first."""
    house.check()
    from gridzoo import api

    rows = []
    for found in api.suggest(source, target=target, seed=seed, data_home=data_home):
        settings = {name: value for name, value in found.settings.items() if name != "name"}
        written = "\n".join(f"{name} = {value}" for name, value in settings.items()) or "defaults"
        rows.append((found.settings["name"], written, found.reason))
    _table(Console(), f"Adapters for {source}", ("adapter", "settings", "reason"), rows)


def run_demo(out: Path, workers: int | None) -> None:
    """Run the comparisons that ship with the package."""
    house.check()
    from gridzoo import api
    from gridzoo.progress import Display
    from training.comparison import compare

    with Display() as display, resources.as_file(resources.files("gridzoo") / "demos") as folder:
        experiments = [api.declare(folder / f"{name}.toml") for name in DEMOS]
        data = ((experiment, api.load(experiment.source, seed=experiment.seed)) for experiment in experiments)
        comparison = compare(data, out, command="gridzoo demo", workers=workers, watch=display.watch)
    _close(comparison, out)


def run_report(runs: list[Path], out: Path | None, form: str) -> None:
    """Write a report."""
    from gridzoo import api

    _say_where(api.report(list(runs), out, format=form))


def run_verify(page: Path, runs: list[Path], cells: int, seed: int | None, data_home: Path | None) -> bool:
    """Check a report, and say what was found; True if everything holds."""
    house.check()
    from gridzoo.verify_command import verify

    everything = True
    for finding in verify(page, runs, cells, seed, data_home):
        print(f"{'holds' if finding.holds else 'FAILS'}  {finding.what}: {finding.detail}")
        everything &= finding.holds
    return everything


def run_fit(
    source: str, architecture: str, out: Path, adapter: str | None, epochs: int | None, target: str | None,
    modality: str | None, seed: int, data_home: Path | None, weights: str | None, tensorboard: Path | None,
    mlflow: str | None,
) -> None:  # fmt: skip
    """Train, save, and say how well the validation part went."""
    house.check()
    quiet.load()
    from gridzoo import networks
    from training.fitting.tracking import MLflow, tensorboard_in

    callbacks = [tensorboard_in(tensorboard)] if tensorboard else []
    callbacks += [MLflow(Path(source).stem, uri=mlflow)] if mlflow else []
    predictor = networks.fit(
        source,
        architecture,
        adapter=adapter,
        epochs=epochs,
        seed=seed,
        target=target,
        modality=modality,
        data_home=data_home,
        weights=weights,
        callbacks=callbacks,
    )
    predictor.save(out)
    name = "validation_accuracy" if "validation_accuracy" in predictor.history.curves else "accuracy"
    print(
        f"{name.replace('_', ' ')} {predictor.history.best(name):.1%} after {predictor.history.epochs} epochs; predictor in {out}"
    )


def run_predict(folder: Path, items: list[str]) -> None:
    """Label items, or estimate their numbers, one line each."""
    house.check()
    predictor = _loaded(folder)
    raw: list[Any] = list(items) if predictor.adapter.modality == "text" else [Path(item) for item in items]
    if predictor.target is not None:
        for item, numbers in zip(items, predictor.predict(raw).reshape(len(raw), -1), strict=True):
            print("\t".join([*(f"{number:.6g}" for number in numbers), item]))
        return
    for item, row in zip(items, predictor.predict_proba(raw), strict=True):
        print(f"{predictor.classes[int(row.argmax())]}\t{row.max():.3f}\t{item}")


def run_export(folder: Path, format: str, out: Path) -> None:
    """Write a saved predictor in another format."""
    house.check()
    quiet.load()
    from training.export.manifest import check_target
    from training.fitting.predictor import Predictor

    check_target(format, out)
    Predictor.load(folder).export(format, out)
    print(f"{format} in {out}")


def run_list(what: str) -> None:
    """Print tables of what there is."""
    if what not in LISTS:
        raise ExperimentError(f"list: got {what!r}; {nearest(what, LISTS)}")
    import zoo
    from adapters import registry
    from adapters.sources import registry as sources

    console = Console()
    if what in ("all", "adapters"):
        _table(console, "Adapters", ("name", "modality", "what"), registry.describe())
    if what in ("all", "architectures"):
        _table(console, "Architectures", ("name", "family", "what", "reference"), zoo.describe())
    if what in ("all", "data"):
        rows = [(name, modality, what, "once" if needs else "") for name, modality, what, needs in sources.describe()]
        _table(console, "Data sets", ("name", "modality", "what", "downloaded"), rows)


def run_show(architecture: str, grid: str, outputs: int | None, vocabulary: int) -> None:
    """Print what a network is made of and what it costs on a grid, the paper's by default."""
    import zoo
    from zoo.grid import written

    sizes = grid.lower().replace("×", "x").split("x")
    if grid and not all(size.strip().isdecimal() for size in sizes):
        raise ExperimentError(f"--grid: expected sizes such as 64x40x1, got {grid!r}")
    arch = zoo.architecture(architecture)
    native = arch.published_for
    shape = zoo.Grid(tuple(int(size) for size in sizes) if grid else native.shape, vocabulary)
    classes = outputs or native.outputs
    layers, fields = zoo.layers(arch, shape, classes), zoo.receptive_fields(arch, shape)
    console = Console()
    console.print(f"{architecture}: {arch.variants[architecture].line}\n{arch.reference}", markup=False)
    console.print(f"on {written(shape.shape)}, {classes} classes", markup=False)
    _table(
        console,
        "Layers",
        ("name", "kind", "output", "parameters", "MACs"),
        [
            (layer.name, layer.kind, written(layer.output), f"{layer.parameters:,}", f"{layer.macs:,}")
            for layer in layers
        ],
    )
    _table(
        console,
        "What a cell of each stage sees",
        ("name", "channels", "cells", "stride"),
        [(name, field.channels, written(field.size), written(field.stride)) for name, field in fields.items()],
    )
    size = zoo.Size.of(layers)
    console.print(
        f"parameters {size.parameters:,}, MACs {size.macs:,}, "
        f"outputs of all layers {sum(layer.activation_bytes for layer in layers) / 2**20:.1f} MB a grid"
    )


def _table(console: Console, title: str, columns: tuple[str, ...], rows: Any) -> None:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=column in ("name", "adapter"))
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console.print(table, markup=False)


def _loaded(folder: Path) -> Any:
    """Load whichever predicts: an exported network without TensorFlow, or a saved predictor."""
    from training.export.manifest import is_exported

    if is_exported(folder):
        from training.export.bundle import Bundle

        return Bundle.load(folder)
    quiet.load()
    from training.fitting.predictor import Predictor

    return Predictor.load(folder)


def command_line() -> str:
    """Give the command that this process was started with."""
    return shlex.join(["gridzoo", *sys.argv[1:]])


def _close(comparison: Any, out: Path) -> None:
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
    _say_where(api.report(comparison, out / "report.html"))


def _say_where(path: Path) -> None:
    print(f"report: {path}")
