"""``gridzoo explain``: what one label rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridzoo.commands.items import Item, Saved, opened
from gridzoo.commands.options import DataHome, Modality, Seed, Target
from gridzoo.commands.terminal import command_line


def explain(
    predictor: Saved,
    item: Item,
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
    own, dataset, raw, name = opened(
        predictor, item, data, target=target, modality=modality, seed=seed or 0, data_home=data_home
    )
    from gridzoo import looking
    from reports.inside import page as pages

    found = looking.explain(own, raw, name=name, target=class_, tap=tap, data=dataset, seed=seed or 0)
    pages.write(found, out, command=command_line())
    probability = found.probabilities[found.classes.index(found.target)]
    print(f"{found.target} (probability {probability:.1%}); the network says {found.predicted}")
    print(f"page: {out}")
