"""The progress of a verdict: what is believed so far, beside the bar."""

from __future__ import annotations

import time

from gridzoo.progress import Display
from training.records import Record
from training.verdict.judge import verdicts

SHARE = 0.02  # of the time, at most, goes into saying what is believed


class Belief(Display):
    """A progress display that says the most probable answer instead of the best network."""

    def __init__(self) -> None:
        super().__init__()
        self._records: list[Record] = []
        self._said, self._due = "", 0.0

    def _finished(self, record: Record, resumed: bool) -> None:
        self._records.append(record)
        super()._finished(record, resumed)

    def _best(self, dataset: str) -> str:
        began = time.monotonic()
        if began >= self._due:
            self._said = self._believed()
            self._due = began + (time.monotonic() - began) / SHARE
        return self._said

    def _believed(self) -> str:
        for verdict in verdicts(self._records):
            if verdict.belief:
                answer = max(verdict.belief, key=lambda name: verdict.belief[name])
                return f"{answer}: {verdict.belief[answer]:.0%}"
        return ""
