"""What a report says about a data set, gathered where the data is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from adapters.base import Adapter
from adapters.dataset import Dataset
from adapters.reading import name_of
from training.chapters import Chapter, DataCard, Example, Mistake
from training.folder import RunFolder
from training.planning import Prepared
from training.records import Record, Settings, canonical
from training.verdict.screen import ITEMS, screen

EXAMPLES = 6  # one a class, of the first classes
DIGITS = 4  # significant digits of an example's cells: more than a picture shows
SHOWN_A_PAIR = 3  # mistakes of one true and one predicted class that are kept as pictures, sounds, long texts
SHOWN_SIZE = 600_000  # characters of their JSON in all; of the others the name is kept
SMALL = 300  # characters of an item that is kept however many there are
NAMED = 5000


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
        members=np.searchsorted(sorted(groups), dataset.groups).tolist() if dataset.groups is not None else [],
        screen=_screen(prepared),
        examples=[
            _example(prepared, adapter_index, position)
            for position in _positions(prepared)
            for adapter_index in range(len(prepared.adapters))
        ],
    )


@dataclass(frozen=True)
class Witness:
    """What it takes to show items once it is known which ones were mistaken."""

    card: DataCard
    dataset: Dataset
    adapter: Adapter

    @classmethod
    def of(cls, prepared: Prepared) -> Witness:
        """Describe the data, and keep the items at hand."""
        return cls(card_of(prepared), prepared.dataset, prepared.adapters[0][1])

    def told(self, records: Sequence[Record]) -> DataCard:
        """Add the mistakes that records tell of to the card.

        The most confident ones come first; of a few for each pair of classes the item
        itself is kept, as long as there is room.
        """
        pairs: Counter[tuple[str, str]] = Counter()
        firsts: list[int] = []
        others: list[int] = []
        mistaken = _mistaken(records)[:NAMED]
        for position, predicted in mistaken:
            pair = str(self.dataset.labels[position]), predicted
            pairs[pair] += 1
            (firsts if pairs[pair] <= SHOWN_A_PAIR else others).append(position)
        previews = self._previews(firsts, others)
        items, labels = self.dataset.items, self.dataset.labels
        mistakes = [Mistake(at, str(labels[at]), named(items[at], at), previews.get(at, {})) for at, _ in mistaken]
        return replace(self.card, mistakes=mistakes)

    def _previews(self, firsts: Sequence[int], others: Sequence[int]) -> dict[int, Settings]:
        """Show the first ones, and the others if they are small, until the room is used up."""
        kept: dict[int, Settings] = {}
        room = SHOWN_SIZE
        for position, most in [*((at, SHOWN_SIZE) for at in firsts), *((at, SMALL) for at in others)]:
            preview = self.adapter.preview(self.dataset.items[position])
            size = len(canonical(preview))
            room -= size
            if room < 0 or size > most:
                break
            kept[position] = preview
        return kept


def with_mistakes(chapter: Chapter, witnesses: Mapping[str, Witness], folder: RunFolder) -> Chapter:
    """Add the mistakes of the models that the verdicts name to a chapter and to its card in the folder."""
    if chapter.card.name not in witnesses:  # an earlier experiment of this folder: its items are not at hand
        return chapter
    named = {name for verdict in chapter.verdicts for name in (verdict.model, verdict.baseline)}
    told = [r for r in chapter.records if r.status == "ok" and r.run.arm == "original" and r.run.cell[4] in named]
    card = witnesses[chapter.card.name].told(told)
    folder.write_card(card)
    return replace(chapter, card=card)


def _mistaken(records: Sequence[Record]) -> list[tuple[int, str]]:
    """Positions and predicted classes of wrong predictions, the most confident first, each position once."""
    certainty: dict[tuple[int, str], float] = defaultdict(float)
    for record in records:
        sure = record.confidence or [0.0] * len(record.test)
        for position, true, predicted, at in zip(record.test, record.truth, record.predicted, sure, strict=True):
            if true != predicted:
                key = (position, record.classes[predicted])
                certainty[key] = max(certainty[key], at)
    ordered = sorted(certainty, key=lambda key: (-certainty[key], key))
    return list({position: (position, predicted) for position, predicted in reversed(ordered)}.values())[::-1]


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
        name=named(item, position),
        preview=adapter.preview(item),
        grid=_rounded(adapter.grids([values[position]])[0]),
        spec={**adapter.grid_.to_json(), "axes": [axis.to_json() for axis in adapter.axes_for(item)]},
    )


def named(item: Any, position: int) -> str:
    """Name an item so that it can be found again, without its folder."""
    return item.name if isinstance(item, Path) else name_of(item, position)


def _rounded(grid: Any) -> list[Any]:
    """Nested lists with few digits, so that a card stays small."""
    if grid.dtype.kind in "iu":
        return list(grid.tolist())
    largest = float(np.max(np.abs(grid))) or 1.0
    digits = DIGITS - int(np.ceil(np.log10(largest)))
    return list(np.round(grid.astype(float), digits).tolist())
