"""The items behind the cells of a confusion matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reports.drawings import Drawing
from reports.items import draw_item
from reports.splits import Arm, SplitView
from training.chapters import Mistake
from training.records import Record

MOST_PAIRS = 24
MOST_SHOWN = 6
MOST_NAMES = 12


@dataclass(frozen=True)
class Item:
    """A mistaken item: its name, how sure the model was (None if it does not say), its drawing if there is one."""

    name: str
    confidence: float | None
    drawing: Drawing | None


@dataclass(frozen=True)
class Pair:
    """Items of one true class that were taken for one other class.

    ``place`` is that of the cell in its matrix: row and column.
    """

    place: tuple[int, int]
    true: str
    predicted: str
    count: int
    shown: Sequence[Item]
    named: Sequence[Item]


def mistaken_pairs(part: SplitView, arm: Arm) -> list[Pair]:
    """Pairs of classes that an arm's model confused, the most frequent first."""
    records = part.records(arm.cell)
    classes = list(dict.fromkeys(name for record in records for name in record.classes))
    known = {mistake.position: mistake for mistake in part.chapter.card.mistakes}
    items: dict[tuple[str, str], dict[int, float | None]] = defaultdict(dict)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for record in records:
        for position, true, predicted, sure in _wrong(record):
            pair = record.classes[true], record.classes[predicted]
            counts[pair] += 1
            items[pair][position] = max(sure or 0.0, items[pair].get(position) or 0.0) if sure is not None else None
    ordered = sorted(counts, key=lambda pair: (-counts[pair], pair))[:MOST_PAIRS]
    return [
        _pair(pair, (classes.index(pair[0]), classes.index(pair[1])), counts[pair], items[pair], known)
        for pair in ordered
    ]


def _wrong(record: Record) -> list[tuple[int, int, int, float | None]]:
    sure: Sequence[float | None] = record.confidence or [None] * len(record.test)
    rows = zip(record.test, record.truth, record.predicted, sure, strict=True)
    return [(position, true, predicted, at) for position, true, predicted, at in rows if true != predicted]


def _pair(
    pair: tuple[str, str],
    place: tuple[int, int],
    count: int,
    positions: dict[int, float | None],
    known: dict[int, Mistake],
) -> Pair:
    surest = sorted(positions, key=lambda position: (-(positions[position] or 0.0), position))
    items = [_item(position, positions[position], known.get(position)) for position in surest]
    drawn = [item for item in items if item.drawing][:MOST_SHOWN]
    named = [item for item in items if item not in drawn]
    return Pair(place, *pair, count, drawn, named[:MOST_NAMES])


def _item(position: int, confidence: float | None, known: Mistake | None) -> Item:
    if known is None:
        return Item(f"item {position}", confidence, None)
    return Item(known.name, confidence, draw_item(known.preview) if known.preview else None)
