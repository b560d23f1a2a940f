"""What a look inside one network of a comparison found, as plain data.

A leaf module, like `training.records`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from training.explain.explanation import Explanation
from training.records import body_of
from training.walk.record import Walk

SCHEMA = 2


@dataclass(frozen=True)
class Look:
    """One test item, and what the network's label of it rests on.

    Parameters
    ----------
    position : int
        In the data set, after quarantine, as in ``Record.test``.
    name, label : str
        How to find it again; its true class.
    explanation : Explanation or None
        Of the class that the network gives it.
    reason : str
        Why there is no explanation; empty otherwise.
    """

    position: int
    name: str
    label: str
    explanation: Explanation | None = None
    reason: str = ""

    @property
    def right(self) -> bool:
        """Whether the network gives it its true class."""
        return self.explanation is not None and self.explanation.predicted == self.label


@dataclass(frozen=True)
class Insight:
    """A look inside the network of one run.

    Parameters
    ----------
    key : str
        Of the run.
    split, adapter, model : str
        As in its cell.
    repeat, fold : int
    items : int
        Its test items.
    same : int
        How many of them the network labels as the run did; it may have been trained again.
    mistakes : int
        Test items that the run labelled wrongly.
    looks : list of Look
        The first with its stages and filters.
    walk : Walk or None
        The way through the network of the item whose stages are shown.
    unwalked : str
        Why there is no walk; empty otherwise.
    reason : str
        Why the network could not be looked into; empty otherwise.
    """

    key: str
    split: str
    adapter: str
    model: str
    repeat: int
    fold: int
    items: int
    same: int = 0
    mistakes: int = 0
    looks: list[Look] = field(default_factory=list)
    walk: Walk | None = None
    unwalked: str = ""
    reason: str = ""

    @property
    def opened(self) -> Look | None:
        """The item on which filters and stages are shown."""
        return next((one for one in self.looks if one.explanation and one.explanation.stages), None)

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        looks = [{**vars(look), "explanation": look.explanation and look.explanation.to_json()} for look in self.looks]
        walk = self.walk and self.walk.to_json()
        return {"schema": SCHEMA, **vars(self), "looks": looks, "walk": walk}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Insight:
        """Inverse of `to_json`.

        Raises
        ------
        ValueError
            If the data has another schema.
        """
        body = body_of(data, "an insight", SCHEMA)
        body["looks"] = [_look(part) for part in body["looks"]]
        body["walk"] = body["walk"] and Walk.from_json(body["walk"])
        return cls(**body)


def _look(part: Mapping[str, Any]) -> Look:
    told = part["explanation"]
    return Look(**{**part, "explanation": told and Explanation.from_json(told)})
