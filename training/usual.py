"""What is taken for some items where nothing is named: see ``docs/decisions/0015-default-networks.md``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters import registry
from adapters.dataset import Dataset

ALIGNED, ALIGNED_FROM = "aligned text", 10
# The default architectures of a kind of items, the first of which stands for all where one must do: what learns best
# of those that a core trains in seconds, and others of different build. All learn with the recipe's defaults whatever
# the seed: without normalisation a deep network such as All-CNN may not start to learn at all.
DEFAULT_ARCHITECTURES = {
    "image": ("res8", "lenet5", "resnet8"),
    "sound": ("res8", "lenet5", "resnet8"),
    "text": ("textcnn", "fcn", "lenet5"),
    ALIGNED: ("tc-resnet8", "fcn", "lenet5"),
    "series": ("tc-resnet8", "fcn", "lenet5"),
    "table": ("tc-resnet8", "fcn", "lenet5"),
    "board": ("res8", "lenet5", "resnet8"),
}
# What reads one axis alone. A field of times or a page is read as a picture.
ONE_AXIS = (ALIGNED, "series", "table")
# What differs from the published networks: from a few thousand texts 50 numbers a word are learned as well as 300,
# in a fifth of the time; a convolution of 32 filters takes hardly longer than one of 19, and half as long as one of 45.
SETTINGS: dict[str, dict[str, Any]] = {"textcnn": {"embedding": 50}, "res8": {"width": 32}}
# What a verdict asks besides, where the usual network sees most of a row at once and cares little for the order of cells: a
# network whose filters see neighbours alone.
LOCAL = "res8"


def kind_of(modality: str, items: Sequence[Any]) -> str:
    """Name what decides the usual networks and baselines of some items: their modality, or that texts are aligned.

    Ten texts or more that all have as many letters are codes or windows, of DNA say: a place
    means something in them. In other texts a word may stand anywhere. What is no string is not counted.

    Parameters
    ----------
    modality : str
    items : sequence
        Raw items; of texts, strings.

    Returns
    -------
    str
        A key of ``DEFAULT_ARCHITECTURES`` and of the packs of baselines.

    Examples
    --------
    >>> kind_of("text", ["ACGT", "GGCA"] * 5), kind_of("text", ["a plain", "sentence"] * 5)
    ('aligned text', 'text')
    """
    lengths = [len(item) for item in items if isinstance(item, str)] if modality == "text" else []
    return ALIGNED if len(lengths) >= ALIGNED_FROM and len(set(lengths)) == 1 else modality


def default_architectures(kind: str, rank: int) -> list[dict[str, Any]]:
    """Give the settings of the default architectures of a kind of items, ``name`` among them; the usual one first.

    Parameters
    ----------
    kind : str
        A key of ``DEFAULT_ARCHITECTURES``.
    rank : int
        How many axes their grids have.
    """
    names = DEFAULT_ARCHITECTURES["image" if rank > 1 and kind in ONE_AXIS else kind]
    return [_settings(name) for name in names]


def judged_architectures(dataset: Dataset, adapters: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """Give the networks that a verdict asks: the usual one; on rows of cells one that sees neighbours alone as well.

    Parameters
    ----------
    dataset, adapters
        As for `usual_for`.

    Returns
    -------
    list of dict
        Each as `usual_architecture` gives it; the usual one first.
    """
    kind, rank = _read_as(dataset, adapters)
    usual = default_architectures(kind, rank)[0]
    return [usual, _settings(LOCAL)] if rank == 1 and kind in ONE_AXIS else [usual]


def _settings(name: str) -> dict[str, Any]:
    return {"name": name, **SETTINGS.get(name, {})}


def usual_architecture(modality: str, items: Sequence[Any], rank: int) -> dict[str, Any]:
    """Give the network that stands for all where one must do.

    Parameters
    ----------
    modality : str
    items : sequence
        Raw items; of texts, strings.
    rank : int
        How many axes their grids have.

    Returns
    -------
    dict
        A variant of the zoo as ``name``, and its settings that differ.

    Examples
    --------
    >>> usual_architecture("series", [], rank=1), usual_architecture("text", ["so good", "bad"], rank=1)
    ({'name': 'tc-resnet8'}, {'name': 'textcnn', 'embedding': 50})
    """
    return default_architectures(kind_of(modality, items), rank)[0]


def usual_for(dataset: Dataset, adapters: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Give the usual network of a data set, which reads the grids of all its adapters.

    Parameters
    ----------
    dataset : Dataset
    adapters : sequence of dict
        Settings with a ``name``; none for the adapter that suits the data.

    Returns
    -------
    dict
        As `usual_architecture` gives it.
    """
    return default_architectures(*_read_as(dataset, adapters))[0]


def _read_as(dataset: Dataset, adapters: Sequence[dict[str, Any]]) -> tuple[str, int]:
    """Give the kind of a data set's items, and how many axes their grids have at most."""
    wanted = adapters or [dataset.adapter or registry.default_settings(dataset.modality)]
    rank = max(registry.from_settings(settings).rank for settings in wanted)
    return kind_of(dataset.modality, dataset.items), rank
