"""What every architecture promises, one function a promise.

Each check raises an `AssertionError` that names the architecture; pass a small
setting of it, since a promise about behaviour costs no less on a large one.

Examples
--------
>>> import zoo
>>> from zoo import checks
>>> checks.check_config_round_trip(zoo.architecture("lenet5"))
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.architecture import Architecture
from zoo.building import build
from zoo.grid import Grid, GridLike
from zoo.measure import Size, measure
from zoo.receptive import receptive_fields
from zoo.registry import from_config
from zoo.space import Choice, Dimension, Scalar
from zoo.tuning import space

OUTPUTS = 3
GRIDS = (
    Grid((8, 8, 1)),
    Grid((28, 28, 1)),
    Grid((32, 32, 3)),
    Grid((40, 7, 2)),
    Grid((1, 64, 1)),
    Grid((64, 1, 1)),
    Grid((101, 40, 1)),
    Grid((50, 12)),
    Grid((5, 1)),
    Grid((1, 1)),
    Grid((60,), vocabulary_size=5000),
)
UNEVEN = (Grid((33, 29, 1)), Grid((1, 45, 2)), Grid((41, 2)))
POINTS = (Grid((9, 7, 2)), Grid((64, 1)), Grid((1, 40, 3)), Grid((28, 28, 1)))
STEPPED = (Grid((9, 7, 2)), Grid((13,), vocabulary_size=20))


def example(grid: GridLike, items: int = 2, seed: int = 0) -> NDArray[Any]:
    """Draw random grids of a shape: normal values, or ids."""
    generator = np.random.default_rng(seed)
    if grid.vocabulary_size:
        return generator.integers(0, grid.vocabulary_size, (items, *grid.shape)).astype("int32")
    return generator.normal(size=(items, *grid.shape)).astype("float32")


def readable(arch: Architecture, grids: tuple[Grid, ...]) -> list[Grid]:
    """Keep the grids that the architecture reads; it must say why it does not read the others."""
    for grid in grids:
        reason = arch.supports(grid)
        assert not reason or arch.name in reason, f"{arch.name} refuses {grid.shape} without naming itself: {reason}"
    return [grid for grid in grids if not arch.supports(grid)]


def check_draws_on_any_grid(arch: Architecture) -> None:
    """Every grid it supports gives a network; every other one a reason."""
    for grid in readable(arch, GRIDS):
        size = measure(arch, grid, OUTPUTS)
        assert size.parameters > 0, f"{arch.name} on {grid.shape} has nothing to learn"


def check_learns(arch: Architecture, grids: tuple[Grid, ...] = STEPPED) -> None:
    """On every grid it reads: finite outputs, and a finite gradient for each weight; the same after one step."""
    import keras
    import tensorflow as tf

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for grid in readable(arch, grids):
        where = f"{arch.name} on {grid.shape}"
        model = build(arch, grid, OUTPUTS)
        x, y = example(grid), np.array([0, 2])
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            error = loss(y, logits)
        assert np.isfinite(logits.numpy()).all(), f"{where}: output is not finite"
        gradients = tape.gradient(error, [weight.value for weight in model.trainable_weights])
        for weight, gradient in zip(model.trainable_weights, gradients, strict=True):
            assert gradient is not None, f"{where}: {weight.path} has no gradient"
            values = tf.convert_to_tensor(gradient).numpy()
            assert np.isfinite(values).all(), f"{where}: gradient of {weight.path} is not finite"
            weight.assign_sub(1e-3 * values)
        assert np.isfinite(model(x).numpy()).all(), f"{where}: output is not finite after one step"


def check_output(arch: Architecture) -> None:
    """Answer in ``logits`` alone: float32, one number a class, also in mixed precision; name the stages."""
    import keras

    grid = readable(arch, (Grid((9, 7, 2)), Grid((16, 2))))[0]
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        with keras.StatelessScope(initialize_variables=False):
            model = build(arch, grid, OUTPUTS)
    finally:
        keras.config.set_dtype_policy(policy)
    assert model.output_names == ["logits"], f"{arch.name}: expected the output logits, got {model.output_names}"
    assert model.output.dtype == "float32", f"{arch.name}: logits are {model.output.dtype}"
    assert model.output_shape == (None, OUTPUTS), f"{arch.name}: logits have shape {model.output_shape}"
    taps = [layer.name for layer in model.layers if layer.name.startswith("stage") and layer.name[5:].isdigit()]
    assert taps == [f"stage{number}" for number in range(1, len(taps) + 1)], f"{arch.name}: taps are {taps}"
    assert taps, f"{arch.name} has no taps"


def check_one_and_two_axes_agree(arch: Architecture) -> None:
    """``(50, 2)`` and ``(1, 50, 2)`` give the same weights and outputs; a seed decides them."""
    random.seed(1)
    one = build(arch, Grid((50, 2)), OUTPUTS)
    random.seed(2)
    two = build(arch, Grid((1, 50, 2)), OUTPUTS)
    # By name: Keras lists layers by their depth, and a layer may be two on two axes.
    seconds = {weight.path: weight.numpy() for weight in two.weights}
    assert seconds.keys() == {weight.path for weight in one.weights}
    for first in one.weights:
        same = np.array_equal(first.numpy().ravel(), seconds[first.path].ravel())
        assert same, f"{arch.name}: {first.path} differs between (50, 2) and (1, 50, 2), or the seed does not decide it"
    x = example(Grid((50, 2)))
    difference = float(np.abs(one(x).numpy() - two(x[:, None]).numpy()).max())
    assert difference <= 1e-4, f"{arch.name}: outputs on (50, 2) and (1, 50, 2) differ by {difference}"


def check_receptive_fields(arch: Architecture) -> None:
    """Every stage sees what `receptive_fields` says: both ends of it, and nothing outside, by the gradient."""
    import keras

    for grid in readable(arch, UNEVEN):
        model = build(arch, grid, OUTPUTS)
        _average(model)
        for name, field in receptive_fields(arch, grid).items():
            stage = keras.Model(model.input, model.get_layer(name).output)
            middle = tuple(len(spans) // 2 for spans in field.spans)
            seen = field.seen(middle)
            outside, missed = _beyond(stage, seen, grid)
            where = f"{arch.name} on {grid.shape}: cell {middle} of {name}"
            assert not outside, f"{where} sees {outside} cells outside {seen}"
            assert not missed, f"{where} should see {seen}, but not {missed}"


def _average(model: Any) -> None:
    """Give every kernel positive weights that sum to about 1: no path cancels another, nothing saturates."""
    generator = np.random.default_rng(0)
    for weight in model.trainable_weights:
        if len(weight.shape) > 1:
            fan_in = np.prod(weight.shape[:-1])
            weight.assign(generator.uniform(0.5, 1.5, weight.shape) / fan_in)


def _beyond(stage: Any, seen: tuple[range, ...], grid: GridLike) -> tuple[int, list[tuple[int, ...]]]:
    """Count the cells outside ``seen`` that the gradient of the middle cell reaches, and list the ends it misses.

    The first item is random; each further one is even but for a cell at one end of one
    axis, which wins every maximum on its way.
    """
    import tensorflow as tf

    centre = [cells[len(cells) // 2] for cells in seen]
    ends = [
        (*centre[:axis], end, *centre[axis + 1 :]) for axis, cells in enumerate(seen) for end in (cells[0], cells[-1])
    ]
    x = np.full((1 + len(ends), *grid.shape), 0.1, "float32")
    x[0] = np.random.default_rng(0).uniform(0.1, 1, grid.shape)
    for item, end in enumerate(ends, start=1):
        x[(item, *end)] = 1
    variable = tf.Variable(x)
    with tf.GradientTape() as tape:
        maps = stage(variable, training=False)
        middle = tuple(n // 2 for n in maps.shape[1:-1])
        answer = tf.reduce_sum(maps[(slice(None), *middle)] * tf.linspace(1.0, 2.0, maps.shape[-1]))
    gradient = np.abs(tf.convert_to_tensor(tape.gradient(answer, variable)).numpy()).sum(-1)
    outside = gradient[0] > 0
    outside[np.ix_(*seen)] = False
    return int(outside.sum()), [end for item, end in enumerate(ends, start=1) if not gradient[(item, *end)]]


def check_seeds_differ(arch: Architecture) -> None:
    """Another seed gives other weights."""
    grid = readable(arch, (Grid((8, 8, 1)), Grid((16, 1))))[0]
    first, second = (build(arch, grid, OUTPUTS, seed=seed) for seed in (0, 1))
    differ = [not np.array_equal(a.numpy(), b.numpy()) for a, b in zip(first.weights, second.weights, strict=True)]
    assert any(differ), f"{arch.name}: seeds 0 and 1 give the same weights"


def check_config_round_trip(arch: Architecture) -> None:
    """Through JSON and back it is the same architecture."""
    again = from_config(json.loads(json.dumps(arch.config())))
    assert again == arch, f"{arch.name}: {again} is not {arch}"


def check_space_starts_at_variant(arch: Architecture) -> None:
    """Start the search at the architecture itself."""
    for name, dimension in space(arch).items():
        value = getattr(arch, name)
        assert dimension.default == value, f"{arch.name}.{name}: search starts at {dimension.default}, not {value}"
        assert value in dimension.values if isinstance(dimension, Choice) else dimension.low <= value <= dimension.high


def draw_point(dimensions: dict[str, Dimension], generator: random.Random) -> dict[str, Scalar]:
    """Draw a random point of a search space."""
    point: dict[str, Scalar] = {}
    for name, dimension in dimensions.items():
        if isinstance(dimension, Choice):
            point[name] = generator.choice(dimension.values)
        elif isinstance(dimension.default, int):
            point[name] = generator.randrange(dimension.low, dimension.high + 1, dimension.step)  # type: ignore[arg-type]
        else:
            point[name] = generator.uniform(dimension.low, dimension.high)
    return point


def check_random_points_draw(arch: Architecture, points: int = 3) -> None:
    """Any point of the search space is a network, on three grids."""
    generator = random.Random(0)
    drawn = [draw_point(space(arch), generator) for _ in range(points)]
    # How much is dropped changes nothing that is drawn; whether anything is, does.
    distinct = {json.dumps({**point, "dropout": bool(point["dropout"])}): point for point in drawn}
    for grid in readable(arch, POINTS)[:3]:
        for point in distinct.values():
            size = measure(from_config({**arch.config(), **point}), grid, OUTPUTS)
            assert size.parameters > 0, f"{arch.name}: {point} has nothing to learn on {grid.shape}"


def check_saves(arch: Architecture, path: Path) -> None:
    """Give the same output when saved to a ``.keras`` file and loaded in plain Keras."""
    import keras

    grid = readable(arch, (Grid((9, 7, 2)), Grid((16, 1))))[0]
    model = build(arch, grid, OUTPUTS)
    model.save(path)
    x = example(grid)
    loaded = keras.saving.load_model(path, compile=False)
    assert np.array_equal(loaded(x).numpy(), model(x).numpy()), f"{arch.name}: the loaded network answers differently"


def check_size(arch: Architecture, grid: GridLike, outputs: int, parameters: int, macs: int | None = None) -> None:
    """Trainable parameters, and multiply–accumulates where given, are the published ones."""
    size: Size = measure(arch, grid, outputs)
    found = f"{arch.name} on {grid.shape}"
    assert size.parameters == parameters, f"{found}: expected {parameters:,} parameters, drew {size.parameters:,}"
    assert macs in (None, size.macs), f"{found}: expected {macs:,} multiply–accumulates, drew {size.macs:,}"
