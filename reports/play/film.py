"""Pictures of boards: what was seen, what spoke for an action, what a feature map made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.grid import FloatArray
from reports.pictures import coloured, png
from reports.wording import number, percent
from training.play.records import Film, Frame, PlayRecord, Watcher

CELL = 6  # pixels of a cell where pieces are marked on relevance
# Okabe and Ito (2008), safe for colour-blind readers, then three greys and browns for the games with more pieces.
COLOURS = ("0072b2", "d55e00", "e69f00", "009e73", "cc79a7", "56b4e9", "f0e442", "4d4d4d", "8c564b", "999999")
GROUND = "f1f4f6"


@dataclass(frozen=True)
class Piece:
    """A plane of the board and its colour."""

    name: str
    colour: str


@dataclass(frozen=True)
class Shot:
    """One picture of a film, drawn."""

    step: int
    action: str
    chance: str
    reward: str
    board: str
    board_alt: str
    relevance: str
    relevance_alt: str


@dataclass(frozen=True)
class Watched:
    """A feature map beside the plane that it follows."""

    watcher: Watcher
    plane: str
    map: str
    alt: str


def pieces(record: PlayRecord) -> list[Piece]:
    """Give each plane a colour."""
    return [Piece(name, f"#{COLOURS[at % len(COLOURS)]}") for at, name in enumerate(record.planes)]


def shots(record: PlayRecord) -> list[Shot]:
    """Draw the pictures of a film, relevance on one scale for all of them."""
    if record.film is None:
        return []
    return [_shot(frame, record, largest(record.film)) for frame in record.film.frames]


def largest(film: Film) -> float:
    """Size of the largest relevance in a film."""
    return max(float(np.abs(np.asarray(frame.relevance)).max()) for frame in film.frames) or 1.0


def _shot(frame: Frame, record: PlayRecord, most: float) -> Shot:
    seen, relevance = np.asarray(frame.seen, dtype=float), np.asarray(frame.relevance, dtype=float)
    chance = frame.chances[record.actions.index(frame.action)]
    return Shot(
        frame.step, frame.action, percent(chance), number(frame.reward) if frame.reward else "",
        png(board(seen)), f"step {frame.step}: {_where(seen, record)}",
        png(marked(relevance, seen, most)), _strongest(relevance, frame.action),
    )  # fmt: skip


def board(seen: FloatArray) -> NDArray[np.uint8]:
    """Colour each cell by the piece on it, one pixel a cell; a later plane hides an earlier one.

    Parameters
    ----------
    seen : ndarray, shape (rows, columns, planes)
        From 0 for nothing to 1.
    """
    pixels = np.empty((*seen.shape[:2], 3))
    pixels[:] = list(bytes.fromhex(GROUND))
    for plane in range(seen.shape[2]):
        share = seen[..., plane, None]
        pixels = pixels * (1 - share) + np.array(list(bytes.fromhex(COLOURS[plane % len(COLOURS)]))) * share
    return np.asarray(pixels.round(), dtype=np.uint8)


def marked(relevance: FloatArray, seen: FloatArray, most: float) -> NDArray[np.uint8]:
    """Colour cells by relevance, orange for and purple against, with a dark point on each cell that holds a piece."""
    pixels = coloured(relevance, -most, most, "PuOr").repeat(CELL, axis=0).repeat(CELL, axis=1)
    low, high = CELL // 2 - 1, CELL // 2 + 1
    for row, column in np.argwhere(seen.max(axis=2) > 0.5):
        pixels[row * CELL + low : row * CELL + high, column * CELL + low : column * CELL + high] = 29
    return pixels


def _where(seen: FloatArray, record: PlayRecord) -> str:
    """Say in words where the rare pieces are."""
    said = []
    for plane, name in enumerate(record.planes):
        cells = np.argwhere(seen[..., plane] > 0.5)
        place = f"row {cells[0][0] + 1}, column {cells[0][1] + 1}" if len(cells) == 1 else f"{len(cells)} cells"
        said += [f"{name} {place}"] if len(cells) else []
    return "; ".join(said) or "an empty board"


def _strongest(relevance: FloatArray, action: str) -> str:
    row, column = np.unravel_index(int(np.abs(relevance).argmax()), relevance.shape)
    value = float(relevance[row, column])
    return f"most relevant for {action}: row {row + 1}, column {column + 1} with {number(value)}"


def watched(record: PlayRecord) -> list[Watched]:
    """Draw the maps that follow planes, each beside its plane."""
    if record.film is None:
        return []
    return [_watched(watcher, record, record.film) for watcher in record.watchers]


def _watched(watcher: Watcher, record: PlayRecord, film: Film) -> Watched:
    plane = np.asarray(film.frames[watcher.frame].seen, dtype=float)[..., record.planes.index(watcher.plane)]
    values = np.asarray(watcher.map, dtype=float)
    high = float(values.max()) or 1.0
    return Watched(
        watcher, png(coloured(plane, 0, 1, "viridis")), png(coloured(values, min(0.0, float(values.min())), high, "viridis")),
        f"channel {watcher.channel + 1} of {watcher.layer}, at most {number(high)}",
    )  # fmt: skip
