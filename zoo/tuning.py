"""The zoo's search spaces in stock keras-tuner."""

from __future__ import annotations

from typing import Any

from zoo.architecture import Architecture
from zoo.building import build
from zoo.errors import ZooError
from zoo.grid import GridLike
from zoo.registry import architecture
from zoo.space import Choice, Dimension, IntRange, Scalar


def space(arch: Architecture) -> dict[str, Dimension]:
    """Give what a tuner may change about an architecture; defaults are the architecture itself.

    Examples
    --------
    >>> space(architecture("lenet5"))["dropout"].default
    0.0
    """
    return arch.space()


def _ask(hp: Any, name: str, dimension: Dimension) -> Scalar:
    if isinstance(dimension, Choice):
        value = hp.Choice(name, list(dimension.values), default=dimension.default)
        # keras-tuner makes 0 and 1 of booleans, and has no answer where the dimension does not matter.
        return next((own for own in dimension.values if own == value), dimension.default)
    kind = hp.Int if isinstance(dimension, IntRange) else hp.Float
    sampling = "log" if dimension.log else "linear"
    # keras-tuner steps by ratios where it samples logarithmically: the step is a distance, so it stays out there.
    step = None if dimension.log else dimension.step or None
    asked: Scalar = kind(name, dimension.low, dimension.high, step=step, sampling=sampling, default=dimension.default)
    return asked


def chosen(hp: Any, dimensions: dict[str, Dimension]) -> dict[str, Scalar]:
    """Ask keras-tuner for a point of a search space.

    Parameters
    ----------
    hp : keras_tuner.HyperParameters
    dimensions : dict
        As `space` gives it.

    Returns
    -------
    dict
        Overrides for `zoo.architecture`; fields that do not matter are left out.
    """
    point: dict[str, Scalar] = {}
    for name, dimension in dimensions.items():
        if dimension.when is None:
            point[name] = _ask(hp, name, dimension)
            continue
        parent, values = dimension.when
        with hp.conditional_scope(parent, list(values)):
            answer = _ask(hp, name, dimension)
        if point[parent] in values:
            point[name] = answer
    return point


def hypermodel(name: str, grid: GridLike, outputs: int, learning_rates: tuple[float, float] = (1e-4, 1e-2)) -> Any:
    """Make a `keras_tuner.HyperModel` whose models are compiled for integer labels.

    Parameters
    ----------
    name : str
        A variant.
    grid : GridLike
    outputs : int
        Number of classes.
    learning_rates : (float, float)
        Range of Adam's learning rate, searched on a logarithmic scale.

    Examples
    --------
    >>> from zoo import Grid
    >>> hypermodel("lenet5", Grid((8, 8, 1)), outputs=10).name
    'lenet5'
    """
    import keras
    import keras_tuner

    arch = architecture(name)
    low, high = learning_rates
    if not 0 < low <= high:
        raise ZooError(f"expected 0 < lowest ≤ highest learning rate, got {learning_rates}")

    class ZooHyperModel(keras_tuner.HyperModel):
        def build(self, hp: Any) -> Any:
            model = build(architecture(name, chosen(hp, arch.space())), grid, outputs)
            rate = hp.Float("learning_rate", low, high, sampling="log", default=min(max(1e-3, low), high))
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"], jit_compile=False)
            return model

    return ZooHyperModel(name=name)
