"""What a drawing consists of, before any markup: frames with axes, tokens, bars, texts, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from adapters.grid import FloatArray
from reports.pictures import coloured, png
from reports.scales import Scale, Tick
from reports.wording import number

PLOT_WIDTH = 164.0  # of a frame's inside, in CSS pixels: an item and its grid fit beside each other
PLOT_HEIGHT = 120.0
COLOURS = "PuOr"  # purple speaks against the class, orange for it
FAINT = 0.08  # of the strongest relevance: what is weaker stays uncoloured
MOST_COLUMNS = 300  # more points than this across a frame cannot be told apart


@dataclass(frozen=True)
class AxisMarks:
    """An axis of a frame: its title, and marks at fractions of its length."""

    title: str
    ticks: Sequence[Tick]


@dataclass(frozen=True)
class ColourBar:
    """What the colours of a frame mean, from the bottom up."""

    image: str
    title: str
    ticks: Sequence[Tick]


@dataclass(frozen=True)
class Line:
    """A path within a frame (SVG path data), and its name where there are several."""

    path: str
    name: str = ""


@dataclass(frozen=True)
class Frame:
    """A plot with two axes: a picture of cells, or lines. ``alt`` says in words what it shows."""

    kind: ClassVar[str] = "frame"
    alt: str
    x: AxisMarks
    y: AxisMarks
    width: float = PLOT_WIDTH
    height: float = PLOT_HEIGHT
    image: str = ""
    lines: Sequence[Line] = ()
    bar: ColourBar | None = None
    sound: str = ""


@dataclass(frozen=True)
class Picture:
    """An image as it is."""

    kind: ClassVar[str] = "picture"
    alt: str
    image: str
    width: int
    height: int


@dataclass(frozen=True)
class Words:
    """A text as it is."""

    kind: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True)
class Row:
    """Names with values: one row of a table."""

    kind: ClassVar[str] = "row"
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Squares:
    """A game board: what stands on each square."""

    kind: ClassVar[str] = "squares"
    alt: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Tokens:
    """A grid of ids: the token in each cell, and how many cells of padding follow."""

    kind: ClassVar[str] = "tokens"
    cells: Sequence[tuple[int, str]]
    hidden: int
    padding: int


@dataclass(frozen=True)
class Bar:
    """A named value, drawn from ``start`` to ``start + length`` (fractions of the track)."""

    name: str
    text: str
    start: float
    length: float


@dataclass(frozen=True)
class Bars:
    """Named cells with one value each; ``signed``: for and against something, in two colours."""

    kind: ClassVar[str] = "bars"
    title: str
    bars: Sequence[Bar]
    hidden: int
    signed: bool = False


@dataclass(frozen=True)
class Note:
    """Why there is no drawing."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True)
class Stack:
    """Several frames below each other: the channels of one grid."""

    kind: ClassVar[str] = "stack"
    frames: Sequence[tuple[str, Frame]]
    hidden: int


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


@dataclass(frozen=True)
class Tiles:
    """A board with coloured squares."""

    kind: ClassVar[str] = "tiles"
    alt: str
    rows: Sequence[Sequence[Run]]


Drawing = Frame | Picture | Words | Row | Squares | Tiles | Tokens | Bars | Note | Stack | Marked


def line_path(values: FloatArray, scale: Scale, width: float = PLOT_WIDTH, height: float = PLOT_HEIGHT) -> str:
    """SVG path of a series across a frame; a gap where values are not finite."""
    step = max(1, len(values) // (2 * MOST_COLUMNS))
    shown = values[::step]
    places = np.linspace(0.0, width, len(shown)) if len(shown) > 1 else np.array([width / 2])
    parts, pen = [], "M"
    for x, value in zip(places, shown, strict=True):
        if np.isfinite(value):
            parts.append(f"{pen}{x:.1f} {height * (1 - scale.at(float(value))):.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(parts) + ("h0.1" if len(parts) == 1 else "")


def envelope_path(samples: FloatArray, scale: Scale) -> str:
    """SVG path of a sound: the lowest and highest sample in each column of a frame."""
    columns = np.array_split(samples, min(MOST_COLUMNS, len(samples)))
    places = (np.arange(len(columns)) + 0.5) * PLOT_WIDTH / len(columns)
    spans = [
        (PLOT_HEIGHT * (1 - scale.at(column.max())), PLOT_HEIGHT * (1 - scale.at(column.min()))) for column in columns
    ]
    return "".join(
        f"M{x:.1f} {top:.1f}V{max(bottom, top + 0.7):.1f}" for x, (top, bottom) in zip(places, spans, strict=True)
    )


def colour_bar(scale: Scale, colour_map: str, title: str) -> ColourBar:
    """Make the legend of a heat map."""
    ramp = np.linspace(scale.high, scale.low, 64)[:, None]
    return ColourBar(png(coloured(ramp, scale.low, scale.high, colour_map)), title, scale.ticks(4))


def bars(names: Sequence[str], values: FloatArray, title: str, texts: Sequence[str], most: int = 40) -> Bars:
    """Draw one bar a name, all from zero, on one scale."""
    finite = np.nan_to_num(values, posinf=0, neginf=0)
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    span = (high - low) or 1.0
    drawn = [
        Bar(name, text, (min(0.0, value) - low) / span, abs(value) / span)
        for name, text, value in zip(names[:most], texts, finite[:most].tolist(), strict=False)
    ]
    return Bars(title, drawn, max(0, len(names) - most))


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
