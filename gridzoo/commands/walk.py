"""``gridzoo walk``: one item's way through a trained network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridzoo.commands.items import Item, Saved, number_of, opened
from gridzoo.commands.options import DataHome, Modality, Target
from gridzoo.commands.terminal import command_line


def walk(
    predictor: Saved,
    item: Item,
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
    own, dataset, raw, name = opened(
        predictor, item, data, target=target, modality=modality, seed=seed or 0, data_home=data_home
    )
    from gridzoo import looking
    from reports import walk as pages

    number = number_of(item)
    if label is None and dataset is not None and number is not None:
        label = str(dataset.labels[number - 1])
    found = looking.walk(own, raw, name=name, label=label, rate=rate)
    pages.write(found, out, command=command_line())
    measured = "label" if found.given else "no label given; measured against"
    after = "too large to be computed" if found.descent.after is None else f"{found.descent.after:.4g}"
    print(f"{found.predicted} ({measured} {found.label}); error {found.error:.4g}, {after} after a step")
    print(f"page: {out}")
