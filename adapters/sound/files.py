"""Sound files, decoded: what they hold, or the reason why not, without trusting their headers."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError
from adapters.opening import regular
from adapters.sound.riff import plain_wav

MOST_SAMPLES = 2**28  # 1 GiB as float32: 100 minutes at 44.1 kHz
# FLAC and Vorbis code silence in about 13 bytes a block of 4096 samples; a header that promises far more lies.
SAMPLES_A_BYTE, BELIEVED = 1000, 2**24
SHORT = 2**16  # bytes of a file that is read at once, whatever it holds
# The size of the sound's chunk in a WAV, AIFF or AU header, and what libsndfile found instead.
CHUNK_SIZES = re.compile(r"(?:data|SSND|Data Size) *: (\d+) \(should be (\d+)\)")
STREAMED = 0x7FFF0000  # programs that write to a pipe do not know the size, and put the largest there


def decoded(path: str | Path) -> tuple[NDArray[np.float32], int]:
    """Decode a file.

    Parameters
    ----------
    path : path
        A file of any format that libsndfile reads, whatever its name ends in.

    Returns
    -------
    tuple of (ndarray, int)
        Samples of shape ``(time,)`` or ``(time, channels)``, from -1 to 1, and their rate
        in Hz.

    Raises
    ------
    DataError
        If it is no file or cannot be decoded, if it is cut off, or if it would take more
        than `MOST_SAMPLES`, or more than its size can hold.
    """
    try:
        descriptor, size = regular(path)
        try:
            plain = _plain(descriptor, size)
        finally:
            os.close(descriptor)
        return plain or _by_libsndfile(path, size)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"expected a sound that libsndfile can decode: {error}; replace or remove it") from error


def check_samples(samples: float) -> None:
    """Refuse sounds that would fill the memory.

    Raises
    ------
    DataError
        If there are more than `MOST_SAMPLES`.
    """
    if samples > MOST_SAMPLES:
        raise DataError(f"expected at most {MOST_SAMPLES} samples, got {samples:.0f}; cut the sound into clips")


def _plain(descriptor: int, size: int) -> tuple[NDArray[np.float32], int] | None:
    if size > SHORT and (size > 2 * MOST_SAMPLES or os.pread(descriptor, 4, 0) != b"RIFF"):
        return None
    return plain_wav(os.pread(descriptor, size, 0))


def _by_libsndfile(path: str | Path, size: int) -> tuple[NDArray[np.float32], int]:
    import soundfile

    with soundfile.SoundFile(path) as file:
        promised = file.frames * file.channels
        if promised > max(BELIEVED, SAMPLES_A_BYTE * size):
            raise DataError(f"expected a header that tells the truth, got {promised} samples in a file of {size} bytes")
        check_samples(promised)
        samples: NDArray[np.float32] = file.read(dtype="float32")
        rate, remarks = int(file.samplerate), file.extra_info
    if _is_cut_off(remarks):
        raise DataError("expected a whole sound file, got one shorter than its header says; copy it again")
    return samples, rate


def _is_cut_off(remarks: str) -> bool:
    """Tell from libsndfile's log whether a file was cut off: it reads what is left, and only remarks on it."""
    sizes = CHUNK_SIZES.search(remarks)
    missing = sizes is not None and int(sizes[2]) < int(sizes[1]) < STREAMED
    return missing or "Last page lacks an end-of-stream bit" in remarks
