"""What kind of items an estimator was given, and the adapter that reads them."""

from __future__ import annotations

from typing import Any

from sklearn.base import clone

from adapters import registry
from adapters.base import Adapter
from adapters.sources.memory import modality_of, with_paths
from adapters.suggestions import best
from training.errors import ExperimentError
from training.fitting.nested import settings_of


def adapter_for(adapter: str | dict[str, Any] | Adapter | None, items: Any) -> Adapter:
    """Make the unfitted adapter that an estimator names, or that suits its items.

    Raises
    ------
    ExperimentError, adapters.errors.DataError
        If it does not exist, or the items do not say what they are.
    """
    if isinstance(adapter, Adapter):
        copy: Adapter = clone(adapter)
        return copy
    settings = settings_of(adapter)
    if settings is None and adapter is not None:
        raise ExperimentError(
            f"adapter: expected a name, settings with a name, an Adapter or None, got {adapter!r}; "
            f"known: {', '.join(registry.names())}"
        )
    if settings is None:
        kind = modality_of(items)
        if kind is None:
            first = type(items[0]).__name__ if len(items) else "nothing"
            raise ExperimentError(
                f"adapter: expected items that tell what they are, got {first}; name one: {', '.join(registry.names())}"
            )
        settings = best(items, kind)[0] or registry.default_settings(kind)
    return registry.from_settings(settings)


def listed(adapter: Adapter, items: Any) -> list[Any]:
    """List items one by one; names of files become paths."""
    return with_paths(adapter.listed(items), adapter.modality)
