"""What a page carries so that it can be checked: the hash of every record behind it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from reports.escape import embedded_json
from training.chapters import Chapter
from training.records import Record, canonical

SCHEMA = 1
PATTERN = re.compile(r'<script type="application/json" id="evidence">(.*?)</script>', re.DOTALL)


def digest(record: Record) -> str:
    """SHA-256 of a record's JSON, as it lies in its folder."""
    return hashlib.sha256(canonical(record.to_json()).encode()).hexdigest()


def evidence(chapters: Sequence[Chapter]) -> dict[str, Any]:
    """List every record with its hash and score, and every plan's experiment."""
    return {
        "schema": SCHEMA,
        "chapters": [
            {
                "dataset": chapter.plan.dataset,
                "experiment": chapter.plan.experiment,
                "command": chapter.plan.command,
                "records": {
                    record.run.key: {
                        "sha256": digest(record),
                        "status": record.status,
                        "accuracy": record.scores.get("accuracy"),
                        "cell": list(record.run.cell),
                    }
                    for record in chapter.records
                },
                "cells": [
                    {key: value for key, value in asdict(cell).items() if key in ("split", "adapter", "kind", "model", "arm", "mean", "done")}
                    for cell in chapter.cells
                ],
            }
            for chapter in chapters
        ],
    }  # fmt: skip


def sealed(page: str, found: dict[str, Any]) -> str:
    """Put the evidence into a page, with the hash of the page around it."""
    seal = hashlib.sha256(page.encode()).hexdigest()
    element = f'<script type="application/json" id="evidence">{embedded_json({**found, "seal": seal})}</script>'
    head, mark, tail = page.rpartition("</body>")
    return f"{head}{element}{mark}{tail}"


def unsealed(page: str) -> tuple[dict[str, Any], bool]:
    """Read the evidence of a page, and whether the rest of the page is as it was written.

    Raises
    ------
    ValueError
        If the page holds no evidence.
    """
    matches = list(PATTERN.finditer(page))
    if not matches:
        raise ValueError("expected a page that gridzoo wrote, found no evidence in it")
    match = matches[-1]
    found = json.loads(match.group(1))
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise ValueError(f"expected evidence of schema {SCHEMA}")
    rest = page[: match.start()] + page[match.end() :]
    return found, found.pop("seal", "") == hashlib.sha256(rest.encode()).hexdigest()
