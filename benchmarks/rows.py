"""Tables that benchmarks write part by part."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any


def write_rows(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]], measured: Collection[str]) -> None:
    """Write what was measured now; rows on disk stay if their first cell is none of ``measured``."""
    kept = list(csv.reader(path.open(encoding="utf-8")))[1:] if path.is_file() else []
    others = [row for row in kept if row[0] not in measured]
    with path.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table, lineterminator="\n").writerows([head, *others, *rows])
