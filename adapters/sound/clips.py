"""Sound files and samples, read into mono clips of one sample rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError
from adapters.grid import Axis
from adapters.parameters import Range

Samples = NDArray[np.float32]
SampleRate = Annotated[int, Range(100, 768_000)]
Seconds = Annotated[float, Range(0.001, 3600)]
# The size of the sound's chunk in a WAV, AIFF or AU header, and what libsndfile found instead.
CHUNK_SIZES = re.compile(r"(?:data|SSND|Data Size) *: (\d+) \(should be (\d+)\)")
STREAMED = 0x7FFF0000  # programs that write to a pipe do not know the size, and put the largest there


@dataclass(frozen=True)
class Clip:
    """A decoded item: its beginning as mono samples, and how many seconds all of it lasts."""

    samples: Samples
    seconds: float


def read_clip(item: Any, sample_rate: int, duration: float) -> Clip:
    """Read a sound, average its channels, resample it, and keep its first ``duration`` seconds.

    Parameters
    ----------
    item : path or tuple of (ndarray, int)
        A file that libsndfile reads; or samples of shape ``(time,)`` or
        ``(time, channels)``, float from -1 to 1, with their rate in Hz.
    sample_rate : int
        Hz. Resampling is soxr's high quality, librosa's default.
    duration : float
        Seconds.

    Raises
    ------
    DataError
        If the sound cannot be decoded, is cut off, is empty, or has NaN or Inf.

    Examples
    --------
    >>> read_clip((np.zeros(400, dtype=np.float32), 8000), 8000, 1.0).seconds
    0.05
    """
    samples, rate = _decoded(item)
    if samples.ndim not in (1, 2) or samples.size == 0:
        raise DataError(f"expected samples of shape (time,) or (time, channels), got {samples.shape}")
    if not np.isfinite(samples).all():
        raise DataError("expected finite samples, got NaN or Inf; replace or remove the sound")
    mono = samples if samples.ndim == 1 else samples.mean(axis=1)
    seconds = len(mono) / rate
    if rate != sample_rate:
        import soxr

        mono = soxr.resample(mono, rate, sample_rate, quality="HQ")
        if len(mono) == 0:
            raise DataError(f"expected at least one sample at {sample_rate} Hz, got a sound of {seconds:g} s")
    return Clip(np.ascontiguousarray(mono[: length_in_samples(sample_rate, duration)], dtype=np.float32), seconds)


def length_in_samples(sample_rate: int, duration: float) -> int:
    """Give the samples of a clip that lasts ``duration`` seconds."""
    return max(1, round(sample_rate * duration))


def padded(clips: list[Clip], length: int) -> Samples:
    """Stack clips, silent after their end; shape ``(n, length)``."""
    stack = np.zeros((len(clips), length), dtype=np.float32)
    for row, clip in zip(stack, clips, strict=True):
        row[: len(clip.samples)] = clip.samples
    return stack


def own_time_axis(axis: Axis, seconds: float) -> Axis:
    """Cut a grid's time axis to a clip's own length, or add the rest of the clip as one more cell."""
    return Axis(axis.name, axis.unit, (*(edge for edge in axis.edges if edge < seconds), seconds))


def heard(clip: Clip, sample_rate: int) -> dict[str, Any]:
    """Show a clip for a report; see `adapters.base.Adapter.preview`."""
    samples = np.clip(clip.samples, -1, 1).astype(float).round(4)
    return {"kind": "sound", "samples": samples.tolist(), "rate": sample_rate}


def _decoded(item: Any) -> tuple[Samples, int]:
    if isinstance(item, str | Path):
        return _decoded_file(item)
    if not (isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], int | np.integer) and item[1] > 0):
        raise DataError(f"expected a path or a tuple (samples, rate in Hz), got {type(item).__name__}")
    samples = np.asarray(item[0])
    if samples.dtype.kind != "f":
        raise DataError(f"expected float samples from -1 to 1, got {samples.dtype}; divide by the type's largest value")
    return samples.astype(np.float32), int(item[1])


def _decoded_file(path: str | Path) -> tuple[Samples, int]:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            samples = file.read(dtype="float32")
            rate, remarks = int(file.samplerate), file.extra_info
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as error:
        raise DataError(f"expected a sound that libsndfile can decode: {error}; replace or remove it") from error
    if _is_cut_off(remarks):
        raise DataError("expected a whole sound file, got one shorter than its header says; copy it again")
    return samples, rate


def _is_cut_off(remarks: str) -> bool:
    """Tell from libsndfile's log whether a file was cut off: it reads what is left, and only remarks on it."""
    sizes = CHUNK_SIZES.search(remarks)
    missing = sizes is not None and int(sizes[2]) < int(sizes[1]) < STREAMED
    return missing or "Last page lacks an end-of-stream bit" in remarks
