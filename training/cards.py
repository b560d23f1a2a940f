"""What a report says about a data set, gathered where the data is."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from adapters.reading import name_of
from training.chapters import DataCard, Example
from training.planning import Prepared
from training.verdict.screen import ITEMS, screen

EXAMPLES = 6  # one a class, of the first classes
DIGITS = 4  # significant digits of an example's cells: more than a picture shows


def card_of(prepared: Prepared) -> DataCard:
    """Describe the data of an experiment whose adapters are fitted."""
    dataset = prepared.dataset
    about = dataset.provenance
    groups = Counter(dataset.groups.tolist()) if dataset.groups is not None else Counter()
    return DataCard(
        name=dataset.name,
        modality=dataset.modality,
        title=about.title,
        origin=about.origin,
        licence=about.licence,
        citation=about.citation,
        synthetic=about.synthetic,
        guesses=list(about.guesses),
        counts=dataset.counts,
        groups={str(name): count for name, count in sorted(groups.items())},
        group_name=dataset.group_name,
        quarantined=[{"item": error.item, "reason": error.reason} for error in dataset.bad],
        duplicates=prepared.audit.duplicates.count,
        findings=[{**asdict(finding), "examples": list(finding.examples)} for finding in prepared.audit.findings],
        split=about.split,
        published=list(about.published),
        screen=_screen(prepared),
        examples=[
            _example(prepared, adapter_index, position)
            for position in _positions(prepared)
            for adapter_index in range(len(prepared.adapters))
        ],
    )


def _screen(prepared: Prepared) -> dict[str, Any]:
    """Screen some grids of the first adapter."""
    _, adapter, values = prepared.adapters[0]
    drawn = np.random.default_rng(prepared.experiment.seed).permutation(len(values))[:ITEMS]
    grids = adapter.grids(values.take(np.sort(drawn)))
    return screen(grids, [axis.name for axis in adapter.grid_.axes], prepared.experiment.seed).to_json()


def _positions(prepared: Prepared) -> list[int]:
    labels = prepared.dataset.labels
    return [int(np.flatnonzero(labels == name)[0]) for name in prepared.dataset.classes[:EXAMPLES]]


def _example(prepared: Prepared, adapter_index: int, position: int) -> Example:
    dataset = prepared.dataset
    _, adapter, values = prepared.adapters[adapter_index]
    item = dataset.items[position]
    return Example(
        label=str(dataset.labels[position]),
        name=item.name if isinstance(item, Path) else name_of(item, position),
        preview=adapter.preview(item),
        grid=_rounded(adapter.grids([values[position]])[0]),
        spec={**adapter.grid_.to_json(), "axes": [axis.to_json() for axis in adapter.axes_for(item)]},
    )


def _rounded(grid: Any) -> list[Any]:
    """Nested lists with few digits, so that a card stays small."""
    if grid.dtype.kind in "iu":
        return list(grid.tolist())
    largest = float(np.max(np.abs(grid))) or 1.0
    digits = DIGITS - int(np.ceil(np.log10(largest)))
    return list(np.round(grid.astype(float), digits).tolist())
