"""What several chapters say together, as plain data; a leaf module like `training.chapters`."""

from __future__ import annotations

from dataclasses import dataclass, field

from training.answers import Difference
from training.chapters import CellSummary
from training.portraits import Ranking


@dataclass(frozen=True)
class Beside:
    """The CNN of one experiment, among those of others on the same data set and split.

    Parameters
    ----------
    experiment : str
    cell : CellSummary
    to_first : Difference or None
        Its accuracy minus that of the first experiment under the same split.
    untested : str
        Why there is no difference; empty for the first experiment.
    """

    experiment: str
    cell: CellSummary
    to_first: Difference | None
    untested: str


@dataclass(frozen=True)
class Across:
    """What several chapters say together."""

    ranking: Ranking | None = None
    beside: list[Beside] = field(default_factory=list)
