"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Group = Annotated[str | None, typer.Option(help="Column of a table whose values must not be split.")]
Out = Annotated[Path, typer.Option(help="Folder of records and report; finished runs in it are not run again.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Runs at once; all cores by default.")]
TensorBoard = Annotated[Path | None, typer.Option(help="Folder that TensorBoard reads curves from.")]
Adapters = Annotated[list[str] | None, typer.Option("--adapter", "-g", help="Adapter; repeatable.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Of one training; by default more where runs are few.")]
DataHome = Annotated[
    Path | None, typer.Option(help="Folder of data sets, downloaded or put there; also $GRIDZOO_DATA.")
]
Seed = Annotated[int | None, typer.Option(min=0, help="Decides folds, weights, shuffles, trials. 0 by default.")]
Target = Annotated[str | None, typer.Option(help="Column of a table that holds the label.")]
Modality = Annotated[str | None, typer.Option(help="image, sound, text, series or table; guessed by default.")]
