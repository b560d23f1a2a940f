"""What kind of items an estimator was given, and the adapter that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse
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
        kind = modality_of_input(items)
        settings = best(items, kind)[0] or registry.default_settings(kind)
    return registry.from_settings(settings)


def modality_of_input(items: Any) -> str:
    """Tell the modality of items in memory, or of paths.

    Raises
    ------
    ExperimentError
        If nothing tells it.

    Examples
    --------
    >>> modality_of_input([[1, 2], [3, 4]]), modality_of_input(["so good"]), modality_of_input(["a.png", "b.png"])
    ('table', 'text', 'image')
    >>> modality_of_input(pd.Series(["so good", "so bad"], index=[7, 8]))
    'text'
    """
    if isinstance(items, pd.Series):  # a column: its index says nothing
        return modality_of_input(items.to_numpy())
    if issparse(items) or isinstance(items, pd.DataFrame) or not isinstance(items, Sequence | np.ndarray):
        return "table"
    if isinstance(items, np.ndarray) and items.ndim <= 2 and not (items.ndim == 1 and items.dtype.kind in "OU"):
        return "table"
    first = items[0] if len(items) else []
    if isinstance(first, list) or (isinstance(first, tuple) and not isinstance(first[0], np.ndarray)):
        return "table"
    if found := modality_of(items, first):
        return found
    raise ExperimentError(
        f"adapter: expected items that tell what they are, got {type(first).__name__}; "
        f"name one: {', '.join(registry.names())}"
    )


def listed(adapter: Adapter, items: Any) -> list[Any]:
    """List items one by one; names of files become paths."""
    return with_paths(adapter.listed(items), adapter.modality)
