"""Raw items in, grids with named axes out: one adapter a modality.

The package itself imports nothing, so that `adapters.grid` can be read without
scikit-learn; `adapters.registry` finds the members by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.suggestions import Suggestion

MODALITIES = ("image", "sound", "text", "series", "table", "board")


def suggest(
    items: Sequence[Any], labels: Sequence[Any] | None = None, *, modality: str | None = None
) -> list[Suggestion]:
    """Look at items and propose adapters with settings and reasons; see `adapters.suggestions.suggest`."""
    from adapters import suggestions

    return suggestions.suggest(items, labels, modality=modality)
