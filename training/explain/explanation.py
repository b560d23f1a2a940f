"""An explanation as plain data: what a page is made from.

A leaf module, like `training.records`: it imports the standard library, `training.records` and
`training.explain.anatomy`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from training.explain.anatomy import Filters, Shown, Stage, stage_from_json
from training.records import Settings, body_of

SCHEMA = 1


@dataclass(frozen=True)
class Curve:
    """The probability of the explained class while cells are taken away, or put back.

    Parameters
    ----------
    values : list of float
        At equal steps, from no cell to all cells.
    area : float
        Mean height of the curve, by the trapezoidal rule.
    """

    values: list[float]
    area: float


@dataclass(frozen=True)
class Relevance:
    """What one method finds relevant, and what its checks say.

    Parameters
    ----------
    name : str
        As in `training.explain.methods.METHODS`.
    axes : list of dict
        The item's own axes, as JSON of `adapters.grid.Axis`; long ones are cut into
        fewer, longer cells.
    values : list
        Relevance in log-odds, nested lists over ``axes``.
    total : float
        Its sum.
    randomised : list of float or None
        Rank correlation with the maps of networks of random weights, one a draw; None
        where a map is constant.
    deletion, insertion : Curve
        Most relevant cells first.
    """

    name: str
    axes: list[Settings]
    values: list[Any]
    total: float
    randomised: list[float | None]
    deletion: Curve
    insertion: Curve


@dataclass(frozen=True)
class RandomOrder:
    """The curves of cells in random order, one a draw: what an order must beat."""

    deletion: list[Curve]
    insertion: list[Curve]


@dataclass(frozen=True)
class Completeness:
    """Whether integrated gradients account for the output.

    Parameters
    ----------
    total : float
        Sum of the relevance.
    difference : float
        Log-odds of the item less those of the baseline; equals ``total`` in the limit.
    """

    total: float
    difference: float


@dataclass(frozen=True)
class Heard:
    """The relevant part of a sound.

    Parameters
    ----------
    samples : list of float
        From −1 to 1.
    rate : int
        Hz.
    method : str
        Whose relevance chose the cells.
    cells : float
        The share of the grid's cells that were kept.
    how : str
        How cells became a sound again.
    """

    samples: list[float]
    rate: int
    method: str
    cells: float
    how: str


@dataclass(frozen=True)
class Explanation:
    """One item's way through a network, and what its label rests on.

    Parameters
    ----------
    item : str
        Its name.
    preview : dict
        As `adapters.base.Adapter.preview` says.
    modality, adapter, architecture : str
    classes : list of str
    probabilities : list of float
        Of the classes, in their order.
    target : str
        The class that is explained.
    grid : list
        What the network was given, before it was scaled, and
    spec : dict
        what its cells mean, as JSON of `adapters.grid.GridSpec`, its axes in the item's units.
    relevances : list of Relevance
    random_order : RandomOrder
    agreement : list of list of float or None
        Rank correlation of the methods' maps, in the order of ``relevances``.
    completeness : Completeness
    stages : list of Stage
    filters : Filters or None
        None where the network has no convolution.
    gallery : list of Shown
        Training items that `Match` refers to.
    searched : int
        Training items that were searched; 0 if none were given.
    heard : Heard or None
        For sounds.
    notes : list of str
        What could not be computed, and why.
    seed : int
    """

    item: str
    preview: Settings
    modality: str
    adapter: str
    architecture: str
    classes: list[str]
    probabilities: list[float]
    target: str
    grid: list[Any]
    spec: Settings
    relevances: list[Relevance]
    random_order: RandomOrder
    agreement: list[list[float | None]]
    completeness: Completeness
    stages: list[Stage]
    filters: Filters | None
    gallery: list[Shown]
    searched: int
    heard: Heard | None
    notes: list[str]
    seed: int

    @property
    def predicted(self) -> str:
        """The most probable class."""
        return self.classes[max(range(len(self.classes)), key=self.probabilities.__getitem__)]

    def to_json(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Explanation:
        """Inverse of `to_json`.

        Raises
        ------
        ValueError
            If the data has another schema.
        """
        body = body_of(data, "an explanation", SCHEMA)
        body["relevances"] = [_relevance(part) for part in body["relevances"]]
        body["random_order"] = RandomOrder(
            *([Curve(**curve) for curve in body["random_order"][kind]] for kind in ("deletion", "insertion"))
        )
        body["completeness"] = Completeness(**body["completeness"])
        body["stages"] = [stage_from_json(part) for part in body["stages"]]
        body["filters"] = body["filters"] and Filters(**body["filters"])
        body["gallery"] = [Shown(**part) for part in body["gallery"]]
        body["heard"] = body["heard"] and Heard(**body["heard"])
        return cls(**body)


def _relevance(part: Mapping[str, Any]) -> Relevance:
    curves = {kind: Curve(**part[kind]) for kind in ("deletion", "insertion")}
    return Relevance(**{**part, **curves})
