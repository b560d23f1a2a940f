"""The chain rule at single weights, by hand, beside what automatic differentiation says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.grid import FloatArray
from training.explain.places import most_active
from training.walk.changes import before_and_after, name_of, scale_and_shift
from training.walk.learning_record import Chain, Factor
from training.walk.matching import IN, OUT
from training.walk.probe import Seen, slope_of
from training.walk.route import NORMALISES, Link, Route, kind, pools
from training.walk.windows import Window, filter_of


@dataclass(frozen=True)
class Step:
    """A link of the chain at every cell of the convolution's map."""

    name: str
    slopes: FloatArray


def dense_tensors(number: int) -> tuple[str, str]:
    """Name the tensors around a fully connected layer."""
    return f"dense {number}, before", f"dense {number}, after"


def dense_chain(
    layer: Any, number: int, seen: Seen, unit: int | None, source: Callable[[int], str], target: Callable[[int], str]
) -> Chain:
    """Take the chain rule to a weight of a fully connected layer.

    Parameters
    ----------
    layer : keras layer
    number : int
        As `dense_tensors` counts.
    seen : Seen
    unit : int or None
        The output whose weight it is: the one that adds most to it. The weight with the
        steepest slope if None.
    source, target : callable
        From a position to what the layer's input, or output, there is called.
    """
    before, after = dense_tensors(number)
    inputs, above = seen.values[before].astype(float), seen.slopes[after].astype(float)
    kernel = np.asarray(layer.kernel, dtype=float)
    sums = inputs @ kernel + (np.asarray(layer.bias, dtype=float) if layer.use_bias else 0.0)
    bends = slope_of(layer.activation, sums).astype(float)
    automatic = seen.weights[layer.kernel.path]
    at, to = (
        most_active(np.abs(automatic)) if unit is None else (most_active(np.abs(inputs * kernel[:, unit]))[0], unit)
    )
    factors = [Factor(f"how the error changes with {target(to)}", float(above[to]))]
    if layer.activation.__name__ != "linear":
        factors.append(Factor(f"the slope of {name_of(layer)} where it is met", float(bends[to])))
    factors.append(Factor(f"{source(at)}, which the weight multiplies", float(inputs[at])))
    product = float(np.prod([factor.value for factor in factors]))
    weight = f"from {source(at)} to {target(to)}"
    return Chain(layer.name, weight, float(kernel[at, to]), factors, product, 1, product, float(automatic[at, to]))


def conv_chain(route: Route, seen: Seen, channels: Sequence[int]) -> Chain:
    """Take the chain rule to the weight of the first convolution that has the steepest slope.

    Everything between the error and the end of the row that follows the convolution is one
    factor; from there on each layer has its own.

    Parameters
    ----------
    route : Route
    seen : Seen
    channels : sequence of int
        Filters to choose from.
    """
    layer, window = route.conv, Window.of(route.conv)
    automatic = seen.weights[layer.kernel.path].astype(float)
    by_filter = _by_filter(layer, automatic)
    channel = max(channels, key=lambda one: float(np.abs(by_filter[one]).max()))
    place = most_active(np.abs(by_filter[channel]))
    steps = _steps(route, seen, channel)
    spatial = seen.values[OUT].shape[:-1]
    source = filter_of(layer, channel)[0][place[-1]]
    met = window.met(seen.values[IN], place[:-1], spatial)[..., source]
    products = np.prod([step.slopes for step in steps], axis=0) * met
    cell = most_active(np.abs(products))
    factors = [Factor(step.name, float(step.slopes[cell])) for step in steps]
    factors.append(Factor("the cell of the input that the weight meets there", float(met[cell])))
    where = ", ".join(f"{word} {at + 1}" for word, at in zip(_words(len(spatial)), place[:-1], strict=True))
    return Chain(
        layer=layer.name,
        weight=f"of filter {channel + 1}, {where}, input channel {source + 1}",
        value=float(_by_filter(layer, np.asarray(layer.kernel, dtype=float))[channel][place]),
        factors=factors,
        product=float(products[cell]),
        places=int(np.prod(spatial)),
        total=float(products.sum()),
        automatic=float(by_filter[channel][place]),
    )


def _words(rank: int) -> list[str]:
    return ["cell"] if rank == 1 else ["row", "column"]


def _by_filter(layer: Any, kernel: FloatArray) -> list[FloatArray]:
    """Give a kernel's weights filter by filter, ``(*size, channels)`` each."""
    if kind(layer).startswith("Depthwise"):
        inputs, multiplier = kernel.shape[-2:]
        return [kernel[..., one // multiplier, one % multiplier][..., None] for one in range(inputs * multiplier)]
    return list(np.moveaxis(kernel, -1, 0))


def _steps(route: Route, seen: Seen, channel: int) -> list[Step]:
    """Follow the error's slope back to one filter's map, layer by layer."""
    links = _simple(route)
    end = before_and_after(len(links) - 1)[1] if links else OUT
    name = f"how the error changes with the cell that {links[-1].layer.name if links else route.conv.name} gives"
    steps = [Step(name, np.asarray(seen.slopes[end][..., channel], dtype=float))]
    for number, link in reversed(list(enumerate(links))):
        before = seen.values[before_and_after(number)[0]]
        if pools(link.layer):
            steps = _through_pool(link.layer, before[..., channel], steps)
        else:
            steps.append(_own(link.layer, before, channel))
    return steps


def _simple(route: Route) -> list[Link]:
    """Take those links of the row in which each cell is made from cells of its own."""
    found: list[Link] = []
    shape = route.conv.output.shape
    for link in route.links[: route.row]:
        if link.layer.input.shape != shape or (pools(link.layer) and not Window.of(link.layer).apart):
            break
        found.append(link)
        shape = link.layer.output.shape
    return found


def _own(layer: Any, before: FloatArray, channel: int) -> Step:
    if kind(layer) in NORMALISES:
        factor = scale_and_shift(layer)[0][channel]
        return Step("the factor of the normalisation", np.full(before.shape[:-1], factor))
    slopes = slope_of(layer, before[None])[0, ..., channel].astype(float)
    return Step(f"the slope of {name_of(layer)} at that cell", slopes)


def _through_pool(layer: Any, before: FloatArray, above: list[Step]) -> list[Step]:
    """Give each cell the slopes of its window, and its part in it."""
    window, largest = Window.of(layer), "Max" in kind(layer)
    shape = above[0].slopes.shape
    shares, owners = np.zeros(before.shape), [np.zeros(before.shape) for _ in above]
    for cell in np.ndindex(shape) if shape else [(0,) * before.ndim]:
        places = np.ix_(*[own[own < size] for own, size in zip(window.indices(cell), before.shape, strict=True)])
        inside = before[places]
        shares[places] = _largest(inside) if largest else 1 / inside.size
        for owner, step in zip(owners, above, strict=True):
            owner[places] = step.slopes[cell] if shape else step.slopes
    text = (
        "1 for the largest cell of its window, 0 for the others"
        if largest
        else "the cell's part in its window's average"
    )
    spread = [Step(step.name, owner) for owner, step in zip(owners, above, strict=True)]
    return [*spread, Step(text, shares)]


def _largest(cells: FloatArray) -> FloatArray:
    found = np.zeros(cells.size)
    found[int(cells.argmax())] = 1.0
    return found.reshape(cells.shape)
