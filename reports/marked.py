"""Text in pieces, each on a ground whose colour says how relevant it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from adapters.grid import FloatArray
from reports.pictures import coloured
from reports.wording import number

COLOURS = "PuOr"  # purple speaks against the class, orange for it
FAINT = 0.08  # of the strongest relevance: what is weaker stays uncoloured


@dataclass(frozen=True)
class Run:
    """A piece of text with one colour; both colours are empty where it has little relevance."""

    text: str
    background: str
    ink: str
    value: str


@dataclass(frozen=True)
class Marked:
    """A text with its relevant pieces highlighted."""

    kind: ClassVar[str] = "marked"
    alt: str
    runs: Sequence[Run]
    hidden: int


def ink_on(colour: NDArray[np.uint8]) -> str:
    """Black or white, whichever is read better on a colour (WCAG 2.2, relative luminance)."""
    linear = np.where(colour / 255 <= 0.04045, colour / 255 / 12.92, ((colour / 255 + 0.055) / 1.055) ** 2.4)
    return "#000" if float(linear @ [0.2126, 0.7152, 0.0722]) > 0.179 else "#fff"


def runs_of(pieces: Sequence[str], values: FloatArray, largest: float) -> list[Run]:
    """Colour pieces by their values; ``largest`` has the strongest colour."""
    shown = values[: len(pieces)]
    colours = coloured(shown[None], -largest, largest, COLOURS)[0]
    return [run_of(*one, largest) for one in zip(pieces, shown.tolist(), colours, strict=True)]


def run_of(text: str, value: float, colour: NDArray[np.uint8], largest: float) -> Run:
    """Colour one piece; one of little relevance stays uncoloured."""
    if abs(value) < FAINT * largest:
        return Run(text, "", "", number(value))
    return Run(text, "#" + bytes(colour.tolist()).hex(), ink_on(colour), number(value))
