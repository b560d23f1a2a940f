"""What a report is about, as plain data: plans, data cards, summaries.

A leaf module, like `training.records`: it imports nothing but the standard library,
that module, `training.answers`, `training.portraits` and `training.explain.insight`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from training.answers import Difference, Verdict
from training.explain.insight import Insight
from training.portraits import Moment, Portrait
from training.records import SCHEMA, Record, Run, Settings, body_of


@dataclass(frozen=True)
class Example:
    """One item as a person knows it, beside its grid.

    Parameters
    ----------
    label, name : str
        Its class; how to find it again (a path, a position).
    preview : dict
        ``kind`` and what that kind needs: ``image`` (``pixels``: rows × columns ×
        1 or 3, 0–255), ``sound`` (``samples`` −1..1, ``rate`` in Hz), ``text``
        (``text``), ``series`` (``values``: time × channels), ``table`` (``row``:
        column to value).
    grid : list
        The grid's cells, nested lists of shape ``axes × channels`` (or ids).
    spec : dict
        The grid's `adapters.grid.GridSpec`, as JSON.
    """

    label: str
    name: str
    preview: Settings
    grid: list[Any]
    spec: Settings


@dataclass(frozen=True)
class Mistake:
    """An item that some model took for another class.

    Parameters
    ----------
    position : int
        In the data set, after quarantine, as in ``Record.test``.
    label, name : str
        Its class; how to find it again (a path, a position).
    preview : dict
        As of an `Example`; empty where only the name is kept.
    """

    position: int
    label: str
    name: str
    preview: Settings = field(default_factory=dict)


@dataclass(frozen=True)
class DataCard:
    """What a report says about a data set.

    Parameters
    ----------
    name, modality, title, origin, licence, citation : str
    synthetic : bool
    guesses : list of str
        What the source assumed without being told.
    counts : dict of str to int
        Items a class.
    groups : dict of str to int
        Items a group; empty where there are none.
    group_name : str
    quarantined : list of dict
        ``item`` and ``reason`` of every item that was left out.
    duplicates : int
        Items that equal an earlier one.
    examples : list of Example
    findings : list of dict
        ``what`` may mislead, its ``count``, and ``examples`` of it in words.
    split : str
        The official split in words; empty where there is none.
    published : list of str
        Results that others published.
    members : list of int
        Group of each item, as an index into ``groups``; empty where there are none.
    mistakes : list of Mistake
        Items that the verdicts' models took for another class; empty until runs have finished.
    screen : dict
        What the grids say of their structure without any training; see
        `training.verdict.screen`.
    """

    name: str
    modality: str
    title: str
    origin: str
    licence: str
    citation: str
    synthetic: bool
    guesses: list[str]
    counts: dict[str, int]
    groups: dict[str, int]
    group_name: str
    quarantined: list[dict[str, str]]
    duplicates: int
    examples: list[Example]
    findings: list[Settings] = field(default_factory=list)
    split: str = ""
    published: list[str] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    screen: Settings = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DataCard:
        """Inverse of `to_json`."""
        body = body_of(data, "a data card")
        body["examples"] = [Example(**example) for example in body["examples"]]
        body["mistakes"] = [Mistake(**mistake) for mistake in body.get("mistakes", [])]
        return cls(**body)


@dataclass(frozen=True)
class Plan:
    """What an experiment set out to do; lies beside its records.

    Parameters
    ----------
    dataset : str
        Name of the data set; the plan, the card and the records share it.
    experiment : dict
        The experiment as it was declared.
    command : str
        What makes it again.
    runs : list of Run
        What it consists of, done or not.
    machine : dict of str to str
    """

    dataset: str
    experiment: Settings
    command: str
    runs: list[Run]
    machine: dict[str, str]

    @property
    def keys(self) -> list[str]:
        """Keys of the runs."""
        return [run.key for run in self.runs]


@dataclass(frozen=True)
class CellSummary:
    """One row of a leaderboard: the folds and repeats of one cell.

    Parameters
    ----------
    dataset, split, adapter, kind, model, arm : str
    planned, done, failed : int
        Runs of this cell.
    outcomes : dict of str to int
        Runs by the status of their record, those that did not end well alone.
    reasons : list of str
        Why runs failed.
    scores : list of float
        Test accuracy of each finished run, by repeat and fold.
    mean, deviation : float
        Of the scores; the deviation is the sample standard deviation.
    low, high : float
        95 % interval of the mean accuracy, by the method that ``interval`` names.
    repeat_deviation : float
        Sample standard deviation of the repeats' means; 0 with one repeat.
    repeats : int
    parameters, macs : int
    precision : str
        In which its networks computed while they learned, several joined by commas; empty for a baseline.
    seconds, train_seconds : float
        Mean seconds a run, and of its final training.
    milliseconds_per_item, peak_memory_mb : float
        Mean of a prediction, the most that a worker held.
    to_best : Difference or None
        This cell minus the best one of its data set and split.
    """

    dataset: str
    split: str
    adapter: str
    kind: str
    model: str
    arm: str
    planned: int
    done: int
    failed: int
    reasons: list[str]
    scores: list[float]
    mean: float
    deviation: float
    parameters: int
    seconds: float
    to_best: Difference | None = None
    outcomes: dict[str, int] = field(default_factory=dict)
    low: float = math.nan
    high: float = math.nan
    interval: str = ""
    repeat_deviation: float = 0.0
    repeats: int = 1
    macs: int = 0
    train_seconds: float = 0.0
    milliseconds_per_item: float = 0.0
    peak_memory_mb: float = 0.0
    precision: str = ""


@dataclass(frozen=True)
class Chapter:
    """All that a report shows about one plan.

    Parameters
    ----------
    plan, card, records, cells, verdicts
    portraits : list of Portrait
        One a cell with a finished run.
    moments : dict of str to list of Moment
        By split: the best CNN that was known, as computing went on.
    experiment : str
        What sets it apart from others about the same data; empty where there are none.
    insight : Insight or None
        A look inside a network that a verdict names; None where none was taken.
    """

    plan: Plan
    card: DataCard
    records: list[Record]
    cells: list[CellSummary]
    verdicts: list[Verdict]
    portraits: list[Portrait] = field(default_factory=list)
    moments: dict[str, list[Moment]] = field(default_factory=dict)
    experiment: str = ""
    insight: Insight | None = None
