"""Data whose label rests on a known place: what relevance must point at.

Each task hides one piece of evidence in noise. `landed` then measures how much of a map
lies there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.grid import Attribution, FloatArray
from training.records import Settings

Span = tuple[float, float]
Random = np.random.Generator


@dataclass(frozen=True)
class Task:
    """Items with the place of their evidence.

    Parameters
    ----------
    modality : str
    adapter : dict
        Settings of the adapter that suits.
    items : list
    labels : list of str
    places : list of list of list of (float, float)
        For each item and each of its axes, the spans that hold the evidence.
    """

    modality: str
    adapter: Settings
    items: list[Any]
    labels: list[str]
    places: list[list[list[Span]]]


@dataclass(frozen=True)
class Landed:
    """Where a map of relevance lies.

    Parameters
    ----------
    mass : float
        The share of its positive relevance that lies at the evidence; 0 if there is none.
    hit : bool
        Whether its largest cell does: the pointing game (Zhang et al. 2018, arXiv:1608.00507).
    area : float
        The share of the item's cells that lie there: what chance would give.
    """

    mass: float
    hit: bool
    area: float


def landed(found: Attribution, place: list[list[Span]]) -> Landed:
    """Measure how much of a map lies at the evidence.

    Parameters
    ----------
    found : Attribution
    place : list of list of (float, float)
        Spans along each axis of ``found``, in its units.

    Examples
    --------
    >>> from adapters.grid import Axis
    >>> landed(Attribution((Axis.counted("x", 4),), np.array([-1.0, 3.0, 1.0, 0.0])), [[(1, 2)]])
    Landed(mass=0.75, hit=True, area=0.25)
    """
    inside: FloatArray = np.ones(())
    for axis, spans in zip(found.axes, place, strict=True):
        low, high = np.sort(np.stack([axis.edges[:-1], axis.edges[1:]]), axis=0)
        covered = sum(np.clip(np.minimum(high, b) - np.maximum(low, a), 0, None) for a, b in spans)
        inside = np.multiply.outer(inside, covered / (high - low))
    positive = np.maximum(found.values, 0)
    total = float(positive.sum())
    top = np.unravel_index(int(np.argmax(found.values)), found.values.shape)
    mass = float((positive * inside).sum()) / total if total > 0 else 0.0
    return Landed(mass, total > 0 and bool(inside[top] >= 0.5), float(inside.mean()))


def glyph_in_a_corner(count: int, rng: Random) -> Task:
    """Grey pictures, 20 × 20 pixels of noise: a cross or a ring of 5 × 5 in one of the corners."""
    ring = np.pad(np.zeros((3, 3)), 1, constant_values=1.0)
    glyphs = {"cross": np.maximum(np.eye(5), np.eye(5)[::-1]), "ring": ring}
    items, labels, places = [], [], []
    for label in _labels(count, rng, ("cross", "ring")):
        picture = rng.uniform(0, 110, (20, 20))
        row, column = (int(start) for start in rng.choice([1, 14], 2))
        picture[row : row + 5, column : column + 5] += 145 * glyphs[label]
        items.append(picture.astype(np.uint8))
        labels.append(label)
        places.append([[(float(row), row + 5.0)], [(float(column), column + 5.0)]])
    return Task("image", {"name": "image", "height": 20, "width": 20}, items, labels, places)


def chirp_in_noise(count: int, rng: Random) -> Task:
    """Sounds of one second: noise, and from 0.4 to 0.6 s a chirp between 800 and 2400 Hz that rises or falls."""
    rate, time = 8000, np.arange(1600) / 8000
    items, labels, places = [], [], []
    for label in _labels(count, rng, ("falling", "rising")):
        sound = rng.normal(0, 0.05, rate)
        low, high = (800.0, 2400.0) if label == "rising" else (2400.0, 800.0)
        phase = 2 * np.pi * (low * time + (high - low) * time**2 / 0.4)
        sound[3200:4800] += 0.4 * np.hanning(1600) * np.sin(phase + rng.uniform(0, 6.28))
        items.append((sound.astype(np.float32), rate))
        labels.append(label)
        places.append([[(0.4, 0.6)], [(600.0, 2800.0)]])
    adapter = {"name": "mel-spectrogram", "sample_rate": rate, "n_fft": 256, "hop_length": 200, "n_mels": 32}
    return Task("sound", adapter, items, labels, places)


def motif_in_a_sequence(count: int, rng: Random) -> Task:
    """Sequences of 60 letters of DNA: one of two motifs of seven letters, anywhere."""
    motifs = {"a": "GATTACA", "b": "CTGGTCC"}
    items, labels, places = [], [], []
    for label in _labels(count, rng, ("a", "b")):
        letters = rng.choice(list("ACGT"), 60)
        start = int(rng.integers(0, 54))
        letters[start : start + 7] = list(motifs[label])
        items.append("".join(letters))
        labels.append(label)
        places.append([[(float(start), start + 7.0)]])
    return Task("text", {"name": "characters", "lower": False}, items, labels, places)


def word_in_a_sentence(count: int, rng: Random) -> Task:
    """Sentences of 12 words, of which one tells the label."""
    telling = {"bad": ("dull", "awful", "weak"), "good": ("superb", "lovely", "fresh")}
    plain = [
        "the",
        "a",
        "film",
        "plot",
        "of",
        "and",
        "with",
        "story",
        "actor",
        "scene",
        "was",
        "in",
        "it",
        "that",
        "there",
        "music",
    ]
    items, labels, places = [], [], []
    for label in _labels(count, rng, ("bad", "good")):
        words = [str(word) for word in rng.choice(plain, 12)]
        place = int(rng.integers(12))
        words[place] = str(rng.choice(telling[label]))
        start = len(" ".join(words[:place])) + (place > 0)
        items.append(" ".join(words))
        labels.append(label)
        # A token owns the space after it.
        places.append([[(float(start), start + len(words[place]) + float(place < 11))]])
    return Task("text", {"name": "words"}, items, labels, places)


def bump_in_a_series(count: int, rng: Random) -> Task:
    """Series of 80 samples of noise: a bump of 12 samples, upwards or downwards, anywhere."""
    items, labels, places = [], [], []
    for label in _labels(count, rng, ("down", "up")):
        values = rng.normal(0, 0.3, 80)
        start = int(rng.integers(0, 69))
        values[start : start + 12] += (2.0 if label == "up" else -2.0) * np.hanning(12)
        items.append(values.astype(np.float32))
        labels.append(label)
        places.append([[(float(start), start + 12.0)]])
    return Task("series", {"name": "series", "normalise": False}, items, labels, places)


def two_columns_of_a_table(count: int, rng: Random) -> Task:
    """Rows of ten columns, of which the sum of two tells the label."""
    rows = rng.normal(0, 1, (count, 10))
    rows[:, 7] = np.where(rng.random(count) < 0.5, 1, -1) * np.abs(rng.normal(1.2, 0.4, count)) - rows[:, 3]
    labels = ["high" if row[3] + row[7] > 0 else "low" for row in rows]
    items = [{f"x{i}": float(value) for i, value in enumerate(row)} for row in rows]
    return Task("table", {"name": "table-row"}, items, labels, [[[(3.0, 4.0), (7.0, 8.0)]]] * count)


def square_on_a_board(count: int, rng: Random) -> Task:
    """Boards of 7 × 7 squares, crosses, noughts and empty ones: who stands on one of them wins."""
    items, labels = [], []
    for label in _labels(count, rng, ("O", "X")):
        board: NDArray[np.str_] = rng.choice(list(".XO"), (7, 7), p=[0.4, 0.3, 0.3])
        board[2, 4] = label
        items.append(["".join(row) for row in board])
        labels.append(label)
    return Task("board", {"name": "board", "empty": "."}, items, labels, [[[(2.0, 3.0)], [(4.0, 5.0)]]] * count)


TASKS: Mapping[str, Callable[[int, Random], Task]] = {
    "image": glyph_in_a_corner,
    "sound": chirp_in_noise,
    "letters": motif_in_a_sequence,
    "words": word_in_a_sentence,
    "series": bump_in_a_series,
    "table": two_columns_of_a_table,
    "board": square_on_a_board,
}


def _labels(count: int, rng: Random, classes: tuple[str, str]) -> list[str]:
    return [classes[i] for i in rng.integers(0, 2, count)]
