"""Items with their labels, groups and official split, and where they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError, ItemError


@dataclass(frozen=True)
class Provenance:
    """Where a data set comes from, in words for a report.

    Parameters
    ----------
    title : str
        One line for people.
    origin, licence, citation : str
        Empty where unknown.
    synthetic : bool
        Whether the items were made by a program. Reports say so.
    guesses : tuple of str
        What the source assumed about the data without being told.
    split, groups : str
        The official split, and what a group is; empty where there is none.
    published : tuple of str
        Results that others published, with their source.
    """

    title: str
    origin: str = ""
    licence: str = ""
    citation: str = ""
    synthetic: bool = False
    guesses: tuple[str, ...] = ()
    split: str = ""
    groups: str = ""
    published: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """Labelled items of one modality.

    Parameters
    ----------
    name : str
        Its short name.
    modality : {"image", "sound", "text", "series", "table", "board"}
    items : sequence
        Paths, arrays, strings or rows.
    labels : ndarray of str, shape (n,)
    provenance : Provenance
    groups : ndarray of str, shape (n,), optional
        What must not be in training and test at once: speaker, patient, track.
    group_name : str
        What a group is, such as ``"speaker"``.
    parts : ndarray of str, shape (n,), optional
        The official split: ``"train"`` or ``"test"``.
    bad : tuple of ItemError
        Items that the source itself could not read; they are not among ``items``.
    adapter : dict
        Settings of the adapter that suits these items, ``name`` among them.
        Empty where the modality's default does.
    """

    name: str
    modality: str
    items: Sequence[Any]
    labels: NDArray[np.str_]
    provenance: Provenance
    groups: NDArray[np.str_] | None = None
    group_name: str = "group"
    parts: NDArray[np.str_] | None = None
    bad: tuple[ItemError, ...] = ()
    adapter: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for what, values in (("labels", self.labels), ("groups", self.groups), ("parts", self.parts)):
            if values is not None and len(values) != len(self.items):
                raise DataError(f"{self.name}: expected {len(self.items)} {what}, got {len(values)}")
        if len(self.items) == 0:
            raise DataError(f"{self.name}: expected labelled items, found none that can be read")
        if len(self.classes) < 2:
            raise DataError(
                f"{self.name}: expected at least 2 classes, found 1 ({self.classes[0]!r}); "
                "put each class into a folder of its own, or name another target column"
            )

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        aside = f", {len(self.bad)} set aside" if self.bad else ""
        return f"<Dataset {self.name!r}: {len(self)} {self.modality} items of {len(self.classes)} classes{aside}>"

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels that occur, sorted."""
        return tuple(str(label) for label in np.unique(self.labels))

    @property
    def counts(self) -> dict[str, int]:
        """How many items each class has."""
        counter = Counter(self.labels.tolist())
        return {name: counter[name] for name in self.classes}

    def take(self, positions: Sequence[int] | NDArray[np.int64], bad: Sequence[ItemError] = ()) -> Dataset:
        """Keep the items at ``positions``; ``bad`` joins the list of items that were set aside."""
        index = np.asarray(positions, dtype=np.int64)
        return replace(
            self,
            items=[self.items[i] for i in index],
            labels=self.labels[index],
            groups=None if self.groups is None else self.groups[index],
            parts=None if self.parts is None else self.parts[index],
            bad=(*self.bad, *bad),
        )
