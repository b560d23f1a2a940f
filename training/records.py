"""What a run is, and what it leaves behind, as plain data.

A leaf module: it imports the standard library alone, so that pages about runs need
neither Keras nor scikit-learn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = 1
Settings = dict[str, Any]


def canonical(data: Any) -> str:
    """JSON with sorted keys and no spaces: equal data, equal text."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def label_of(settings: Settings) -> str:
    """Name settings for people: their label, or their name where that says enough."""
    return str(settings.get("label", settings["name"]))


@dataclass(frozen=True)
class Run:
    """Everything that decides the result of one training.

    Parameters
    ----------
    dataset : str
        Name of the data set.
    fingerprint : str
        Hash of the items, labels, groups and official split.
    adapter, model, recipe : dict
        Settings. ``adapter`` and ``model`` (an architecture or a baseline) have a
        ``name``, and a ``label`` where the name alone would not tell two apart.
    kind : {"cnn", "baseline"}
    arm : str
        What `training.verdict.arms` lists, such as ``original`` or ``permuted``: the cells
        of every grid shuffled by one fixed permutation.
    tuning : dict
        How hyperparameters were searched; empty if they were not.
    split : str
        How test items were set apart.
    repeat, fold, seed : int
    versions : dict of str to str
        Libraries that the numbers depend on.
    """

    dataset: str
    fingerprint: str
    adapter: Settings
    kind: str
    model: Settings
    arm: str
    recipe: Settings
    tuning: Settings
    split: str
    repeat: int
    fold: int
    seed: int
    versions: dict[str, str]

    @property
    def key(self) -> str:
        """Name of the record: a hash of everything above."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()[:24]

    @property
    def cell(self) -> tuple[str, str, str, str, str, str]:
        """What repeats, folds and permutations have in common: data set, split, adapter, kind, model, arm."""
        tuned = " (tuned)" if self.tuning else ""
        arm = "permuted" if self.arm.startswith("permuted ") else self.arm
        return (self.dataset, self.split, label_of(self.adapter), self.kind, label_of(self.model) + tuned, arm)


@dataclass(frozen=True)
class Trial:
    """One point that the tuner tried inside a run, scored on the run's validation items."""

    values: Settings
    score: float
    epochs: int
    seconds: float


@dataclass(frozen=True)
class Cost:
    """What a run took. The only part of a record that differs from machine to machine."""

    seconds: float = 0.0
    build_seconds: float = 0.0
    train_seconds: float = 0.0
    milliseconds_per_item: float = 0.0
    peak_memory_mb: float = 0.0
    finished: str = ""


@dataclass(frozen=True)
class Record:
    """One run with its outcome.

    Parameters
    ----------
    run : Run
    status : {"ok", "failed"}
    reason : str
        Why it failed; empty otherwise.
    classes : list of str
        Labels, in the order of the confusion matrix.
    scores : dict of str to float
        ``accuracy``, ``balanced_accuracy``, ``log_loss`` on test items, and
        ``validation_accuracy``; fractions of 1.
    confusion : list of list of int
        Rows are true classes, columns predicted ones.
    curves : dict of str to list of float
        Per epoch: ``loss``, ``accuracy``, ``validation_loss``, ``validation_accuracy``.
    test : list of int
        Positions of the test items in the data set (after quarantine).
    truth, predicted : list of int
        True and predicted class of each, as an index into ``classes``.
    trials : list of Trial
    chosen : dict
        Hyperparameters in the end, tuned ones among them.
    parameters : int
        Trainable parameters; 0 for a baseline.
    cost : Cost
    """

    run: Run
    status: str
    reason: str = ""
    classes: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    confusion: list[list[int]] = field(default_factory=list)
    curves: dict[str, list[float]] = field(default_factory=dict)
    test: list[int] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    predicted: list[int] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    chosen: Settings = field(default_factory=dict)
    parameters: int = 0
    cost: Cost = field(default_factory=Cost)

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"schema": SCHEMA, "key": self.run.key, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """Inverse of `to_json`.

        Raises
        ------
        ValueError
            If the data is of another schema, or its key does not match its run.
        """
        body = dict(data)
        if body.pop("schema", None) != SCHEMA:
            raise ValueError(f"expected a record of schema {SCHEMA}, got {data.get('schema')!r}")
        key = body.pop("key")
        body["run"] = Run(**body["run"])
        body["trials"] = [Trial(**trial) for trial in body["trials"]]
        body["cost"] = Cost(**body["cost"])
        record = cls(**body)
        if record.run.key != key:
            raise ValueError(f"expected the record of run {record.run.key}, got one that says {key}")
        return record
