"""Grids of every fold on disk, and what of them the runs are done on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.base import Adapter
from adapters.cache import Cache, link
from adapters.dataset import Dataset
from adapters.reading import Values
from training.records import Settings, canonical, label_of
from training.running.task import Laid
from training.splits import Fold

RAW = {"text": "text", "table": "row"}  # modalities whose raw items some baselines read, and where a preview has them
SEARCHED = "searched"  # name of what stands for the adapter where a search chooses it


@dataclass(frozen=True)
class Place:
    """One fold with its grids, by the label of the adapter that they are of."""

    split: str
    fold: Fold
    laid: dict[str, Laid]


@dataclass(frozen=True)
class Ground:
    """What runs are done on: an adapter, or several of which a search chooses one.

    Parameters
    ----------
    settings : dict
        What stands for it in a run.
    adapter : Adapter
        The first; fitted on the last fold.
    places : list of Place
    """

    settings: Settings
    adapter: Adapter
    places: list[Place]


def lay_out(
    adapters: Sequence[tuple[Settings, Adapter, Values]],
    splits: Sequence[tuple[str, list[Fold]]],
    cache: Cache,
    folder: Path,
) -> list[Ground]:
    """Fit every adapter on the training items of every fold, and link the grids of all items into ``folder``."""
    grounds = []
    for settings, adapter, values in adapters:
        places = [
            Place(split, fold, {label_of(settings): _laid(adapter, values, fold, cache, folder)})
            for split, folds in splits
            for fold in folds
        ]
        grounds.append(Ground(settings, adapter, places))
    return grounds


def searched(grounds: Sequence[Ground]) -> Ground:
    """Join grounds to one, of whose adapters a search chooses.

    Examples
    --------
    >>> a, b = (Ground({"name": name}, None, []) for name in ("page", "words"))
    >>> searched([a, b]).settings["label"]
    'searched among page, words'
    """
    labels = ", ".join(label_of(ground.settings) for ground in grounds)
    settings = {
        "name": SEARCHED,
        "label": f"{SEARCHED} among {labels}",
        "among": [ground.settings for ground in grounds],
    }
    return Ground(settings, grounds[0].adapter, list(map(_together, *(ground.places for ground in grounds))))


def _together(*places: Place) -> Place:
    """Join what several adapters laid out for one fold."""
    laid = {label: one for place in places for label, one in place.laid.items()}
    return Place(places[0].split, places[0].fold, laid)


def _laid(adapter: Adapter, values: Values, fold: Fold, cache: Cache, folder: Path) -> Laid:
    grid = adapter.fit_read(values.take(fold.train)).grid_
    axes = tuple(axis.name for axis in grid.axes)
    return Laid(link(cache.grids(adapter, values), folder), axes, grid.vocabulary_size, adapter.augmentations)


def store_raw(dataset: Dataset, adapter: Adapter, folder: Path) -> Path | None:
    """Write the raw items for baselines that read them; None if the modality has none."""
    if dataset.modality not in RAW:
        return None
    text = canonical([adapter.preview(item)[RAW[dataset.modality]] for item in dataset.items])
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    path.write_text(text, encoding="utf-8")
    return path
