"""What the runs of a plan have come to; each part is worked out when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from training.answers import Verdict
from training.chapters import CellSummary, Chapter, DataCard, Plan
from training.describing.describe import described
from training.explain.insight import Insight
from training.folder import RunFolder
from training.records import Record
from training.summary import summarise
from training.verdict.judge import verdicts
from training.verdict.rules import Rules


@dataclass
class Results:
    """The records of a plan, and what follows from them.

    Parameters
    ----------
    plan : Plan
    card : DataCard
    records : list of Record
    rules : Rules
        By which they are judged.
    insight : Insight or None
        A look inside a network that a verdict names.
    """

    plan: Plan
    card: DataCard
    records: list[Record]
    rules: Rules
    insight: Insight | None = None

    @classmethod
    def read(cls, folder: RunFolder, plan: Plan) -> Results:
        """Read the card and the records of a plan.

        Raises
        ------
        OSError, ValueError, KeyError, TypeError
            If the card is missing or damaged, or the plan's experiment cannot be judged.
        """
        return cls(
            plan, folder.card(plan.dataset), folder.records(plan), Rules.of(plan.experiment), folder.insight(plan)
        )

    @cached_property
    def cells(self) -> list[CellSummary]:
        """Rows of the leaderboards, best first within each split."""
        return summarise(self.plan.runs, self.records)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """One answer a split."""
        return verdicts(self.records, self.rules)

    @cached_property
    def chapter(self) -> Chapter:
        """All that a report shows."""
        return described(Chapter(self.plan, self.card, self.records, self.cells, self.verdicts, insight=self.insight))
