"""How a comparison shows itself in a notebook: the answers, and the leaderboards as plain tables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from training.chapters import CellSummary, Chapter

MOST_ROWS = 12


def shown(chapters: Sequence[Chapter]) -> str:
    """Give HTML without scripts or styles; every name from data is escaped.

    Examples
    --------
    >>> shown([])
    ''
    """
    return "\n".join(map(_chapter, chapters))


def _chapter(chapter: Chapter) -> str:
    said = "".join(f"<p>{escape(verdict.split)}: {escape(verdict.sentence)}</p>" for verdict in chapter.verdicts)
    table = pd.DataFrame([_row(cell) for cell in chapter.cells[:MOST_ROWS]])
    more = len(chapter.cells) - MOST_ROWS
    rest = f"<p>… and {more} more rows; <code>.table()</code> has them all, <code>gz.report</code> draws them.</p>"
    return f"<h4>{escape(chapter.plan.dataset)}</h4>{said}{table.to_html(index=False)}{rest if more > 0 else ''}"


def _row(cell: CellSummary) -> dict[str, str]:
    best = cell.to_best
    return {
        "split": cell.split,
        "model": cell.model,
        "grid": cell.adapter,
        "arm": cell.arm if cell.kind == "cnn" else "baseline",
        "accuracy": f"{cell.mean:.1%}" if cell.scores else "–",
        "95 % interval": f"{cell.low:.1%} to {cell.high:.1%}" if cell.scores else "–",
        "minus the best": f"{100 * best.mean:+.1f} points (p = {best.p_value:.2g})" if best else "–",
        "runs": f"{cell.done} of {cell.planned}",
    }
