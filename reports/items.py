"""Draw an item as a person knows it, from the preview that its adapter left."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from reports.drawings import (
    AxisMarks,
    Drawing,
    Frame,
    Line,
    Note,
    Picture,
    Row,
    Squares,
    Words,
    envelope_path,
    line_path,
)
from reports.pictures import png, wav
from reports.pieces import written
from reports.scales import Scale
from reports.wording import count, number, setting
from training.records import Settings

LONGEST_SOUND = 8.0  # seconds that a page carries of one sound
LONGEST_TEXT = 600  # characters
MOST_LINES = 6
MOST_CELLS = 40
MOST_SQUARES = 30  # either way


def draw_item(preview: Settings) -> Drawing:
    """Draw an item.

    Parameters
    ----------
    preview : dict
        As `training.chapters.Example.preview` says.
    """
    draw = _KINDS.get(preview.get("kind", ""))
    return draw(preview) if draw else Note(f"no drawing for items of kind {preview.get('kind')!r}")


def _image(preview: Settings) -> Drawing:
    pixels = np.asarray(preview["pixels"], dtype=float)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    rows, columns, channels = pixels.shape
    colours = np.clip(np.broadcast_to(pixels, (rows, columns, 3)) if channels == 1 else pixels[..., :3], 0, 255)
    kind = "colour" if channels > 1 else "grey"
    return Picture(f"{kind} picture, {columns} × {rows} pixels", png(colours.astype(np.uint8)), columns, rows)


def _sound(preview: Settings) -> Drawing:
    rate = int(preview["rate"])
    samples = np.asarray(preview["samples"], dtype=float).ravel()
    if samples.size == 0:
        return Note("an empty sound")
    seconds = samples.size / rate
    shown = samples[: int(LONGEST_SOUND * rate)]
    cut = f", the first {number(LONGEST_SOUND)} s of it" if shown.size < samples.size else ""
    scale = Scale.around([-float(np.abs(shown).max()), float(np.abs(shown).max())])
    return Frame(
        alt=f"waveform: {number(seconds)} s at {count(rate)} Hz{cut}, peak {number(float(np.abs(shown).max()))}",
        x=AxisMarks("time (s)", Scale(0.0, shown.size / rate).ticks()),
        y=AxisMarks("amplitude", scale.ticks(3)),
        lines=[Line(envelope_path(shown, scale))],
        sound=wav(shown, rate),
    )


def _text(preview: Settings) -> Drawing:
    text = str(preview["text"])
    return Words(text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…")


def _series(preview: Settings) -> Drawing:
    values = np.asarray(preview["values"], dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    steps, channels = values.shape
    shown = values[:, :MOST_LINES]
    scale = Scale.around(shown.ravel().tolist())
    hidden = f", the first {MOST_LINES} of {channels} channels" if channels > MOST_LINES else ""
    names = [f"channel {index + 1}" if channels > 1 else "" for index in range(shown.shape[1])]
    return Frame(
        alt=f"series of {count(steps)} steps × {channels} channel" + "s" * (channels != 1) + hidden,
        x=AxisMarks("step", Scale(0.0, float(max(1, steps - 1))).ticks()),
        y=AxisMarks("value", scale.ticks(4)),
        lines=[Line(line_path(shown[:, index], scale), name) for index, name in enumerate(names)],
    )


def _table(preview: Settings) -> Drawing:
    row = preview["row"]
    more = [("…", f"and {len(row) - MOST_CELLS} more columns")] if len(row) > MOST_CELLS else []
    return Row([(str(name), setting(value)) for name, value in row[:MOST_CELLS]] + more)


def _board(preview: Settings) -> Drawing:
    rows = preview["rows"]
    cut = f", the first {MOST_SQUARES} of either" if max(len(rows), len(rows[0])) > MOST_SQUARES else ""
    shown = [row[:MOST_SQUARES] for row in written(rows)[:MOST_SQUARES]]
    return Squares(f"board of {len(rows)} rows × {len(rows[0])} columns{cut}", shown)


_KINDS: Mapping[str, Callable[[Settings], Drawing]] = {
    "image": _image,
    "sound": _sound,
    "text": _text,
    "series": _series,
    "table": _table,
    "board": _board,
}
