"""Search spaces of architecture, recipe and adapter, joined into one; names say whose a dimension is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras_tuner

import zoo
from training.errors import ExperimentError
from training.fitting.recipe import Recipe
from training.records import Settings
from training.tuning.structure import STRUCTURES, structured

Space = Mapping[str, zoo.Dimension]


def recipe_space(recipe: Recipe) -> dict[str, zoo.Dimension]:
    """Give what a tuner may change about a recipe; defaults are the recipe itself."""
    dimensions: Space = {
        "learning_rate": zoo.FloatRange(3e-4, 1e-2, log=True),
        "batch_size": zoo.Choice((16, 32, 64)),
    }
    return {name: dimension.including(getattr(recipe, name)) for name, dimension in dimensions.items()}


def joined_space(
    architecture: Space,
    recipe: Recipe,
    over: Sequence[str],
    adapters: Sequence[str] = (),
    structure: Space | None = None,
) -> dict[str, zoo.Dimension]:
    """Join the spaces that are searched.

    Parameters
    ----------
    architecture : mapping
        As `zoo.space` gives it.
    recipe : Recipe
    over : sequence of {"architecture", "structure", "recipe", "adapter"}
    adapters : sequence of str
        Labels of the adapters that may be chosen.
    structure : mapping, optional
        As `training.tuning.structure.structure_space` gives it.

    Raises
    ------
    ExperimentError
        If the structure is to be searched and the family has none to search.

    Examples
    --------
    >>> list(joined_space({}, Recipe(), ["recipe"]))
    ['recipe.learning_rate', 'recipe.batch_size']
    """
    adapter: Space = {"setting": zoo.Choice(tuple(adapters), default=adapters[0])} if len(adapters) > 1 else {}
    spaces = {
        "architecture": architecture, "structure": structure or {}, "recipe": recipe_space(recipe), "adapter": adapter,
    }  # fmt: skip
    if "structure" in over and not structure:
        raise ExperimentError(
            f"tuning: over: expected a family whose structure can be searched ({', '.join(STRUCTURES)}), "
            "got another; search 'architecture' instead"
        )
    return {f"{owner}.{name}": _owned(spec, owner) for owner in over for name, spec in spaces[owner].items()}


def _owned(spec: zoo.Dimension, owner: str) -> zoo.Dimension:
    return replace(spec, when=(f"{owner}.{spec.when[0]}", spec.when[1])) if spec.when else spec


def hyperparameters(space: Space) -> keras_tuner.HyperParameters:
    """Say a space in keras-tuner's words."""
    hp = keras_tuner.HyperParameters()
    zoo.chosen(hp, dict(space))
    return hp


def apply(values: Settings, model: Settings, recipe: Recipe) -> tuple[Settings, Recipe]:
    """Put a point's values into an architecture's settings and a recipe."""
    parts: dict[str, dict[str, Any]] = {"architecture": {}, "structure": {}, "recipe": {}, "adapter": {}}
    for name, value in values.items():
        owner, _, field = name.partition(".")
        parts[owner][field] = value
    return {**structured(model, parts["structure"]), **parts["architecture"]}, replace(recipe, **parts["recipe"])
