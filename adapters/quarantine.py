"""Items that cannot be read are set aside, counted and named; the others go on."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import reduce

import numpy as np

from adapters.dataset import Dataset
from adapters.errors import ItemError
from adapters.reading import Reading, Values

NAMED = 3  # of the items set aside, in a warning


def readable(dataset: Dataset, readings: Sequence[Reading]) -> tuple[Dataset, list[Values]]:
    """Drop every item that any of several adapters could not read, so that all see the same items.

    Parameters
    ----------
    dataset : Dataset
    readings : sequence of Reading
        Of its items, one an adapter.

    Returns
    -------
    dataset : Dataset
        Of what is left; the others joined its ``bad``.
    values : list of Values
        What is left, decoded, one an adapter.

    Raises
    ------
    DataError
        If nothing is left, or a single class.
    """
    kept = reduce(np.intersect1d, (reading.kept for reading in readings))
    errors: dict[str, ItemError] = {error.item: error for reading in readings for error in reading.errors}
    if not len(kept):
        raise next(iter(errors.values()))
    values = [reading.values.take(np.searchsorted(reading.kept, kept)) for reading in readings]
    return dataset.take(kept, tuple(errors.values())), values


def warn_of_bad(dataset: Dataset) -> None:
    """Say how many items were set aside, and of the first ones why; nothing if there are none.

    Warns
    -----
    UserWarning
    """
    if bad := dataset.bad:
        named = "; ".join(map(str, bad[:NAMED])) + ("; …" if len(bad) > NAMED else "")
        count = f"{len(bad)} of {len(bad) + len(dataset)} items"
        warnings.warn(f"{dataset.name}: {count} could not be read and were left out: {named}", stacklevel=3)
