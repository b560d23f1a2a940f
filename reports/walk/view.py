"""A walk, arranged for a page: its steps, one idea each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from adapters.grid import GridSpec
from reports.drawings import Drawing
from reports.grids import draw_grid
from reports.items import draw_item
from reports.walk.checks import Check, checks
from reports.wording import MINUS
from training.walk.maps_record import Change
from training.walk.record import Walk

ITEMS = {
    "image": "The picture",
    "sound": "The sound",
    "text": "The text",
    "series": "The series",
    "table": "The row",
    "board": "The board",
}
CHANGES = {"normalise": "Bring the map to a common scale", "pool": "Pool: keep one number a window"}
MOST_CLASSES = 10


@dataclass(frozen=True)
class Step:
    """One screen: its template, its heading, what it shows, and which of several it is."""

    kind: str
    title: str
    part: Any = None
    place: int = 0


@dataclass(frozen=True)
class Share:
    """A class on its way through the softmax."""

    name: str
    output: float
    power: float
    share: float


@dataclass(frozen=True)
class WalkView:
    """A walk, arranged for a page."""

    walk: Walk

    @cached_property
    def item(self) -> Drawing:
        """The item as a person knows it."""
        return draw_item(self.walk.preview)

    @cached_property
    def grid(self) -> Drawing:
        """What the adapter made of it."""
        return draw_grid(self.walk.grid, GridSpec.from_json(self.walk.spec))

    @cached_property
    def cells(self) -> str:
        """How many cells along each axis."""
        return " × ".join(str(size) for size in GridSpec.from_json(self.walk.spec).spatial)

    @cached_property
    def steps(self) -> list[Step]:
        """The steps that this network has."""
        walk = self.walk
        found = [
            Step("grid", f"{ITEMS.get(walk.modality, 'The item')} becomes a grid of numbers"),
            Step("reading", "Each token becomes a vector" if walk.reading.tokens else "What the network reads"),
        ]
        if walk.matching:
            found.append(Step("match", "A filter at its best match", walk.matching))
            found.append(Step("map", "The filter tries every place", walk.matching))
        found += [Step(change.kind, _title(change), change, place) for place, change in enumerate(walk.changes)]
        if walk.levels:
            found.append(Step("levels", "Stack the stages", walk.levels))
        if walk.hidden:
            found.append(Step("hidden", "Every unit listens to everything", walk.hidden))
        if walk.votes:
            title = "The features vote" if walk.votes.kind == "features" else "The cells vote"
            found.append(Step("votes", title, walk.votes))
        found += [Step("squash", "Squash the votes into shares"), Step("error", "How wrong was it?")]
        found += [Step("chain", f"Pass the blame back to {one.layer}", one, n) for n, one in enumerate(walk.chains)]
        found += [Step("descent", "One step downhill", walk.descent), Step("end", "Checked, and left out")]
        return found

    @cached_property
    def shares(self) -> list[Share]:
        """The most probable classes, and the label's."""
        walk = self.walk
        outputs = np.asarray(walk.outputs)
        powers = np.exp(outputs - outputs.max())
        ranked = [int(index) for index in outputs.argsort(kind="stable")[::-1]]
        label = walk.classes.index(walk.label)
        kept = ranked[:MOST_CLASSES] if label in ranked[:MOST_CLASSES] else [*ranked[: MOST_CLASSES - 1], label]
        rows = zip(walk.classes, walk.outputs, powers.tolist(), walk.probabilities, strict=True)
        shares = [Share(*row) for row in rows]
        return [shares[index] for index in kept]

    @property
    def powers(self) -> float:
        """The sum of all powers, those of the classes that are not shown among them."""
        outputs = np.asarray(self.walk.outputs)
        return float(np.exp(outputs - outputs.max()).sum())

    @property
    def share(self) -> float:
        """The label's."""
        return self.walk.probabilities[self.walk.classes.index(self.walk.label)]

    @staticmethod
    def exact(value: float) -> str:
        """Write a number with six digits: what a small step changes would be lost in three."""
        return f"{value:.6g}".replace("-", MINUS)

    @cached_property
    def checks(self) -> list[Check]:
        """Sums by hand beside Keras' own."""
        return checks(self.walk)


def _title(change: Change) -> str:
    if change.kind == "activate":
        return f"Bend each cell: {change.name}"
    whole = change.kind == "pool" and change.maps[0].before.size == change.size
    return "Pool: keep one number a map" if whole else CHANGES[change.kind]
