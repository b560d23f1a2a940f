"""What a run is, and what it leaves behind, as plain data.

A leaf module: it imports the standard library alone, so that pages about runs need
neither Keras nor scikit-learn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

SCHEMA = 1
Settings = dict[str, Any]
LEFT_OUT: Final = "leave-one-group-out"  # the split in which each group is the test once
BY_GROUP: Final = ("stratified-group", LEFT_OUT)  # splits that keep groups whole


def body_of(data: Mapping[str, Any], what: str, schema: int = SCHEMA) -> Settings:
    """Copy plain data without its schema.

    Parameters
    ----------
    data : mapping
        As ``to_json`` gave it.
    what : str
        What it should be, for the message.
    schema : int
        That it should have.

    Raises
    ------
    ValueError
        If the data has another schema.
    """
    body = dict(data)
    if body.pop("schema", None) != schema:
        raise ValueError(f"expected {what} of schema {schema}, got {data.get('schema')!r}")
    return body


_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(data: Any) -> str:
    """JSON with sorted keys and no spaces: equal data, equal text."""
    return _encoder.encode(data)


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

    def to_json(self) -> dict[str, Any]:
        """Plain data, not copied."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @cached_property
    def key(self) -> str:
        """Name of the record: a hash of everything above."""
        return hashlib.sha256(canonical(self.to_json()).encode()).hexdigest()[:24]

    @cached_property
    def cell(self) -> tuple[str, str, str, str, str, str]:
        """What repeats, folds and permutations have in common: data set, split, adapter, kind, model, arm."""
        tuned = " (tuned)" if self.tuning else ""
        arm = "permuted" if self.arm.startswith("permuted ") else self.arm
        return (self.dataset, self.split, label_of(self.adapter), self.kind, label_of(self.model) + tuned, arm)


@dataclass(frozen=True)
class Trial:
    """One point that the tuner tried inside a run, scored on the run's validation items.

    Parameters
    ----------
    values : dict
        The point.
    score : float
        Validation accuracy at the best epoch of the last rung; 0 if the trial failed.
    epochs : int
        Epochs that were trained.
    seconds : float
        Tracing and validation included.
    status : {"completed", "stopped", "failed"}
        ``stopped``: others did better on its last rung.
    rung : int
        The last rung that it finished, counted from 0.
    flops : float
        Floating-point operations of training; 0 if they were not counted.
    parameters : int
        Trainable parameters.
    curves : dict of str to list of float
        As in `Record`; a rung begins where the one before ended.
    reason : str
        Why it failed; empty otherwise.
    parents : list of int
        Trials of the same run that it descends from, counted from 0; empty where the
        oracle breeds none.
    """

    values: Settings
    score: float
    epochs: int
    seconds: float
    status: str = "completed"
    rung: int = 0
    flops: float = 0.0
    parameters: int = 0
    curves: dict[str, list[float]] = field(default_factory=dict)
    reason: str = ""
    parents: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Strain:
    """How many test items were right after their grids were changed in one way, by one strength."""

    name: str
    strength: float
    unit: str
    right: int
    items: int


@dataclass(frozen=True)
class Cost:
    """What a run took. The only part of a record that differs from machine to machine.

    Seconds are by the clock, but ``processor_seconds``: those that its process had of all cores.
    """

    seconds: float = 0.0
    build_seconds: float = 0.0
    train_seconds: float = 0.0
    milliseconds_per_item: float = 0.0
    peak_memory_mb: float = 0.0
    finished: str = ""
    processor_seconds: float = 0.0


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
        Per epoch: ``loss``, ``accuracy``, ``validation_loss``, ``validation_accuracy``; where
        seconds were limited ``planned_epochs``, after which the schedule was to end.
    test : list of int
        Positions of the test items in the data set (after quarantine).
    truth, predicted : list of int
        True and predicted class of each, as an index into ``classes``.
    confidence, likelihood : list of float
        Probability that the model gave to the predicted and to the true class of each;
        empty where a model gives no probabilities.
    trials : list of Trial
    strains : list of Strain
        Empty where robustness was not asked about.
    chosen : dict
        Hyperparameters in the end, tuned ones among them.
    parameters : int
        Trainable parameters; 0 for a baseline.
    macs : int
        Multiply-accumulates of one prediction, as `zoo.measure` counts them; 0 for a baseline.
    cost : Cost
    precision : str
        In which the layers of its network computed, ``float32`` or ``mixed_bfloat16``; empty for a baseline.
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
    confidence: list[float] = field(default_factory=list)
    likelihood: list[float] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    chosen: Settings = field(default_factory=dict)
    parameters: int = 0
    macs: int = 0
    cost: Cost = field(default_factory=Cost)
    strains: list[Strain] = field(default_factory=list)
    precision: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        # dataclasses.asdict would copy every number of every list: ten times as long.
        parts = {"run": self.run.to_json(), "cost": dict(vars(self.cost))}
        lists = {"trials": [dict(vars(t)) for t in self.trials], "strains": [dict(vars(s)) for s in self.strains]}
        return {"schema": SCHEMA, "key": self.run.key, **vars(self), **parts, **lists}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], planned: Run | None = None) -> Record:
        """Inverse of `to_json`.

        Parameters
        ----------
        data : mapping
        planned : Run, optional
            The run that it should be of. If it is, the key of that one serves: comparing is
            quicker than hashing.

        Raises
        ------
        ValueError
            If the data is of another schema, or its key does not match its run.
        """
        body = body_of(data, "a record")
        key = body.pop("key")
        same = planned is not None and planned.to_json() == body["run"]
        body["run"] = planned if same else Run(**body["run"])
        body["trials"] = [Trial(**trial) for trial in body["trials"]]
        body["strains"] = [Strain(**strain) for strain in body.get("strains", [])]
        body["cost"] = Cost(**body["cost"])
        record = cls(**body)
        if record.run.key != key:
            raise ValueError(f"expected the record of run {record.run.key}, got one that says {key}")
        return record
