"""The same report for programs: JSON with everything, CSV with the leaderboards."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from reports.escape import finite
from reports.evidence import digest
from reports.findings.recommendation import recommendation
from reports.inside.section import LookView, insight_view
from reports.page import TITLE
from reports.views import ChapterView
from training.chapters import Chapter
from training.overview import Across

SCHEMA = 1
COLUMNS = (
    "experiment", "dataset", "split", "model", "kind", "adapter", "arm", "planned", "done", "failed", "outcomes",
    "accuracy", "accuracy_low", "accuracy_high", "interval", "deviation", "repeats", "repeat_deviation",
    "minus_best", "minus_best_low", "minus_best_high", "p_value", "test",
    "parameters", "macs", "precision", "seconds_a_run", "train_seconds", "milliseconds_per_item", "peak_memory_mb", "reasons",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(chapters: Sequence[Chapter], title: str = TITLE, command: str = "", across: Across | None = None) -> str:
    """Write a report as JSON: what the page says, and the score and hash of every record.

    Curves, predictions and trials are in the records themselves.

    Parameters
    ----------
    chapters, title, command, across
        As for `reports.render`.
    """
    data = {
        "schema": SCHEMA,
        "title": title,
        "command": command,
        "across": asdict(across or Across()),
        "chapters": [_chapter(ChapterView(chapter, "")) for chapter in chapters],
    }
    return json.dumps(_shortened(finite(data)), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _shortened(data: Any) -> Any:
    """Round to ten digits: what follows differs from processor to processor."""
    if isinstance(data, float):
        return float(f"{data:.10g}")
    if isinstance(data, dict):
        return {key: _shortened(value) for key, value in data.items()}
    return [_shortened(value) for value in data] if isinstance(data, list) else data


def _chapter(view: ChapterView) -> dict[str, Any]:
    chapter = view.chapter
    card = asdict(chapter.card)
    for heavy in ("examples", "mistakes", "members"):
        del card[heavy]
    found = {part.split: recommendation(part) for part in view.splits}
    return {
        "dataset": chapter.plan.dataset,
        "experiment": chapter.experiment,
        "card": card,
        "plan": {name: getattr(chapter.plan, name) for name in ("experiment", "command", "machine")},
        "verdicts": [asdict(verdict) for verdict in chapter.verdicts],
        "recommendations": {split: asdict(one) for split, one in found.items() if one},
        "cells": [asdict(cell) for cell in chapter.cells],
        "portraits": [asdict(portrait) for portrait in chapter.portraits],
        "insight": _insight(view.chapter),
        "moments": {split: [asdict(moment) for moment in own] for split, own in chapter.moments.items()},
        "records": [
            {
                "key": record.run.key,
                "sha256": digest(record),
                "cell": list(record.run.cell),
                "repeat": record.run.repeat,
                "fold": record.run.fold,
                "seed": record.run.seed,
                "status": record.status,
                "reason": record.reason,
                "scores": record.scores,
                "cost": asdict(record.cost),
            }
            for record in chapter.records
        ],
    }


def _insight(chapter: Chapter) -> dict[str, Any] | None:
    """Say what was seen inside a network, without its pictures."""
    seen = insight_view(chapter)
    if seen is None:
        return None
    told = {name: value for name, value in vars(seen.insight).items() if name != "looks"}
    return {**told, "looks": [_look(one) for one in seen.looks]}


def _look(one: LookView) -> dict[str, Any]:
    look, found = one.look, one.explanation
    told = {
        "position": look.position,
        "name": look.name,
        "label": look.label,
        "right": look.right,
        "reason": look.reason,
    }
    if found is None:
        return told
    return {
        **told,
        "classes": found.classes,
        "probabilities": found.probabilities,
        "relevance": one.words,
        "checks": {name: asdict(check) for name, check in one.checks},
    }


def as_csv(chapters: Sequence[Chapter], title: str = TITLE, command: str = "", across: Across | None = None) -> str:
    """Write the leaderboards as CSV, one row a cell (RFC 4180, header first; fractions of 1, seconds, MB).

    A text that a spreadsheet would take for a formula gets an apostrophe in front.

    Parameters
    ----------
    chapters
        As for `reports.render`.
    title, command, across
        A table has no room for them.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for chapter in chapters:
        writer.writerows([_safe(value) for value in _row(chapter, index)] for index in range(len(chapter.cells)))
    return stream.getvalue()


def _row(chapter: Chapter, index: int) -> list[Any]:
    cell = chapter.cells[index]
    best = cell.to_best
    scores = (cell.mean, cell.low, cell.high, cell.interval, cell.deviation) if cell.scores else ("",) * 5
    tested = (best.mean, best.low, best.high, best.p_value, best.test) if best else ("",) * 5
    outcomes = "; ".join(f"{number} {status}" for status, number in cell.outcomes.items())
    return [
        chapter.experiment, cell.dataset, cell.split, cell.model, cell.kind, cell.adapter, cell.arm,
        cell.planned, cell.done, cell.failed, outcomes, *scores, cell.repeats, cell.repeat_deviation, *tested,
        cell.parameters, cell.macs, cell.precision, cell.seconds, cell.train_seconds, cell.milliseconds_per_item,
        cell.peak_memory_mb, "; ".join(cell.reasons),
    ]  # fmt: skip


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
