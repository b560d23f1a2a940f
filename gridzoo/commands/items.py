"""A saved predictor and one raw item, as a command line names them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from adapters.base import Adapter
    from adapters.dataset import Dataset
    from training.fitting.predictor import Predictor

FILES = ("image", "sound")  # modalities whose items lie in files of their own
EXAMPLES = {"table": "'{\"age\": 30}'", "series": "'[0.1, 0.5, 0.2]'"}

Saved = Annotated[Path, typer.Argument(help="Folder of a saved predictor.")]
Item = Annotated[
    str, typer.Argument(help="A file; a text; JSON for a row, a series or a board; or '@3', the third item of --data.")
]


def opened(
    folder: Path, item: str, data: str | None, *, target: str | None, modality: str | None, seed: int,
    data_home: Path | None,
) -> tuple[Predictor, Dataset | None, Any, str]:  # fmt: skip
    """Load a predictor, the data set beside it if there is one, and the raw item with its name."""
    from gridzoo import api, house, quiet

    house.check()
    quiet.load()
    from training.fitting.predictor import Predictor

    predictor = Predictor.load(folder)
    dataset = api.load(data, target=target, modality=modality, data_home=data_home, seed=seed) if data else None
    return predictor, dataset, *read_item(item, predictor.adapter.modality, dataset)


def number_of(item: str) -> int | None:
    """Give the number of ``'@3'``; None for anything else."""
    return int(item[1:]) if item.startswith("@") and item[1:].isdecimal() else None


def read_item(
    item: str, modality: str, dataset: Dataset | None, otherwise: str = "'@1' for the first item of --data"
) -> tuple[Any, str]:
    """Find the raw item that a command line names, and what to call it; ``otherwise`` it could be named so.

    Raises
    ------
    ExperimentError
        If it names none.
    """
    import json

    from training.errors import ExperimentError

    number = number_of(item)
    if number is not None and (dataset is not None or modality != "text"):
        return _numbered(number, dataset), f"item {number}"
    if modality in FILES:
        return Path(item), Path(item).name
    if modality == "text":
        return item, "text"
    try:
        return json.loads(item), modality
    except ValueError:
        if modality == "board":  # a record in the notation of chess
            return item, modality
        raise ExperimentError(
            f"item: expected a {modality} as JSON, such as {EXAMPLES[modality]}, or {otherwise}, got {item!r:.60}"
        ) from None


def read_items(items: list[str], adapter: Adapter) -> tuple[list[Any], list[str]]:
    """Find the raw items that the words of a command line name, and what to call each: of a table's file all its rows.

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If one names none.
    """
    from adapters.sources.rows import is_table, rows_of

    found: list[Any] = []
    names: list[str] = []
    for item in items:
        if adapter.modality == "table" and is_table(Path(item)):
            rows, called = rows_of(Path(item), [column["name"] for column in adapter.columns_])
            found += rows
            names += called
        else:
            text = adapter.modality == "text"  # "@3" may be one
            found.append(item if text else read_item(item, adapter.modality, None, "a table's file")[0])
            names.append(item)
    return found, names


def _numbered(number: int, dataset: Dataset | None) -> Any:
    from training.errors import ExperimentError

    if dataset is None:
        raise ExperimentError(f"item: expected --data beside '@{number}', got none; say which data set it counts")
    if not 1 <= number <= len(dataset):
        raise ExperimentError(f"item: expected '@1' to '@{len(dataset)}', got '@{number}'")
    return dataset.items[number - 1]
