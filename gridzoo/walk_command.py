"""``gridzoo walk``: one item's way through a trained network. What it takes, and what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridzoo.options import DataHome, Modality, Target


def walk(
    predictor: Annotated[Path, typer.Argument(help="Folder of a saved predictor.")],
    item: Annotated[
        str,
        typer.Argument(help="A file; a text; JSON for a row, a series or a board; or '@3', the third item of --data."),
    ],
    out: Annotated[Path, typer.Option(help="The HTML page.")] = Path("walk.html"),
    data: Annotated[str | None, typer.Option(help="What '@3' counts: a data set's name, a folder, or a table.")] = None,
    label: Annotated[
        str | None, typer.Option(help="The item's true class; that of --data, or the predicted one, by default.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Of the step downhill; the learning rate of the training by default.")
    ] = None,
    target: Target = None,
    modality: Modality = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Decides which items of --data are drawn.")] = None,
    data_home: DataHome = None,
) -> None:
    """Follow one item through a trained network: every number from the grid to one step of learning."""
    run_walk(predictor, item, out, data, label, rate, target, modality, seed or 0, data_home)


def run_walk(
    folder: Path, item: str, out: Path, data: str | None, label: str | None, rate: float | None,
    target: str | None, modality: str | None, seed: int, data_home: Path | None,
) -> None:  # fmt: skip
    """Walk an item through a network and say where the page is."""
    import shlex
    import sys

    from gridzoo import api, explain_command, house, quiet, walking

    house.check()
    quiet.load()
    from reports import walk as pages
    from training.fitting.predictor import Predictor

    predictor = Predictor.load(folder)
    dataset = api.load(data, target=target, modality=modality, data_home=data_home, seed=seed) if data else None
    raw, name = explain_command.read_item(item, predictor.adapter.modality, dataset)
    if label is None and dataset is not None and item == f"@{name.removeprefix('item ')}":
        label = str(dataset.labels[int(item[1:]) - 1])
    found = walking.walk(predictor, raw, name=name, label=label, rate=rate)
    pages.write(found, out, command=shlex.join(["gridzoo", *sys.argv[1:]]))
    measured = "label" if found.given else "no label given; measured against"
    after = "too large to be computed" if found.descent.after is None else f"{found.descent.after:.4g}"
    print(f"{found.predicted} ({measured} {found.label}); error {found.error:.4g}, {after} after a step")
    print(f"page: {out}")
