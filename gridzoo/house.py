"""Check that the packages with plain names are this project's own.

``adapters``, ``zoo``, ``training`` and ``reports`` are names that other distributions
use too; one of those earlier on the path would be imported in their place.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("adapters", "zoo", "training", "reports")
HOUSE = Path(__file__).resolve().parent.parent


def check() -> None:
    """Name the intruder if one of the packages is not this project's.

    Raises
    ------
    ImportError
        If a package is missing, or lies somewhere else.
    """
    for name in PACKAGES:
        spec = find_spec(name)
        found = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if found != HOUSE / name:
            raise ImportError(
                f"expected the package {name!r} in {HOUSE}, found {found or 'none'}; another distribution or folder "
                f"of that name comes first: uninstall it, or install gridzoo into a fresh environment"
            )
