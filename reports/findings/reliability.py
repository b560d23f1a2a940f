"""How far a score can be trusted: calibration, classes and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.roles import role_of
from reports.scales import Scale
from reports.splits import SplitView
from reports.wording import isolated, percent, plural, signed
from training.chapters import CellSummary
from training.portraits import Calibration, Portrait, Share

MOST_ROWS = 24


@dataclass(frozen=True)
class Reliability:
    """The calibration of one arm, with its words."""

    role: str
    title: str
    model: str
    found: Calibration
    alt: str


@dataclass(frozen=True)
class ShareRow:
    """The same items as several arms predicted them: name, and role with share for each arm."""

    name: str
    items: int
    marks: Sequence[tuple[str, Share]]


@dataclass(frozen=True)
class ShareTable:
    """Rows on a common scale, the worst first; ``hidden`` more are left out."""

    rows: Sequence[ShareRow]
    hidden: int
    scale: Scale
    words: str


def portrait_of(part: SplitView, cell: CellSummary) -> Portrait | None:
    """Look up what is known of a cell."""
    key = (cell.dataset, cell.split, cell.adapter, cell.kind, cell.model, cell.arm)
    return next((portrait for portrait in part.chapter.portraits if portrait.cell == key), None)


def reliabilities(part: SplitView) -> list[Reliability]:
    """Calibration of the arms that gave probabilities."""
    found = []
    for arm in part.arms:
        portrait = portrait_of(part, arm.cell)
        if portrait and portrait.calibration:
            words = _calibration_words(portrait.calibration)
            found.append(Reliability(arm.role, arm.title, arm.cell.model, portrait.calibration, words))
    return found


def _calibration_words(found: Calibration) -> str:
    sure = "too sure of itself" if found.excess > 0 else "not sure enough"
    lean = f"{sure} by {signed(abs(found.excess)).lstrip('+')} points on average" if abs(found.excess) >= 0.005 else ""
    points = ", ".join(f"{percent(bin.confidence, 0)} sure: {percent(bin.right.value, 0)} right" for bin in found.bins)
    return f"Calibration error {percent(found.error)}{'; ' + lean if lean else ''}. {points}."


def class_table(part: SplitView) -> ShareTable | None:
    """Recall of each class by the verdict's CNN and the baseline."""
    return _table(part, [(portrait.classes, role) for portrait, role in _judged(part)], "class")


def group_table(part: SplitView) -> ShareTable | None:
    """Accuracy in each group by the verdict's CNN and the baseline; None without groups."""
    return _table(part, [(portrait.groups, role) for portrait, role in _judged(part)], "group")


def _judged(part: SplitView) -> list[tuple[Portrait, str]]:
    cells = [cell for cell in (part.cnn, part.baseline) if cell]
    return [(portrait, role_of(cell)) for cell in cells if (portrait := portrait_of(part, cell))]


def _table(part: SplitView, found: Sequence[tuple[list[Share], str]], what: str) -> ShareTable | None:
    if not found or not found[0][0]:
        return None
    by_name = [({share.name: share for share in shares}, role) for shares, role in found]
    first = sorted(found[0][0], key=lambda share: share.value)
    rows = [
        ShareRow(share.name, share.items, [(role, own[share.name]) for own, role in by_name if share.name in own])
        for share in first
    ]
    shown = rows[:MOST_ROWS]
    scale = Scale.of_shares([end for row in shown for _, share in row.marks for end in (share.low, share.high)])
    worst, best = first[0], first[-1]
    words = (
        f"{plural(len(first), what)}: the worst is “{isolated(worst.name)}” with {percent(worst.value)} of "
        f"{plural(worst.items, 'item')}, the best “{isolated(best.name)}” with {percent(best.value)} of "
        f"{plural(best.items, 'item')}."
    )
    return ShareTable(shown, len(rows) - len(shown), scale, words.replace("classs", "classes"))
