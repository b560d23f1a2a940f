"""What the headers of picture and sound files say about the grid that suits them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Guess = tuple[dict[str, Any], tuple[str, ...]]
LOOKED_AT = 500
LONGEST_SIDE = 64
LONGEST_SOUND, HIGHEST_RATE = 10.0, 22_050
FRAME_SECONDS = 0.064


def image_settings(paths: Sequence[Path]) -> Guess:
    """Choose the image adapter's settings: the files' median size, at most 64 cells, and their colour."""
    headers = list(_image_headers(_sample(paths)))
    if not headers:
        return {}, ()
    width, height = (statistics.median(sizes) for sizes in zip(*(size for size, _ in headers), strict=True))
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    colour = "grey" if all(mode in ("1", "L", "LA", "F") or mode[0] == "I" for _, mode in headers) else "rgb"
    cells = {"height": max(1, round(height * scale)), "width": max(1, round(width * scale))}
    line = f"{cells['height']} × {cells['width']} cells, {colour}, from the median size {height:g} × {width:g}"
    return {"name": "image", **cells, "channels": colour}, (line,)


def sound_settings(paths: Sequence[Path]) -> Guess:
    """Choose the mel spectrogram's settings: the files' commonest rate, and a duration that holds 95 % of them."""
    headers = list(_sound_headers(_sample(paths)))
    if not headers:
        return {}, ()
    rate = min(HIGHEST_RATE, statistics.mode(rate for rate, _ in headers))
    lengths = sorted(seconds for _, seconds in headers)
    typical = lengths[math.ceil(0.95 * len(lengths)) - 1]
    duration = round(min(LONGEST_SOUND, max(0.1, typical)), 3)
    line = f"{duration:g} s at {rate} Hz: 95 % of the sounds are no longer (at most {LONGEST_SOUND:g} s, {HIGHEST_RATE} Hz)"
    return spectrogram(rate, duration), (line,)


def spectrogram(rate: int, duration: float) -> dict[str, Any]:
    """Choose a mel spectrogram's settings: frames of about 64 ms, half overlapping."""
    n_fft = 2 ** round(math.log2(FRAME_SECONDS * rate))
    return {
        "name": "mel-spectrogram",
        "sample_rate": rate,
        "duration": duration,
        "n_fft": n_fft,
        "hop_length": n_fft // 2,
        "n_mels": 64,
    }


def _sample(paths: Sequence[Path]) -> Sequence[Path]:
    return paths[:: math.ceil(len(paths) / LOOKED_AT)]


def _image_headers(paths: Sequence[Path]) -> Iterator[tuple[tuple[int, int], str]]:
    from PIL import Image as Pillow

    for path in paths:
        try:
            with Pillow.open(path) as image:
                yield image.size, image.mode
        except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
            continue  # the adapter will name this file and the reason


def _sound_headers(paths: Sequence[Path]) -> Iterator[tuple[int, float]]:
    import soundfile

    for path in paths:
        try:
            header = soundfile.info(str(path))
        except (soundfile.SoundFileError, OSError):
            continue  # the adapter will name this file and the reason
        if header.frames and header.samplerate >= 1000:
            yield int(header.samplerate), header.frames / header.samplerate
