"""What a network's filters and stages make of an item, and which training items excite them most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.base import Adapter
from adapters.grid import FloatArray
from training.explain.anatomy import Feature, Filters, Match, Shown, Stage
from training.explain.fields import effective, seen, stage_axes, whole_of
from training.explain.lens import Array, Lens
from training.explain.places import Part, most_active
from training.explain.rounding import rounded
from training.explain.subject import Subject
from training.fitting.predictor import Predictor

MOST_FILTERS = 16
MOST_FEATURES = 6  # of a stage
MATCHED, MATCHES = 3, 3  # features of a stage that training items are shown for, and how many
MOST_SEARCHED = 512
MOST_INPUTS = 64  # channels of a filter that are kept
MOST_CELLS = 64  # of a feature map, along an axis


@dataclass(frozen=True)
class Searched:
    """Training items with their feature maps.

    Parameters
    ----------
    items : list
    labels : list of str
    names : list of str
    maps : dict of str to ndarray
        Of each layer.
    """

    items: list[Any]
    labels: list[str]
    names: list[str]
    maps: dict[str, Array]

    @classmethod
    def of(cls, lens: Lens, predictor: Predictor, items: Sequence[Any], labels: Sequence[str]) -> Searched:
        """Look at up to 512 readable training items, evenly chosen."""
        chosen = np.unique(np.linspace(0, len(items) - 1, min(len(items), MOST_SEARCHED)).round().astype(int))
        reading = predictor.adapter.read([items[i] for i in chosen])
        kept = [int(chosen[i]) for i in reading.kept]
        grids = predictor.scaler(predictor.adapter.grids(reading.values))
        maps = lens.maps(lens.vectors(grids))
        return cls([items[i] for i in kept], [str(labels[i]) for i in kept], [f"item {i + 1}" for i in kept], maps)


def filters(predictor: Predictor) -> Filters | None:
    """Give the kernels of the first convolution; None if there is none."""
    layers = predictor.network.model.layers
    layer = next((one for one in layers if type(one).__name__ in ("Conv1D", "Conv2D", "Conv3D")), None)
    if layer is None:
        return None
    kernels = np.moveaxis(np.asarray(layer.kernel), -1, 0)
    channels = predictor.adapter.grid_.channels
    depth = kernels.shape[-1]
    names = channels if len(channels) == depth else [f"channel {i + 1}" for i in range(depth)]
    kept = kernels[:MOST_FILTERS, ..., :MOST_INPUTS]
    return Filters(layer.name, len(kernels), rounded(kept), list(names[:MOST_INPUTS]))


def stages(subject: Subject, searched: Searched | None) -> tuple[list[Stage], list[Shown]]:
    """Describe every stage, or what stands for one, and list the training items that it refers to."""
    maps = subject.lens.maps(subject.x[None])
    gallery: dict[int, Shown] = {}
    found = [_stage(subject, part, maps, searched, gallery) for part in subject.lens.parts]
    return found, list(gallery.values())


def _stage(
    subject: Subject, part: Part, maps: dict[str, Array], searched: Searched | None, gallery: dict[int, Shown]
) -> Stage:
    own = maps[part.layer][0]
    cell = most_active(own)[:-1]
    axes = stage_axes(part, subject.adapter.axes_for(subject.item))
    strongest = own.reshape(-1, own.shape[-1]).max(axis=0).argsort()[::-1][:MOST_FEATURES]
    features = [
        Feature(
            int(channel),
            rounded(_thinned(own[..., channel])),
            _matches(subject.adapter, part, int(channel), searched, gallery) if searched and rank < MATCHED else [],
        )
        for rank, channel in enumerate(strongest)
    ]
    return Stage(
        part.layer, own.shape[-1], list(part.shape), list(part.field.size), list(part.field.stride),
        [axis.to_json() for axis in axes], features, list(cell),
        seen(subject.adapter, subject.item, part, cell), effective(subject, part, cell),
    )  # fmt: skip


def _matches(adapter: Adapter, part: Part, channel: int, searched: Searched, gallery: dict[int, Shown]) -> list[Match]:
    maps = searched.maps[part.layer][..., channel]
    heights = maps.reshape(len(maps), -1).max(axis=1)
    found = []
    for position in heights.argsort()[::-1][:MATCHES].tolist():
        item = searched.items[position]
        if position not in gallery:
            gallery[position] = Shown(searched.names[position], searched.labels[position], adapter.preview(item))
        spans = seen(adapter, item, part, most_active(maps[position]))
        whole = whole_of(adapter, item)
        found.append(Match(list(gallery).index(position), round(float(heights[position]), 5), spans, whole))
    return found


def _thinned(values: FloatArray) -> FloatArray:
    """Keep every n-th cell of long axes, so that no map is longer than a picture needs."""
    return values[tuple(slice(None, None, -(-size // MOST_CELLS)) for size in values.shape)]
