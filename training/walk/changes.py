"""What becomes of a map, cell by cell and window by window: normalised, bent, pooled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from adapters.grid import FloatArray
from training.explain.places import most_active
from training.explain.rounding import rounded
from training.walk.maps_record import Change, Passing, Plane
from training.walk.planes import SMALL_CELLS, part, two, whole
from training.walk.probe import Seen
from training.walk.route import NORMALISES, Link, kind, pools
from training.walk.windows import Window

MOST_INPUTS = 64
CURVE = 41
NAMES = {"relu": "ReLU", "tanh": "tanh", "gelu": "GELU", "silu": "SiLU", "elu": "ELU", "selu": "SELU", "leaky": "leaky ReLU"}  # fmt: skip


def before_and_after(number: int) -> tuple[str, str]:
    """Name the tensors around a link."""
    return f"link {number}, before", f"link {number}, after"


def change(link: Link, number: int, seen: Seen, channels: Sequence[int], follows: bool) -> Change:
    """Describe a layer by what it makes of some channels' maps."""
    before, after = (seen.values[name] for name in before_and_after(number))
    layer, pooling = link.layer, pools(link.layer)
    window = Window.of(layer) if pooling else None
    sort = "pool" if pooling else "normalise" if kind(layer) in NORMALISES else "activate"
    return Change(
        kind=sort,
        layer=layer.name,
        name=name_of(layer),
        follows=follows,
        skipped=link.skipped,
        channels=after.shape[-1],
        size=two(window.size) if window else [],
        stride=two(window.stride) if window else [],
        before=two(window.before, 0) if window else [],
        curve=_curve(layer, before) if sort == "activate" else [],
        lowered=float(np.mean(after == 0)),
        maps=[
            _pooled(window, before[..., one], after[..., one], one)
            if window
            else _passed(layer, before[..., one], after[..., one], one)
            for one in channels
        ],
    )


def name_of(layer: Any) -> str:
    """Name what a layer does."""
    name = kind(layer)
    if name in ("Activation", "Dense"):
        own = str(layer.activation.__name__)
        return NAMES.get(own, own.replace("_", " "))
    if name == "LeakyReLU":
        return NAMES["leaky"]
    return "max" if "Max" in name else "average" if "Average" in name else "batch normalisation"


def scale_and_shift(layer: Any) -> tuple[FloatArray, FloatArray]:
    """Give factor and offset of each channel of a batch normalisation that has learned its statistics."""
    factor = 1 / np.sqrt(np.asarray(layer.moving_variance, dtype=float) + layer.epsilon)
    if layer.scale:
        factor = factor * np.asarray(layer.gamma)
    shift = np.asarray(layer.beta, dtype=float) if layer.center else np.zeros_like(factor)
    return factor, shift - np.asarray(layer.moving_mean) * factor


def _passed(layer: Any, before: FloatArray, after: FloatArray, channel: int) -> Passing:
    cell = most_active(after)
    scales = [float(own[channel]) for own in scale_and_shift(layer)] if kind(layer) in NORMALISES else [None, None]
    return Passing(
        channel, whole(before), whole(after), two(cell, 0), [float(before[cell])], float(after[cell]), *scales
    )


def _pooled(window: Window, before: FloatArray, after: FloatArray, channel: int) -> Passing:
    cell = most_active(after) if after.ndim else (0,) * before.ndim
    inputs = window.inside(before, cell)
    shown = _parts(window, before, after, cell)
    kept = rounded(inputs.ravel()) if inputs.size <= MOST_INPUTS else []
    return Passing(channel, *shown, two(cell, 0), kept, float(after[cell] if after.ndim else after), None, None)


def _parts(window: Window, before: FloatArray, after: FloatArray, cell: tuple[int, ...]) -> tuple[Plane, Plane]:
    """Cut out the windows around a cell, so that each cell can be seen; under a large window, all is thinned."""
    most = SMALL_CELLS[before.ndim]
    if not after.ndim:
        return whole(before), whole(after)
    if any(size > most for size in window.size):
        return whole(before), part(after, two(cell, 0), [at + 1 for at in two(cell, 0)])
    first, last = [], []
    for at, size, stride, length in zip(cell, window.size, window.stride, after.shape, strict=True):
        count = min(length, (most - size) // stride + 1)
        first.append(min(max(0, at - count // 2), length - count))
        last.append(first[-1] + count)
    end = [low + size for low, size in zip(window.start([at - 1 for at in last]), window.size, strict=True)]
    return part(before, two(window.start(first), 0), two(end)), part(after, two(first, 0), two(last))


def _curve(layer: Any, before: FloatArray) -> list[list[float]]:
    """Sample an activation where its inputs lie."""
    reach = max(2.0, float(np.ceil(np.abs(before).max())))
    inputs = np.linspace(-reach, reach, CURVE, dtype=np.float32)
    # In the shape of the layer's input, since some activations have weights of their own.
    shape = (CURVE, *(1,) * (before.ndim - 1), before.shape[-1])
    outputs = np.asarray(layer(np.broadcast_to(inputs.reshape(CURVE, *(1,) * before.ndim), shape)))
    return rounded(np.stack([inputs, outputs.reshape(CURVE, -1)[:, 0]], axis=1))
