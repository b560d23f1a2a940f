"""The relevant part of a sound, to be heard."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from adapters.grid import FloatArray
from training.explain.explanation import Heard
from training.explain.subject import Subject, Traced

KEPT = 0.8  # of the positive relevance
FINEST = 64  # relevance is smoothed over this part of an axis, or one cell: single cells sound like gravel


def relevant_sound(subject: Subject, found: Traced, method: str) -> Heard | None:
    """Keep the cells that hold most of what speaks for the class, silence the others, and turn them into sound.

    Parameters
    ----------
    subject : Subject
        Of a sound.
    found : Traced
    method : str
        What found it.

    Returns
    -------
    Heard or None
        None if nothing speaks for the class. Where the adapter has no inverse, the sound
        itself is silenced at times that hold little relevance.
    """
    mask = most_relevant(found.cells)
    if not mask.any():
        return None
    preview = subject.adapter.preview(subject.item)
    samples, rate = np.asarray(preview["samples"], dtype=np.float32), int(preview["rate"])
    if subject.adapter.inverse == "none":
        sound, how = _timed(subject, samples, mask), "the sound itself, silent at all other times"
    else:
        grid, silence = subject.adapter.transform([subject.item, (np.zeros_like(samples), rate)])
        kept = np.where(mask[..., None], grid, silence)
        sound = subject.adapter.inverse_transform(kept[None])[0].samples[: len(samples)]
        how = f"the other cells silenced, and the grid turned back into sound (inverse: {subject.adapter.inverse})"
    peak = float(np.abs(sound).max())
    loud = sound * float(np.abs(samples).max()) / peak if peak > 0 else sound
    written = np.clip(loud, -1, 1).astype(float).round(4).tolist()
    return Heard(written, rate, method, round(float(mask.mean()), 4), how)


def most_relevant(cells: FloatArray) -> NDArray[np.bool_]:
    """Choose the fewest cells that hold four fifths of the smoothed positive relevance."""
    smooth = np.maximum(gaussian_filter(cells, [max(1.0, size / FINEST) * (size > 1) for size in cells.shape]), 0)
    order = smooth.ravel().argsort()[::-1]
    total = smooth.sum()
    if total <= 0:
        return np.zeros(cells.shape, dtype=bool)
    needed = int(np.searchsorted(np.cumsum(smooth.ravel()[order]), KEPT * total)) + 1
    mask = np.zeros(cells.size, dtype=bool)
    mask[order[:needed]] = True
    return mask.reshape(cells.shape)


def _timed(subject: Subject, samples: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Silence the moments of which no cell is kept."""
    time = subject.adapter.axes_for(subject.item)[0]
    moments = np.asarray(mask.reshape(len(mask), math.prod(mask.shape[1:])).any(axis=1))
    seconds = np.linspace(time.edges[0], time.edges[-1], len(samples), endpoint=False)
    cell = np.clip(np.searchsorted(time.edges, seconds, side="right") - 1, 0, time.size - 1)
    return np.asarray(samples * moments[cell], dtype=np.float32)
