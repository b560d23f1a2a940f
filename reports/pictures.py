"""Arrays as PNG pictures and WAV sounds, as addresses that need no network."""

from __future__ import annotations

import io
import struct
import wave
import zlib

import numpy as np
from numpy.typing import NDArray

from adapters.grid import FloatArray
from reports.escape import data_uri

# Anchors, evenly spaced. viridis: van der Walt & Smith, SciPy 2015. PuOr: Brewer & Harrower,
# Cartographic Journal 40(1), 2003. Both are safe for colour-blind readers.
COLOUR_MAPS = {
    "grey": ("000000", "ffffff"),
    "viridis": ("440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30", "fde725"),
    "PuOr": ("542788", "8073ac", "b2abd2", "d8daeb", "f7f7f7", "fee0b6", "fdb863", "e08214", "b35806"),
}


def coloured(values: FloatArray, low: float, high: float, colour_map: str) -> NDArray[np.uint8]:
    """Map numbers to colours.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        Not a number is drawn in mid grey.
    low, high : float
        The values of the first and last colour.
    colour_map : str
        A key of `COLOUR_MAPS`.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
    """
    anchors = np.array([list(bytes.fromhex(code)) for code in COLOUR_MAPS[colour_map]], dtype=float)
    at = np.clip((values - low) / ((high - low) or 1.0), 0, 1) * (len(anchors) - 1)
    bands = [np.interp(at, np.arange(len(anchors)), anchors[:, band]) for band in range(3)]
    colours: NDArray[np.uint8] = np.nan_to_num(np.stack(bands, axis=-1), nan=128.0).round().astype(np.uint8)
    return colours


def png(pixels: NDArray[np.uint8]) -> str:
    """Write pixels as a PNG picture (ISO/IEC 15948), 8 bits a channel.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)

    Returns
    -------
    str
        A ``data:`` address.

    Examples
    --------
    >>> png(np.zeros((2, 2, 3), np.uint8))[:22]
    'data:image/png;base64,'
    """
    rows, columns, _ = pixels.shape
    unfiltered = np.zeros((rows, 1 + 3 * columns), dtype=np.uint8)
    unfiltered[:, 1:] = pixels.reshape(rows, -1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(unfiltered.tobytes(), 9)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return data_uri("image/png", b"\x89PNG\r\n\x1a\n" + body)


def wav(samples: FloatArray, rate: int) -> str:
    """Write mono sound as a WAV file of 16-bit PCM.

    Parameters
    ----------
    samples : ndarray, shape (n,)
        Within −1..1; what lies outside is clipped.
    rate : int
        Samples a second.

    Returns
    -------
    str
        A ``data:`` address.
    """
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(np.nan_to_num(samples), -1, 1) * 32767).round().astype("<i2").tobytes())
    return data_uri("audio/wav", stream.getvalue())
