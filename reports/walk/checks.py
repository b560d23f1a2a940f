"""Do again by hand what Keras did, with the numbers that a walk shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from training.walk.maps_record import Change
from training.walk.record import Votes, Walk

SMALLEST = 1e-3  # differences are told as parts of the number, or of this where it is smaller


@dataclass(frozen=True)
class Check:
    """One sort of arithmetic: how many numbers were done again, and the largest difference.

    Parameters
    ----------
    name : str
    count : int
    worst : float
        As a part of Keras' number.
    """

    name: str
    count: int
    worst: float


def checks(walk: Walk) -> list[Check]:
    """Compare every sum, product and slope that is shown with Keras' own."""
    found = {
        "filters at their best match": list(_matches(walk)),
        "cells that were normalised or pooled": [pair for change in walk.changes for pair in _changed(change)],
        "votes of the classes": list(_votes(walk.votes, walk.outputs)),
        "error": [(_error(walk), walk.error)],
        "slopes of weights": [(chain.total, chain.automatic) for chain in walk.chains],
    }
    return [Check(name, len(pairs), max(map(_apart, pairs))) for name, pairs in found.items() if pairs]


def _apart(pair: tuple[float, float]) -> float:
    own, keras = pair
    return abs(own - keras) / max(abs(keras), SMALLEST)


def _error(walk: Walk) -> float:
    """Give the negative logarithm of the label's share; from the outputs, since the share itself may be too small."""
    outputs = np.asarray(walk.outputs)
    above = outputs - outputs[walk.classes.index(walk.label)]
    return float(above.max() + np.log(np.exp(above - above.max()).sum()))


def _matches(walk: Walk) -> Iterator[tuple[float, float]]:
    for one in walk.matching.filters if walk.matching else ():
        products = sum(float(np.sum(np.multiply(part.under, part.weights))) for part in one.slices)
        yield products + one.rest + one.bias, one.value


def _changed(change: Change) -> Iterator[tuple[float, float]]:
    for one in change.maps:
        if one.factor is not None and one.offset is not None:
            yield one.inputs[0] * one.factor + one.offset, one.output
        elif change.kind == "pool" and one.inputs:
            yield (max(one.inputs) if change.name == "max" else float(np.mean(one.inputs))), one.output


def _votes(votes: Votes | None, outputs: list[float]) -> Iterator[tuple[float, float]]:
    if votes is None or votes.kind != "features":
        return
    for place, index in enumerate(votes.classes):
        total = sum(voter.value * voter.weights[place] for voter in votes.voters)
        yield total + votes.rest[place] + votes.bias[place], outputs[index]
