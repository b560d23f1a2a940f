"""Parameters of what an estimator is made of, under scikit-learn's names: ``recipe__epochs``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

import zoo
from adapters import registry
from adapters.base import Adapter
from training.errors import ExperimentError, nearest
from training.fitting.recipe import Recipe

OWNERS = ("adapter", "architecture", "recipe")


def nested(owner: str, value: Any) -> dict[str, Any]:
    """Name the parameters of a part; none where it leaves the choice open, or is not sound.

    Examples
    --------
    >>> nested("recipe", None)["recipe__epochs"]
    40
    """
    if owner == "recipe" and (value is None or isinstance(value, Recipe)):
        return {f"recipe__{name}": chosen for name, chosen in asdict(value or Recipe()).items()}
    settings = settings_of(value)
    if settings is None:
        return {}
    try:
        whole = _whole(owner, settings)
    except ValueError:  # `fit` will say so
        return {}
    return {f"{owner}__{name}": chosen for name, chosen in whole.items() if name != "name"}


def changed(owner: str, value: Any, changes: Mapping[str, Any]) -> Any:
    """Give a part with some parameters changed.

    Raises
    ------
    ExperimentError, adapters.errors.DataError, zoo.ZooError
        If it has no such parameter, a value does not fit, or there is no part to change.
    """
    if owner == "recipe" and (value is None or isinstance(value, Recipe)):
        known = [field.name for field in fields(Recipe)]
        for name in changes:
            if name not in known:
                raise ExperimentError(f"recipe: unknown parameter {name!r}; {nearest(name, known)}")
        return replace(value or Recipe(), **changes)
    if isinstance(value, Adapter):
        return registry.from_settings({**value.settings(), **changes})
    settings = settings_of(value)
    if settings is None:
        raise ExperimentError(
            f"{owner}: expected it named before its parameters {', '.join(changes)} are set, got {value!r}; "
            f"pass {owner}="
        )
    return _whole(owner, {**settings, **changes})


def settings_of(value: Any) -> dict[str, Any] | None:
    """Read a name, or settings with a name, as settings; None if it is neither."""
    if isinstance(value, str):
        return {"name": value}
    return dict(value) if isinstance(value, Mapping) and isinstance(value.get("name"), str) else None


def _whole(owner: str, settings: dict[str, Any]) -> dict[str, Any]:
    if owner == "adapter":
        return registry.from_settings(settings).settings()
    return zoo.architecture(settings["name"], {k: v for k, v in settings.items() if k != "name"}).config()
