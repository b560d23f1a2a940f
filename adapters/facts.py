"""What items of each modality look like: sizes, lengths, colours, levels, missing values."""

from __future__ import annotations

import io
import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters import registry

Numbers = NDArray[np.float64]
Labels = Sequence[str] | None
SAME_ASPECT = 1.1  # as wide again as the median, or as narrow


@dataclass(frozen=True)
class ImageFacts:
    """Sizes in pixels, and the share that has colours."""

    heights: Numbers
    widths: Numbers
    coloured: float

    def sizes(self) -> str:
        """Sizes in words: one, or the smallest, the largest and the median."""
        low, high, middle = (f"{f(self.heights):g} × {f(self.widths):g}" for f in (np.min, np.max, np.median))
        return low if low == high else f"{low} to {high}, median {middle}"

    def of_another_aspect(self) -> float:
        """Share of pictures whose aspect is more than a tenth away from the median's."""
        aspects = self.widths / self.heights
        ratio = np.abs(np.log(aspects / np.median(aspects)))
        return float((ratio > math.log(SAME_ASPECT)).mean())


@dataclass(frozen=True)
class SoundFacts:
    """The commonest rate in Hz, and how long each sound lasts."""

    rate: int
    seconds: Numbers


@dataclass(frozen=True)
class TextFacts:
    """Lengths of each text, and the characters that occur."""

    words: list[int]
    characters: list[int]
    lines: list[int]
    alphabet: frozenset[str]

    def is_of_single_words(self) -> bool:
        """Whether most texts are one word: names, sequences."""
        return statistics.median(self.words) == 1


@dataclass(frozen=True)
class SeriesFacts:
    """Lengths in samples and levels.

    ``levels`` is how far the series' means differ, in units of a series' own deviation;
    ``between_classes`` which share of their variance lies between classes.
    """

    lengths: Numbers
    channels: int
    levels: float
    between_classes: float | None


@dataclass(frozen=True)
class TableFacts:
    """Counts of columns; of each categorical one how many categories it has; share of missing values."""

    numeric: int
    categories: list[int]
    missing: float


@dataclass(frozen=True)
class BoardFacts:
    """The commonest size of a board, and how often each value stands on a square."""

    rows: int
    columns: int
    values: Counter[str]


def covered(values: NDArray[Any], share: float) -> float:
    """Give the smallest value that this share of the values does not exceed.

    Examples
    --------
    >>> covered(np.array([1, 2, 3, 9]), 0.75)
    3.0
    """
    return float(np.sort(values)[math.ceil(share * len(values)) - 1])


def image_facts(items: Sequence[Any], labels: Labels) -> ImageFacts | None:
    """Look at headers of files, and at sizes of what is in memory."""
    seen = [fact for item in items for fact in _image_header(item)]
    if not seen:
        return None
    heights, widths, colours = (np.asarray(column, dtype=float) for column in zip(*seen, strict=True))
    return ImageFacts(heights, widths, float(colours.mean()))


def sound_facts(items: Sequence[Any], labels: Labels) -> SoundFacts | None:
    """Look at headers of files, and at samples in memory."""
    seen = [fact for item in items for fact in _sound_header(item)]
    if not seen:
        return None
    return SoundFacts(statistics.mode(rate for rate, _ in seen), np.asarray([seconds for _, seconds in seen]))


def text_facts(items: Sequence[Any], labels: Labels) -> TextFacts | None:
    """Count words, characters and lines."""
    from adapters.text.strings import tokens

    texts = [item for item in items if isinstance(item, str) and item.strip()]
    if not texts:
        return None
    return TextFacts(
        [len(tokens(text)) for text in texts],
        [len(text) for text in texts],
        [text.count("\n") + 1 for text in texts],
        frozenset("".join(texts).lower()),
    )


def series_facts(items: Sequence[Any], labels: Labels) -> SeriesFacts | None:
    """Measure lengths and levels."""
    reading = registry.from_settings(registry.default_settings("series")).read(items)
    if not reading.values:
        return None
    means = np.asarray([value.mean(dtype=float) for value in reading.values])
    deviation = float(np.mean([value.std(dtype=float) for value in reading.values])) or 1.0
    classes = None if labels is None else np.asarray(labels)[reading.kept]
    return SeriesFacts(
        np.asarray([len(value) for value in reading.values], dtype=float),
        statistics.mode(value.shape[1] for value in reading.values),
        float(means.std()) / deviation,
        None if classes is None else _between(means, classes),
    )


def table_facts(items: Sequence[Any], labels: Labels) -> TableFacts | None:
    """Count columns, categories and missing values."""
    rows = registry.from_settings(registry.default_settings("table")).read(items).values
    if not rows:
        return None
    columns = [[row.get(name) for row in rows] for name in rows[0]]
    words = [{cell for cell in column if cell is not None} for column in columns if _has_words(column)]
    missing = sum(column.count(None) for column in columns) / max(1, sum(len(column) for column in columns))
    return TableFacts(len(columns) - len(words), [len(categories) for categories in words], missing)


def board_facts(items: Sequence[Any], labels: Labels) -> BoardFacts | None:
    """Measure boards and count what stands on them."""
    boards = registry.from_settings(registry.default_settings("board")).read(items).values
    if not boards:
        return None
    rows, columns = statistics.mode(board.shape for board in boards)
    return BoardFacts(rows, columns, Counter(square for board in boards for square in board.ravel().tolist()))


def _has_words(column: list[Any]) -> bool:
    return any(isinstance(cell, str) for cell in column)


def _between(values: Numbers, classes: NDArray[np.str_]) -> float:
    """Share of the variance that lies between classes, less what chance alone would put there (ε²; Kelley 1935)."""
    names = np.unique(classes)
    within = sum(float(((values[classes == name] - values[classes == name].mean()) ** 2).sum()) for name in names)
    total = float(((values - values.mean()) ** 2).sum())
    if total == 0 or len(values) <= len(names):
        return 0.0
    return max(0.0, 1 - within / total * (len(values) - 1) / (len(values) - len(names)))


def _image_header(item: Any) -> Iterator[tuple[int, int, bool]]:
    from PIL import Image as Pillow

    if isinstance(item, np.ndarray):
        if item.ndim in (2, 3) and item.size:
            yield item.shape[0], item.shape[1], item.ndim == 3 and item.shape[2] >= 3
        return
    try:
        if isinstance(item, Pillow.Image):
            yield item.height, item.width, _has_colours(item.mode)
            return
        with Pillow.open(io.BytesIO(item) if isinstance(item, bytes) else item) as image:
            yield image.height, image.width, _has_colours(image.mode)
    except (OSError, ValueError, SyntaxError, AttributeError, Pillow.DecompressionBombError):
        return  # the adapter will name this item and the reason


def _has_colours(mode: str) -> bool:
    return not (mode in ("1", "L", "LA", "F") or mode[0] == "I")


def _sound_header(item: Any) -> Iterator[tuple[int, float]]:
    import soundfile

    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], np.ndarray):
        frames, rate = len(item[0]), int(item[1])
    else:
        try:
            header = soundfile.info(str(item))
        except (soundfile.SoundFileError, OSError):
            return  # the adapter will name this file and the reason
        frames, rate = header.frames, header.samplerate
    if frames and rate >= 1000:
        yield rate, frames / rate
