"""What each adapter makes of what is seen of given items: one table of rules a modality."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters import facts

COVERED = 0.95  # of the items are to fit whole
LONGEST_SIDE = 64
LONGEST_SOUND, HIGHEST_RATE = 10.0, 22_050
FRAME_SECONDS = 0.064
LONGEST_TEXT = 1000
SEQUENCE, LETTERS = 10, 8  # a word of so many letters, of so small an alphabet, is a sequence


@dataclass(frozen=True)
class Rules:
    """How to look at items of a modality, and what each of its adapters makes of what is seen.

    ``look`` gives None if no item can be read. A rule gives settings without the name,
    and a reason; or None where its adapter does not suit. Rules are in order of
    preference, and rules of adapters that are not registered are passed over.
    """

    look: Callable[[Sequence[Any], Sequence[str] | None], Any]
    by_adapter: tuple[tuple[str, Callable[[Any], tuple[dict[str, Any], str] | None]], ...]


def spectrogram(rate: int, duration: float) -> dict[str, Any]:
    """Choose a spectrogram's settings: frames of about 64 ms, half overlapping."""
    n_fft = 2 ** round(math.log2(FRAME_SECONDS * rate))
    return {"sample_rate": rate, "duration": duration, "n_fft": n_fft, "hop_length": n_fft // 2}


def mel_spectrogram(rate: int, duration: float) -> dict[str, Any]:
    """Choose a mel spectrogram's settings, with its name."""
    return {"name": "mel-spectrogram", **spectrogram(rate, duration), "n_mels": 64}


def _image(seen: facts.ImageFacts) -> tuple[dict[str, Any], str]:
    height, width = float(np.median(seen.heights)), float(np.median(seen.widths))
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    colour = "grey" if seen.coloured == 0 else "rgb"
    cells = {"height": max(1, round(height * scale)), "width": max(1, round(width * scale))}
    sizes = f"{seen.sizes()} px, {_percent(seen.coloured)} in colour"
    return {**cells, "channels": colour}, f"pictures of {sizes}: {cells['height']} × {cells['width']} cells, {colour}"


def _whole_image(seen: facts.ImageFacts) -> tuple[dict[str, Any], str] | None:
    other = seen.of_another_aspect()
    if other < 0.05:
        return None
    return {
        **_image(seen)[0],
        "policy": "pad",
    }, f"{_percent(other)} have another aspect: pad instead of distorting them"


def _clip(seen: facts.SoundFacts) -> tuple[int, float, str]:
    rate = min(HIGHEST_RATE, seen.rate)
    duration = round(min(LONGEST_SOUND, max(0.1, facts.covered(seen.seconds, COVERED))), 3)
    share = float((seen.seconds <= duration + 0.0005).mean())
    return (
        rate,
        duration,
        f"clips {_span(seen.seconds, 's')}, at {rate} Hz: duration {duration:g} s covers {_percent(share)}",
    )


def _mel_spectrogram(seen: facts.SoundFacts) -> tuple[dict[str, Any], str]:
    rate, duration, reason = _clip(seen)
    settings = mel_spectrogram(rate, duration)
    del settings["name"]
    return settings, f"{reason}, frames of {settings['n_fft'] / rate * 1000:.0f} ms"


def _mfcc(seen: facts.SoundFacts) -> tuple[dict[str, Any], str]:
    rate, duration, reason = _clip(seen)
    return spectrogram(rate, duration), f"{reason}; fewer numbers, without pitch, as for speech"


def _pitches(seen: facts.SoundFacts) -> tuple[dict[str, Any], str] | None:
    rate, duration, reason = _clip(seen)
    if rate < 8000:
        return None
    # The highest filter of seven octaves reaches 4,122 Hz.
    settings = {"sample_rate": rate, "duration": duration, "n_bins": 84 if rate >= 8500 else 72}
    return settings, f"{reason}; bands are semitones, as for music"


def _spectrogram(seen: facts.SoundFacts) -> tuple[dict[str, Any], str]:
    rate, duration, reason = _clip(seen)
    return spectrogram(rate, duration), f"{reason}; all frequencies alike, as for machines"


def _chroma(seen: facts.SoundFacts) -> tuple[dict[str, Any], str]:
    rate, duration, reason = _clip(seen)
    return spectrogram(rate, duration), f"{reason}; the twelve notes whatever their octave, as for chords"


def _waveform(seen: facts.SoundFacts) -> tuple[dict[str, Any], str]:
    rate, duration, reason = _clip(seen)
    return {"sample_rate": rate, "duration": duration}, f"{reason}, {round(rate * duration):,} samples"


def _longest(lengths: Sequence[int], what: str) -> tuple[int, str]:
    longest = min(LONGEST_TEXT, int(facts.covered(np.asarray(lengths), COVERED)))
    share = float((np.asarray(lengths) <= longest).mean())
    return longest, f"text of {_span(lengths, what)}: max_length {longest} covers {_percent(share)}"


def _words(seen: facts.TextFacts) -> tuple[dict[str, Any], str] | None:
    if seen.is_of_single_words():
        return None
    longest, reason = _longest(seen.words, "words")
    return {"max_length": longest}, reason


def _k_mers(seen: facts.TextFacts) -> tuple[dict[str, Any], str] | None:
    sequences = seen.is_of_single_words() and float(np.median(seen.characters)) >= SEQUENCE
    if not (sequences and len(seen.alphabet) <= LETTERS):
        return None
    longest, reason = _longest(seen.characters, "letters")
    return {"max_length": longest}, f"{reason}; only the letters {''.join(sorted(seen.alphabet))}, no spaces"


def _page(seen: facts.TextFacts) -> tuple[dict[str, Any], str] | None:
    lines = float(np.median(seen.lines))
    return None if lines < 3 else ({}, f"texts of {_span(seen.lines, 'lines')}: what stands below what is kept")


def _characters(seen: facts.TextFacts) -> tuple[dict[str, Any], str]:
    longest, reason = _longest(seen.characters, "characters")
    return {"max_length": longest}, f"{reason}, {len(seen.alphabet)} different ones"


def _series(seen: facts.SeriesFacts) -> tuple[dict[str, Any], str]:
    normalise = seen.between_classes is not None and seen.levels > 1 and seen.between_classes < 0.02
    shape = f"series of {_span(seen.lengths, 'samples')}, {seen.channels} channel{'s' * (seen.channels != 1)}"
    levels = f"means differ by {seen.levels:.2f} of a series' own deviation"
    tell = "" if seen.between_classes is None else f", {_percent(seen.between_classes)} of it between classes"
    what = "normalised" if normalise else "levels kept"
    return {"policy": "resample", "normalise": normalise}, f"{shape}; {levels}{tell}: {what}"


def _field(what: str) -> Callable[[facts.SeriesFacts], tuple[dict[str, Any], str] | None]:
    def rule(seen: facts.SeriesFacts) -> tuple[dict[str, Any], str] | None:
        longest = int(seen.lengths.max())
        size = min(LONGEST_SIDE, longest)
        return None if longest < 8 else ({"image_size": size}, f"{what}; up to {longest} samples in {size} cells")

    return rule


def _series_spectrogram(seen: facts.SeriesFacts) -> tuple[dict[str, Any], str] | None:
    longest = int(seen.lengths.max())
    if longest < 64:
        return None
    window = 2 ** min(8, round(math.log2(longest / 8)))
    settings = {"window": window, "hop_length": max(1, window // 4)}
    return settings, f"what is periodic; frames of {window} samples, {longest} at most in a series"


def _table(seen: facts.TableFacts) -> tuple[dict[str, Any], str]:
    most = max(seen.categories, default=0)
    columns = f"{seen.numeric} numeric and {len(seen.categories)} categorical columns"
    details = f", at most {most} categories" * (most > 0) + f", {100 * seen.missing:.1f} % of the values missing"
    return {"max_categories": min(100, max(20, most))}, columns + details


def _table_grid(seen: facts.TableFacts) -> tuple[dict[str, Any], str] | None:
    count = seen.numeric + len(seen.categories)
    return None if count < 9 else ({}, f"{count} columns, enough for a square of them: related ones side by side")


def _board(seen: facts.BoardFacts) -> tuple[dict[str, Any], str]:
    (common, count), total = seen.values.most_common(1)[0], seen.values.total()
    share = f"{common!r} on {_percent(count / total)} of the squares"
    size = f"boards of {seen.rows} × {seen.columns} squares, {len(seen.values)} values"
    return {"empty": common if len(seen.values) > 1 else None}, f"{size}: {share}, taken for the empty one"


def _span(values: Sequence[int] | facts.Numbers, unit: str) -> str:
    low, high = min(values), max(values)
    return f"{low:.3g} {unit}" if low == high else f"{low:.3g}–{high:.3g} {unit}, median {np.median(values):.3g}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


RULES: dict[str, Rules] = {
    "image": Rules(facts.image_facts, (("image", _image), ("image", _whole_image))),
    "sound": Rules(
        facts.sound_facts,
        (
            ("mel-spectrogram", _mel_spectrogram),
            ("mfcc", _mfcc),
            ("constant-q", _pitches),
            ("spectrogram", _spectrogram),
            ("chroma", _chroma),
            ("waveform", _waveform),
        ),
    ),
    "text": Rules(
        facts.text_facts, (("k-mers", _k_mers), ("page", _page), ("words", _words), ("characters", _characters))
    ),
    "series": Rules(
        facts.series_facts,
        (
            ("series", _series),
            ("gramian-field", _field("shape without level, as an image")),
            ("scalogram", _field("what is periodic or sudden, time × frequency")),
            ("recurrence-plot", _field("when the series returns to a value")),
            ("series-spectrogram", _series_spectrogram),
        ),
    ),
    "table": Rules(facts.table_facts, (("table-row", _table), ("table-grid", _table_grid))),
    "board": Rules(facts.board_facts, (("board", _board),)),
}
