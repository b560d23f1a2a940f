"""What the command `explain` does."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

from adapters.dataset import Dataset
from gridzoo import house, quiet
from training.errors import ExperimentError

FILES = ("image", "sound")  # modalities whose items lie in files of their own


def run_explain(
    folder: Path, item: str, out: Path, data: str | None, class_: str | None, tap: str | None,
    target: str | None, modality: str | None, seed: int, data_home: Path | None,
) -> None:  # fmt: skip
    """Explain an item and say where the page is."""
    house.check()
    quiet.load()
    from gridzoo import api, networks
    from reports.inside import page as pages
    from training.fitting.predictor import Predictor

    predictor = Predictor.load(folder)
    dataset = api.load(data, target=target, modality=modality, data_home=data_home, seed=seed) if data else None
    raw, name = read_item(item, predictor.adapter.modality, dataset)
    found = networks.explain(predictor, raw, name=name, target=class_, tap=tap, data=dataset, seed=seed)
    pages.write(found, out, command=shlex.join(["gridzoo", *sys.argv[1:]]))
    probability = found.probabilities[found.classes.index(found.target)]
    print(f"{found.target} (probability {probability:.1%}); the network says {found.predicted}")
    print(f"page: {out}")


def read_item(item: str, modality: str, dataset: Dataset | None) -> tuple[Any, str]:
    """Find the raw item that a command line names, and what to call it.

    Raises
    ------
    ExperimentError
        If it names none.
    """
    if item.startswith("@") and item[1:].isdecimal() and (dataset is not None or modality != "text"):
        return _numbered(int(item[1:]), dataset), f"item {item[1:]}"
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
            f"item: expected a {modality} as JSON, such as {EXAMPLES[modality]}, or '@1' for the first item of --data, "
            f"got {item!r:.60}"
        ) from None


EXAMPLES = {"table": "'{\"age\": 30}'", "series": "'[0.1, 0.5, 0.2]'"}


def _numbered(number: int, dataset: Dataset | None) -> Any:
    if dataset is None:
        raise ExperimentError(f"item: expected --data beside '@{number}', got none; say which data set it counts")
    if not 1 <= number <= len(dataset):
        raise ExperimentError(f"item: expected '@1' to '@{len(dataset)}', got '@{number}'")
    return dataset.items[number - 1]
