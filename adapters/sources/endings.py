"""What the endings of files say about their content."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

ENDINGS = {
    "image": frozenset([".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm"]),
    "sound": frozenset([".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf"]),
    "text": frozenset([".txt", ".text", ".md", ".rst", ".html", ".htm"]),
}
# A validation part counts as training: who trains sets one apart again.
PARTS = {
    "train": "train", "training": "train", "test": "test", "testing": "test",
    "val": "train", "valid": "train", "validation": "train", "dev": "train",
}  # fmt: skip


def modality_of_file(name: str | Path) -> str | None:
    """Say what a file holds by its ending; None if it is no known one.

    Examples
    --------
    >>> modality_of_file("deep/a.JPG"), modality_of_file("a.xyz")
    ('image', None)
    """
    ending = Path(name).suffix.lower()
    return next((kind for kind, known in ENDINGS.items() if ending in known), None)


def modality_of_files(names: Iterable[str]) -> str | None:
    """Say what all files hold, if that is one kind."""
    found = {modality_of_file(name) for name in names}
    return found.pop() if len(found) == 1 else None
