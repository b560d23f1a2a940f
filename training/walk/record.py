"""A walk as plain data: what a page is made from.

A leaf module, like `training.records`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from training.records import Settings, body_of
from training.walk.learning_record import Chain, Descent, chain_from_json
from training.walk.maps_record import (
    Change,
    Hidden,
    Level,
    Matching,
    Named,
    Plane,
    Reading,
    change_from_json,
    matching_from_json,
    named_from_json,
)

SCHEMA = 1


@dataclass(frozen=True)
class Voter:
    """A feature, its value, and its weight for each class that is shown."""

    name: str
    value: float
    weights: list[float]


@dataclass(frozen=True)
class Votes:
    """How the classes' outputs come about.

    Parameters
    ----------
    layer : str
    kind : {"features", "cells"}
        Whether features are weighed, or the cells of a map for each class averaged.
    count : int
        Features, or cells of a map.
    classes : list of int
        Those that are shown.
    voters : list of Voter
        The features that add most.
    rest, bias : list of float
        What the other features, and the bias, add for each class that is shown.
    maps : list of Named
        Of the classes, where cells vote.
    """

    layer: str
    kind: str
    count: int
    classes: list[int]
    voters: list[Voter]
    rest: list[float]
    bias: list[float]
    maps: list[Named]


@dataclass(frozen=True)
class Walk:
    """One item's way through a network.

    Parameters
    ----------
    item : str
        Its name.
    preview : dict
        As `adapters.base.Adapter.preview` says.
    modality, adapter, architecture : str
    parameters : int
        Weights of the network.
    classes : list of str
    label : str
        The class that the error is measured against.
    given : bool
        Whether that label is the item's; else it is the predicted one.
    grid : list
        What the adapter made, and
    spec : dict
        what its cells mean, as JSON of `adapters.grid.GridSpec`.
    reading : Reading
    matching : Matching or None
        None where the network has no convolution.
    changes : list of Change
    levels : list of Level
    hidden : list of Hidden
    votes : Votes or None
        None where neither features nor cells vote.
    outputs, probabilities : list of float
        Of the classes, before and after the softmax.
    error : float
        Cross-entropy, in nats.
    chains : list of Chain
    descent : Descent
    notes : list of str
        What this network lacks, and what is not shown.
    """

    item: str
    preview: Settings
    modality: str
    adapter: str
    architecture: str
    parameters: int
    classes: list[str]
    label: str
    given: bool
    grid: list[Any]
    spec: Settings
    reading: Reading
    matching: Matching | None
    changes: list[Change]
    levels: list[Level]
    hidden: list[Hidden]
    votes: Votes | None
    outputs: list[float]
    probabilities: list[float]
    error: float
    chains: list[Chain]
    descent: Descent
    notes: list[str]

    @property
    def predicted(self) -> str:
        """The most probable class."""
        return self.classes[max(range(len(self.classes)), key=self.probabilities.__getitem__)]

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Walk:
        """Inverse of `to_json`.

        Raises
        ------
        ValueError
            If the data has another schema.
        """
        body = body_of(data, "a walk", SCHEMA)
        body["reading"] = Reading(**{**body["reading"], "maps": named_from_json(body["reading"]["maps"])})
        body["matching"] = body["matching"] and matching_from_json(body["matching"])
        body["changes"] = [change_from_json(part) for part in body["changes"]]
        body["levels"] = [Level(**{**part, "maps": named_from_json(part["maps"])}) for part in body["levels"]]
        body["hidden"] = [Hidden(**{**part, "values": Plane(**part["values"])}) for part in body["hidden"]]
        body["votes"] = body["votes"] and _votes(body["votes"])
        body["chains"] = [chain_from_json(part) for part in body["chains"]]
        body["descent"] = Descent(**body["descent"])
        return cls(**body)


def _votes(part: Mapping[str, Any]) -> Votes:
    return Votes(**{**part, "voters": [Voter(**one) for one in part["voters"]], "maps": named_from_json(part["maps"])})
