"""The first convolution: each filter at its best match, multiplied cell by cell and summed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adapters.grid import FloatArray
from training.explain.places import most_active
from training.explain.rounding import rounded
from training.walk.maps_record import Matching, Named, Placed, Slice
from training.walk.planes import MOST_CELLS, rows_and_columns, two, whole
from training.walk.probe import Seen
from training.walk.route import Route, kind
from training.walk.windows import Window, bias_of, filter_of

MOST_FILTERS = 8
MOST_MAPS = 4  # channels of an input over two axes
MOST_SLICES, MOST_ROWS = 4, 8  # channels of a filter, over two axes and over one
MATRIX = {1: 192, 2: 96}
IN, OUT = "convolution, before", "convolution, after"


def strongest(maps: FloatArray, most: int = MOST_FILTERS) -> list[int]:
    """Channels with the highest peaks, highest first; ``maps`` has channels last."""
    peaks = maps.reshape(-1, maps.shape[-1]).max(axis=0)
    return [int(channel) for channel in peaks.argsort(kind="stable")[::-1][:most]]


def maps_of(values: FloatArray, names: Sequence[str]) -> list[Named]:
    """Show what a layer reads: a map a channel; of one axis and many channels a matrix, a row a channel."""
    if values.ndim == 2 and values.shape[-1] > MOST_MAPS:
        return [Named("", whole(values.T, MATRIX))]
    count = min(MOST_MAPS, values.shape[-1])
    return [Named(names[index], whole(values[..., index], MOST_CELLS)) for index in range(count)]


def matching(route: Route, seen: Seen, channels: Sequence[int], names: Sequence[str]) -> Matching:
    """Describe the convolution.

    Parameters
    ----------
    route : Route
        Of a network with a convolution.
    seen : Seen
        With the convolution's input and output.
    channels : sequence of int
        Filters to show.
    names : sequence of str
        Of the input channels.
    """
    layer, x, maps = route.conv, seen.values[IN], seen.values[OUT]
    window = Window.of(layer)
    return Matching(
        layer=layer.name,
        count=maps.shape[-1],
        kernel=two(window.size),
        stride=two(window.stride),
        dilation=two(window.dilation),
        before=two(window.before, 0),
        channels=len(filter_of(layer, 0)[0]),
        prepared=[f"{one.name} ({kind(one)})" for one in route.prepared],
        inputs=maps_of(x, names),
        filters=[_placed(route, window, x, maps[..., channel], channel, names) for channel in channels],
    )


def _placed(route: Route, window: Window, x: FloatArray, own: FloatArray, channel: int, names: Sequence[str]) -> Placed:
    cell = most_active(own)
    read, weights = filter_of(route.conv, channel)
    under = window.under(x, cell)[..., read]
    products = (under * weights).reshape(-1, len(read)).sum(axis=0)
    most = MOST_SLICES if own.ndim == 2 else MOST_ROWS
    kept = sorted(np.abs(products).argsort(kind="stable")[::-1][:most].tolist())
    return Placed(
        channel=channel,
        cell=two(cell, 0),
        start=two(window.start(cell), 0),
        slices=_slices(under[..., kept], weights[..., kept], [names[read[index]] for index in kept]),
        rest=float(products.sum() - products[kept].sum()),
        bias=bias_of(route.conv, channel),
        value=float(own[cell]),
        plane=whole(own),
    )


def _slices(under: FloatArray, weights: FloatArray, names: list[str]) -> list[Slice]:
    """Give a slice a channel where cells have rows and columns; else one, a row a channel."""
    if under.ndim == 2:
        return [Slice(names, rounded(under.T), rounded(weights.T))]
    pairs = ((rows_and_columns(under[..., index]), weights[..., index]) for index in range(len(names)))
    return [Slice([name], rounded(cells), rounded(own)) for name, (cells, own) in zip(names, pairs, strict=True)]
