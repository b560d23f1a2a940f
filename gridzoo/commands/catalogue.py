"""``gridzoo list``, ``gridzoo show`` and ``gridzoo suggest``: what there is, what it is made of, what suits."""

from __future__ import annotations

from typing import Annotated

import typer

from gridzoo.commands.options import DataHome, Seed, Target
from gridzoo.commands.terminal import print_table

LISTS = ("all", "adapters", "architectures", "data")


def suggest(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, or a table.")],
    target: Target = None,
    seed: Seed = None,
    data_home: DataHome = None,
) -> None:
    """Look at the items and propose adapters with settings, each with its reason."""
    from gridzoo import api, house

    house.check()
    rows = []
    for found in api.suggest(source, target=target, seed=seed or 0, data_home=data_home):
        settings = {name: value for name, value in found.settings.items() if name != "name"}
        written = "\n".join(f"{name} = {value}" for name, value in settings.items()) or "defaults"
        rows.append((found.settings["name"], written, found.reason))
    print_table(f"Adapters for {source}", ("adapter", "settings", "reason"), rows)


def list_(
    what: Annotated[str, typer.Argument(help="all, adapters, architectures or data.")] = "all",
) -> None:
    """Name adapters, architectures and data sets."""
    from training.errors import ExperimentError, nearest

    if what not in LISTS:
        raise ExperimentError(f"list: got {what!r}; {nearest(what, LISTS)}")
    import zoo
    from adapters import registry
    from adapters.sources import registry as sources

    if what in ("all", "adapters"):
        print_table("Adapters", ("name", "modality", "what"), registry.describe())
    if what in ("all", "architectures"):
        print_table("Architectures", ("name", "family", "what", "reference"), zoo.describe())
    if what in ("all", "data"):
        rows = [(name, modality, what, "once" if needs else "") for name, modality, what, needs in sources.describe()]
        print_table("Data sets", ("name", "modality", "what", "downloaded"), rows)


def show(
    architecture: Annotated[str, typer.Argument(help="Variant of the zoo.")],
    grid: Annotated[
        str, typer.Option(help="Shape with channels, such as 64x40x1; for ids a length. By default the paper's.")
    ] = "",
    outputs: Annotated[int | None, typer.Option(min=2, help="Classes; by default the paper's.")] = None,
    vocabulary: Annotated[int, typer.Option(min=0, help="Number of ids, if the grid holds ids.")] = 0,
) -> None:
    """Show one architecture on one grid: paper, layers, parameters, cost, what its stages see."""
    from rich.console import Console

    import zoo
    from training.errors import ExperimentError
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
    print_table(
        "Layers",
        ("name", "kind", "output", "parameters", "MACs"),
        [
            (layer.name, layer.kind, written(layer.output), f"{layer.parameters:,}", f"{layer.macs:,}")
            for layer in layers
        ],
    )
    print_table(
        "What a cell of each stage sees",
        ("name", "channels", "cells", "stride"),
        [(name, field.channels, written(field.size), written(field.stride)) for name, field in fields.items()],
    )
    size = zoo.Size.of(layers)
    console.print(
        f"parameters {size.parameters:,}, MACs {size.macs:,}, "
        f"outputs of all layers {sum(layer.activation_bytes for layer in layers) / 2**20:.1f} MB a grid"
    )
