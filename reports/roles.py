"""Which part a cell plays in a comparison: its colour, its mark, its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reports.wording import isolated
from training.chapters import CellSummary

COLOURS = {"grid": "var(--blue)", "permuted": "var(--orange)", "mlp": "var(--green)", "baseline": "var(--grey)"}
MARKS = {"grid": "circle", "permuted": "diamond", "mlp": "triangle-up", "baseline": "square"}

# How an arm starts, and how it is said; ``{}`` takes the rest of its name.
ARMS = (
    ("original", "CNN"),
    ("permuted", "CNN, permuted {}"),
    ("axis", "CNN, {} shuffled"),
    ("blocks", "CNN, blocks of {} shuffled"),
    ("mlp", "MLP of equal size {}"),
)


def role_of(cell: CellSummary) -> str:
    """Give the role of a cell: ``grid``, ``permuted`` (any control that moves cells), ``mlp`` or ``baseline``."""
    if cell.kind == "baseline":
        return "baseline"
    return {"original": "grid", "mlp": "mlp"}.get(cell.arm.partition(" ")[0], "permuted")


def arm_name(cell: CellSummary) -> str:
    """Say what was varied.

    Examples
    --------
    >>> [text.format("time").strip() for start, text in ARMS if start == "axis"]
    ['CNN, time shuffled']
    """
    return "baseline" if cell.kind == "baseline" else arm_words(cell.arm)


def arm_words(arm: str) -> str:
    """Say what an arm of a CNN varies.

    Examples
    --------
    >>> arm_words("axis time"), arm_words("original")
    ('CNN, time shuffled', 'CNN')
    """
    start, _, rest = arm.partition(" ")
    return dict(ARMS).get(start, f"CNN, {isolated(arm)}").format(rest).strip()


def pooled(cells: Sequence[CellSummary]) -> CellSummary | None:
    """Take several controls of one kind, such as five fixed orders of the cells, for one; None for none."""
    if len(cells) < 2:
        return cells[0] if cells else None
    scores = [score for cell in cells for score in cell.scores]
    return replace(
        cells[0],
        arm="permuted",
        planned=sum(cell.planned for cell in cells),
        done=sum(cell.done for cell in cells),
        failed=sum(cell.failed for cell in cells),
        scores=scores,
        mean=float(np.mean(scores)) if scores else 0.0,
        deviation=float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0,
    )
