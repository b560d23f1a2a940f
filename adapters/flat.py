"""Items in which nothing varies: no network can tell them apart by their content."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

THUMBNAIL = 64  # pixels; a JPEG is decoded at an eighth of its size or so, which is many times faster


def flatness(item: Any, modality: str, content: bytes) -> str:
    """Say whether an item is ``"empty"`` or ``"constant"``; empty text if it is neither.

    Parameters
    ----------
    item : object
    modality : {"image", "sound", "text", "series", "table"}
    content : bytes
        Of an item that is a file or encoded, its bytes, so that a file is read once.

    Examples
    --------
    >>> flatness(np.full((4, 4), 7), "image", b""), flatness("  ", "text", b""), flatness("a", "text", b"")
    ('constant', 'empty', '')
    """
    if isinstance(item, str):
        return "" if item.strip() else "empty"
    if isinstance(item, Mapping):
        return "" if any(_present(value) for value in item.values()) else "empty"
    if isinstance(item, Path | bytes):
        return _encoded(modality, content) if content else "empty"
    if type(item).__module__.startswith("PIL."):
        return _constant(item.getextrema())
    return _array(item[0] if modality == "sound" and isinstance(item, tuple) else item)


def _present(value: Any) -> bool:
    return value is not None and value != "" and value == value


def _array(values: Any) -> str:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        return ""  # rows of a table with words in them; or what the adapter will refuse
    if not array.size:
        return "empty"
    return "constant" if bool((array == array.flat[0]).all()) and array.ndim and array.size > 1 else ""


def _constant(extrema: Any) -> str:
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    return "constant" if all(low == high for low, high in bands) else ""


def _encoded(modality: str, content: bytes) -> str:
    """Decode a picture or a sound; the adapter names what cannot be decoded."""
    if modality == "sound":
        import soundfile

        try:
            return _array(soundfile.read(io.BytesIO(content), dtype="float32")[0])
        except (soundfile.SoundFileError, OSError, ValueError, RuntimeError):
            return ""
    return _picture(content) if modality == "image" else ""


def _picture(content: bytes) -> str:
    from PIL import Image as Pillow

    try:
        with Pillow.open(io.BytesIO(content)) as image:
            image.draft(None, (THUMBNAIL, THUMBNAIL))
            reduced = _constant(image.getextrema())
        if not reduced:
            return ""
        with Pillow.open(io.BytesIO(content)) as whole:  # a fine pattern may average to one colour
            return _constant(whole.getextrema())
    except Exception:  # Pillow's decoders raise almost anything on damaged files
        return ""
