"""Did the grid help? A tested sentence about each data set and split."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from training.chapters import Difference, Verdict
from training.records import Record
from training.summary import Cell, by_cell
from training.verdict.statistics import compare

SIGNIFICANT = 0.05
# A benefit of less than this share of accuracy is taken for none. Folds of a few
# hundred items cannot exclude a smaller one.
NEGLIGIBLE = 0.03


def verdicts(records: Sequence[Record]) -> list[Verdict]:
    """Judge every split of one data set.

    The CNN that is judged is chosen by its validation accuracy, never by test items; without
    validation items it is the first one.
    """
    groups = by_cell([record for record in records if record.status == "ok"])
    found = []
    for split in dict.fromkeys(cell[1] for cell in groups):
        cells = {cell: members for cell, members in groups.items() if cell[1] == split}
        candidates = [cell for cell in cells if cell[3] == "cnn" and cell[5] == "original"]
        if candidates:
            chosen = max(candidates, key=lambda cell: _validation(cells[cell]))
            found.append(_judge(chosen, cells))
    return found


def _validation(records: Sequence[Record]) -> float:
    return statistics.fmean(record.scores.get("validation_accuracy", 0.0) for record in records)


def _judge(cnn: Cell, cells: dict[Cell, list[Record]]) -> Verdict:
    permuted = (*cnn[:5], "permuted")
    floors = [cell for cell in cells if cell[3] == "baseline"]
    floor = max(floors, key=lambda cell: _mean(cells[cell]), default=None)
    against_permuted = compare(cells[cnn], cells[permuted]) if permuted in cells else None
    against_floor = compare(cells[cnn], cells[floor]) if floor else None
    answer = _answer(against_permuted)
    sentence = " ".join(
        part
        for part in (
            _about_permuted(answer, _mean(cells[cnn]), _mean(cells.get(permuted, [])), against_permuted),
            _about_floor(floor[4] if floor else "", _mean(cells[floor]) if floor else 0.0, against_floor),
        )
        if part
    )
    return Verdict(
        dataset=cnn[0],
        split=cnn[1],
        answer=answer,
        sentence=sentence,
        model=cnn[4],
        against_permuted=against_permuted,
        against_baseline=against_floor,
        adapter=cnn[2],
        baseline=floor[4] if floor else "",
    )


def _mean(records: Sequence[Record]) -> float:
    return statistics.fmean(record.scores["accuracy"] for record in records) if records else 0.0


def _answer(difference: Difference | None) -> str:
    if difference is None:
        return "undecided"
    if difference.p_value < SIGNIFICANT:
        return "grid helps" if difference.mean > 0 else "grid does not help"
    return "grid does not help" if difference.high < NEGLIGIBLE else "undecided"


def _about_permuted(answer: str, cnn: float, permuted: float, difference: Difference | None) -> str:
    if difference is None:
        return "Undecided: there is no finished control with shuffled cells to compare with."
    shuffled = f"shuffling its cells moved the CNN from {cnn:.1%} to {permuted:.1%} accuracy"
    tested = f"({points(difference)}; {difference.test}, p {p_text(difference.p_value)})"
    if answer == "grid helps":
        return f"Yes, the grid helps: {shuffled} {tested}."
    if answer == "grid does not help":
        return f"No, the order of the cells does not help this CNN: {shuffled} {tested}."
    return (
        f"Undecided: {shuffled} {tested}; neither no benefit nor one of {100 * NEGLIGIBLE:.0f} points "
        "can be ruled out with so few items and folds."
    )


def _about_floor(name: str, score: float, difference: Difference | None) -> str:
    if difference is None:
        return ""
    if difference.p_value >= SIGNIFICANT:
        return (
            f"The baseline ({name}) reaches {score:.1%}: no significant difference to the CNN ({points(difference)})."
        )
    relation = "the CNN is better" if difference.mean > 0 else "better than the CNN"
    return f"The baseline ({name}) reaches {score:.1%}: {relation} ({points(difference)})."


def points(difference: Difference) -> str:
    """Say a difference in percentage points, with its interval.

    Examples
    --------
    >>> points(Difference(0.031, 0.01, 0.052, 0.01, "t", 5))
    '+3.1 points, 95 % interval +1.0 to +5.2'
    """
    mean, low, high = (100 * value + 0.0 for value in (difference.mean, difference.low, difference.high))
    return f"{mean:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}"


def p_text(p_value: float) -> str:
    """Say a p-value.

    Examples
    --------
    >>> p_text(0.0004), p_text(0.0312)
    ('< 0.001', '= 0.031')
    """
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.3f}"
