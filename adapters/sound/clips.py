"""Sounds as mono clips of one sample rate and one duration, and the way back to their own seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError
from adapters.grid import Attribution, Axis, FloatArray, project
from adapters.parameters import Range
from adapters.sound.files import check_samples, decoded

Samples = NDArray[np.float32]
# Hz; and times the wanted rate. soxr takes seconds to minutes for ratios of hundreds of thousands.
LOWEST_RATE, MOST_RATIO = 100, 10_000
SampleRate = Annotated[int, Range(LOWEST_RATE, 768_000)]
Seconds = Annotated[float, Range(0.001, 3600)]
Policy = Literal["pad", "crop", "loop"]
A_LITTLE = 1e-9  # edges nearer than this to the end, relative to it, are the end


@dataclass(frozen=True)
class Clip:
    """A decoded item: the mono samples that are kept, from which second, and how many seconds all of it lasts."""

    samples: Samples
    seconds: float
    start: float = 0.0


def read_clip(item: Any, sample_rate: int, duration: float, policy: Policy = "pad") -> Clip:
    """Read a sound, average its channels, resample it, and keep ``duration`` seconds of it.

    Parameters
    ----------
    item : path or tuple of (ndarray, int)
        A file that libsndfile reads; or samples of shape ``(time,)`` or
        ``(time, channels)``, float from -1 to 1, with their rate in Hz.
    sample_rate : int
        Hz. Resampling is soxr's high quality, librosa's default.
    duration : float
        Seconds.
    policy : {"pad", "crop", "loop"}
        With "crop" the middle of a longer sound is kept, otherwise its beginning.

    Raises
    ------
    DataError
        If the sound cannot be decoded, is cut off, is empty, or has NaN or Inf.

    Examples
    --------
    >>> read_clip((np.zeros(400, dtype=np.float32), 8000), 8000, 1.0).seconds
    0.05
    """
    samples, rate = decoded(item) if isinstance(item, str | Path) else _given(item)
    if samples.ndim not in (1, 2) or samples.size == 0:
        raise DataError(f"expected samples of shape (time,) or (time, channels), got {samples.shape}")
    # Energy is finite only if all it adds up is; where it is not, it may be too large itself.
    if not math.isfinite(np.vdot(samples, samples)) and not np.isfinite(samples).all():
        raise DataError("expected finite samples, got NaN or Inf; replace or remove the sound")
    mono = samples if samples.ndim == 1 else samples.mean(axis=1)
    seconds = len(mono) / rate
    if rate != sample_rate:
        mono = _resampled(mono, rate, sample_rate)
    length = length_in_samples(sample_rate, duration)
    start = max(0, len(mono) - length) // 2 if policy == "crop" else 0
    return Clip(np.ascontiguousarray(mono[start : start + length], dtype=np.float32), seconds, start / sample_rate)


def length_in_samples(sample_rate: int, duration: float) -> int:
    """Give the samples of a clip that lasts ``duration`` seconds."""
    return max(1, round(sample_rate * duration))


def stacked(clips: Sequence[Clip], length: int, policy: Policy) -> Samples:
    """Stack clips, repeated after their end with "loop", silent otherwise; shape ``(n, length)``."""
    stack = np.zeros((len(clips), length), dtype=np.float32)
    for row, sound in zip(stack, sounding(clips, length, policy), strict=True):
        row[: len(sound)] = sound
    return stack


def sounding(clips: Sequence[Clip], length: int, policy: Policy) -> list[Samples]:
    """Give the samples of clips: all ``length`` of them with "loop", those before silence otherwise."""
    return [np.resize(clip.samples, length) if policy == "loop" else clip.samples for clip in clips]


def shifted(axis: Axis, start: float) -> Axis:
    """Move an axis so that it begins at ``start``."""
    return axis if start == 0 else Axis(axis.name, axis.unit, tuple(edge + start for edge in axis.edges))


def attributed(
    relevance: FloatArray, axes: Sequence[Axis], clip: Clip, sample_rate: int, policy: Policy
) -> Attribution:
    """Carry relevance from a grid whose first axis is time to the clip's own seconds.

    Parameters
    ----------
    relevance : ndarray, shape ``tuple(axis.size for axis in axes)``
    axes : sequence of Axis
        The grid's; time starts at 0.
    clip : Clip
    sample_rate : int
    policy : {"pad", "crop", "loop"}
        With "loop" relevance of a repetition goes to the moment that is repeated. Otherwise
        what fell on the silence after the clip goes to its last moment.

    Returns
    -------
    Attribution
        Time from 0 to the clip's end: cells of the grid, and what it left out before and after.
    """
    time, *others = axes
    period = len(clip.samples) / sample_rate
    if policy != "loop" or period >= time.edges[-1]:
        here = shifted(time, clip.start)
        return project(relevance, (here, *others), (_own_time(here, clip.seconds), *others))
    own = _own_time(time, period)
    repetitions = np.arange(math.ceil(time.edges[-1] / period))[:, None] * period
    edges = (repetitions + np.asarray(own.edges[:-1])).ravel()
    inside = edges[edges < time.edges[-1] * (1 - A_LITTLE)].tolist()
    unrolled = Axis(time.name, time.unit, (*inside, time.edges[-1]))
    spread = project(relevance, tuple(axes), (unrolled, *others)).values
    values = np.zeros((own.size, *spread.shape[1:]))
    np.add.at(values, np.arange(unrolled.size) % own.size, spread)
    return Attribution((own, *others), values)


def heard(clip: Clip, sample_rate: int) -> dict[str, Any]:
    """Show a clip for a report; see `adapters.base.Adapter.preview`."""
    samples = np.clip(clip.samples, -1, 1).astype(float).round(4)
    return {"kind": "sound", "samples": samples.tolist(), "rate": sample_rate}


def _own_time(axis: Axis, seconds: float) -> Axis:
    """Cut a time axis to the clip's own length, or add the clip's rest as one more cell at either end."""
    inside = (edge for edge in axis.edges if 0 < edge < seconds * (1 - A_LITTLE))
    return Axis(axis.name, axis.unit, (0.0, *inside, seconds))


def _given(item: Any) -> tuple[Samples, int]:
    if not (isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], int | np.integer) and item[1] > 0):
        raise DataError(f"expected a path or a tuple (samples, rate in Hz), got {type(item).__name__}")
    samples = np.asarray(item[0])
    if samples.dtype.kind != "f":
        raise DataError(f"expected float samples from -1 to 1, got {samples.dtype}; divide by the type's largest value")
    return samples.astype(np.float32), int(item[1])


def _resampled(mono: Samples, rate: int, sample_rate: int) -> Samples:
    import soxr

    highest = MOST_RATIO * sample_rate
    if not LOWEST_RATE <= rate <= highest:
        raise DataError(f"expected a sound of {LOWEST_RATE} to {highest} Hz, got {rate} Hz; correct its header")
    check_samples(len(mono) / rate * sample_rate)
    resampled: Samples = soxr.resample(mono, rate, sample_rate, quality="HQ")
    if len(resampled) == 0:
        raise DataError(f"expected at least one sample at {sample_rate} Hz, got a sound of {len(mono) / rate:g} s")
    return resampled
