"""Fill in what a chapter shows beyond its leaderboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from training.chapters import Chapter, DataCard
from training.describing.effects import effects
from training.describing.moments import moments
from training.describing.shares import Answers, calibration, class_shares, endured, group_shares
from training.portraits import Portrait
from training.records import Record
from training.summary import Cell, by_cell, summarise


def described(chapter: Chapter) -> Chapter:
    """Add portraits of all cells, and what could have been known when."""
    done = [record for record in chapter.records if record.status == "ok"]
    splits = dict.fromkeys(cell.split for cell in chapter.cells)
    return replace(
        chapter,
        portraits=[_portrait(cell, own, chapter.card) for cell, own in by_cell(done).items()],
        moments={split: moments(chapter.plan.runs, chapter.records, split) for split in splits},
    )


def only(chapter: Chapter, key: str) -> Chapter:
    """Cut a chapter down to one run; its row then holds that run alone, and there is no verdict.

    Raises
    ------
    KeyError
        If the chapter has no such record.
    """
    record = {record.run.key: record for record in chapter.records}[key]
    plan = replace(chapter.plan, runs=[record.run])
    cells = summarise(plan.runs, [record])
    insight = chapter.insight if chapter.insight and chapter.insight.key == key else None
    return described(replace(chapter, plan=plan, records=[record], cells=cells, verdicts=[], insight=insight))


def _portrait(cell: Cell, records: Sequence[Record], card: DataCard) -> Portrait:
    answers = Answers.of(records)
    return Portrait(
        cell=cell,
        classes=class_shares(answers),
        groups=group_shares(answers, card.members, list(card.groups)),
        calibration=calibration(answers),
        effects=effects(records),
        endured=endured(records),
    )
