"""Walk one item through a trained network, from its grid to a step of learning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from adapters.grid import GridSpec
from training.errors import ExperimentError, nearest, require
from training.explain.lens import Lens, lens_for, narrowest
from training.explain.rounding import rounded
from training.fitting.predictor import Predictor
from training.walk.changes import before_and_after, change
from training.walk.head import (
    averages,
    cell_votes,
    feature_name,
    feature_votes,
    hidden,
    level,
    shown_classes,
    stage_layers,
)
from training.walk.learning_record import Chain, Descent
from training.walk.maps_record import Change, Matching, Reading
from training.walk.matching import IN, OUT, maps_of, matching, strongest
from training.walk.notes import notes
from training.walk.planes import shortened_grid
from training.walk.probe import Probe, Seen
from training.walk.record import Votes, Walk
from training.walk.route import Route, route
from training.walk.slopes import conv_chain, dense_chain, dense_tensors

READ, VOTING = "read", "voting"
MOST_TOKENS = 192
STRIDES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)  # multiples of the rate that errors are measured at,
PAST = 1.5  # until one is so many times as large as before the step


@dataclass(frozen=True)
class Subject:
    """One item in one network: what is read off it."""

    predictor: Predictor
    lens: Lens
    route: Route
    probe: Probe
    grid: NDArray[Any]
    seen: Seen
    label: int
    channels: list[int]


def walk(
    predictor: Predictor,
    item: Any,
    *,
    name: str = "",
    label: str | None = None,
    rate: float | None = None,
) -> Walk:
    """Follow an item through a predictor's network, and take one step of gradient descent.

    Parameters
    ----------
    predictor : Predictor
        Of classes. It is not changed.
    item : object
        Raw, as for `Predictor.predict`.
    name : str
        What the item is called.
    label : str, optional
        Its true class; without one the error is measured against the predicted class.
    rate : float, optional
        Of the step; the learning rate that the predictor was trained with by default.

    Returns
    -------
    Walk
        Every number is Keras' own, or is computed from Keras' own and equals it within
        float32's precision.

    Raises
    ------
    ExperimentError
        If there is no such class, the predictor predicts numbers, or its grids have more
        than two axes.
    adapters.errors.DataError
        If the item cannot become a grid.
    """
    chosen = predictor.recipe.learning_rate if rate is None else rate
    require(np.isfinite(chosen) and chosen > 0, "rate", "a number above 0", chosen)
    subject = _subject(predictor, item, label)
    seen, classes = subject.seen, predictor.classes
    own_grid, spec = _grid(predictor, item)
    return Walk(
        item=name or "item",
        preview=predictor.adapter.preview(item),
        modality=predictor.adapter.modality,
        adapter=predictor.adapter.name,
        architecture=str(predictor.architecture["name"]),
        parameters=int(sum(np.prod(weight.shape) for weight in subject.lens.model.weights)),
        classes=list(classes),
        label=classes[subject.label],
        given=label is not None,
        grid=own_grid,
        spec=spec.to_json(),
        reading=_reading(subject),
        matching=_matching(subject),
        changes=_changes(subject),
        levels=[level(one.name, seen.values[one.name]) for one in stage_layers(subject.lens.model)],
        hidden=[
            hidden(layer, seen.values[dense_tensors(number)[1]])
            for number, layer in enumerate(subject.route.dense[:-1])
        ],
        votes=_votes(subject),
        outputs=rounded(seen.outputs),
        probabilities=softmax(seen.outputs.astype(float)).tolist(),
        error=seen.error,
        chains=_chains(subject),
        descent=_descent(subject, chosen),
        notes=notes(predictor, subject.route),
    )


def _subject(predictor: Predictor, item: Any, label: str | None) -> Subject:
    if predictor.target is not None:
        raise ExperimentError("walk: expected a predictor of classes, but this one predicts numbers")
    if label is not None and label not in predictor.classes:
        raise ExperimentError(f"label: got {label!r}; {nearest(label, predictor.classes)}")
    if len(predictor.adapter.grid_.axes) > 2:
        raise ExperimentError(f"walk: expected a grid of one or two axes, got {len(predictor.adapter.grid_.axes)}")
    grid = predictor.scaler(predictor.adapter.transform([item]))
    lens = lens_for(predictor)
    way = route(lens.model, narrowest(lens.model))
    probe = Probe(lens.model, _tensors(lens, way))
    predicted = int(np.asarray(lens.model(grid, training=False))[0].argmax())
    chosen = predicted if label is None else predictor.classes.index(label)
    seen = probe.look(grid, chosen)
    return Subject(predictor, lens, way, probe, grid, seen, chosen, _channels(way, seen))


def _tensors(lens: Lens, way: Route) -> dict[str, Any]:
    """Name all tensors that the walk reads."""
    found = {READ: narrowest(lens.model)}
    found |= {layer.name: layer.output for layer in stage_layers(lens.model)}
    if way.conv is not None:
        found |= {IN: way.conv.input, OUT: way.conv.output}
    for number, link in enumerate(way.links):
        found |= dict(zip(before_and_after(number), (link.layer.input, link.layer.output), strict=True))
    for number, layer in enumerate(way.dense):
        found |= dict(zip(dense_tensors(number), (layer.input, layer.output), strict=True))
    return found if not averages(way.last) else {**found, VOTING: way.last.input}


def _channels(way: Route, seen: Seen) -> list[int]:
    """Choose the filters whose maps are highest when they are passed on."""
    if way.conv is None:
        return []
    return strongest(seen.values[before_and_after(way.row - 1)[1] if way.row else OUT])


def _grid(predictor: Predictor, item: Any) -> tuple[list[Any], GridSpec]:
    """Give the grid as the adapter made it; of a vocabulary only the words that occur."""
    values = predictor.adapter.transform([item])[0]
    spec = replace(predictor.adapter.grid_, axes=predictor.adapter.axes_for(item))
    if spec.vocabulary:
        used = set(np.unique(values).tolist())
        spec = replace(spec, vocabulary=tuple(w if i in used else "" for i, w in enumerate(spec.vocabulary)))
    return shortened_grid(values, spec)


def _names(subject: Subject, depth: int) -> list[str]:
    """Name the channels of what is read."""
    spec = subject.predictor.adapter.grid_
    if len(spec.channels) == depth:
        return list(spec.channels)
    return [f"{'dimension' if spec.vocabulary else 'channel'} {index + 1}" for index in range(depth)]


def _reading(subject: Subject) -> Reading:
    x, spec, scaler = subject.seen.values[READ], subject.predictor.adapter.grid_, subject.predictor.scaler
    maps = maps_of(x, _names(subject, x.shape[-1]))
    tokens = [spec.vocabulary[int(one)] for one in subject.grid[0][:MOST_TOKENS]] if spec.vocabulary else []
    shown = len(maps) if maps[0].name else 0  # a matrix has no single scale
    return Reading(maps, x.shape[-1], scaler.mean[:shown].tolist(), scaler.deviation[:shown].tolist(), tokens)


def _matching(subject: Subject) -> Matching | None:
    if subject.route.conv is None:
        return None
    depth = subject.seen.values[IN].shape[-1]
    names = _names(subject, depth) if not subject.route.prepared else [f"channel {i + 1}" for i in range(depth)]
    return matching(subject.route, subject.seen, subject.channels, names)


def _changes(subject: Subject) -> list[Change]:
    found = []
    for number, link in enumerate(subject.route.links):
        in_row = number < subject.route.row
        after = subject.seen.values[before_and_after(number)[1]]
        channels = subject.channels if in_row else strongest(after)
        found.append(change(link, number, subject.seen, channels, in_row))
    return found


def _votes(subject: Subject) -> Votes | None:
    way, seen = subject.route, subject.seen
    classes = shown_classes(seen.outputs, subject.label)
    if way.dense and way.dense[-1] is way.last:
        inputs = seen.values[dense_tensors(len(way.dense) - 1)[0]].astype(float)
        return feature_votes(way, inputs, classes)
    return (
        cell_votes(way.last, seen.values[VOTING], classes, subject.predictor.classes) if VOTING in seen.values else None
    )


def _chains(subject: Subject) -> list[Chain]:
    """Choose a weight of the last layer, one of the first hidden layer, one of the first convolution."""
    way, seen, found = subject.route, subject.seen, []

    def feature(index: int) -> str:
        return feature_name(way.features, index)

    def unit(index: int) -> str:
        return f"unit {index + 1}"

    def output(index: int) -> str:
        return f"the output of “{subject.predictor.classes[index]}”"

    if way.dense and way.dense[-1] is way.last:
        source = unit if len(way.dense) > 1 else feature
        chain = dense_chain(way.last, len(way.dense) - 1, seen, subject.label, source, output)
        first, *others = chain.factors
        found.append(replace(chain, factors=[replace(first, name=f"{first.name}: its share less 1"), *others]))
    if len(way.dense) > 1:
        found.append(dense_chain(way.dense[0], 0, seen, None, feature, unit))
    if way.conv is not None and way.conv.kernel.path in seen.weights:
        found.append(conv_chain(way, seen, subject.channels))
    return found


def _descent(subject: Subject, rate: float) -> Descent:
    seen, probe = subject.seen, subject.probe
    errors: dict[float, float] = {}
    after: list[float] = []
    for multiple in STRIDES:
        with probe.stepped(seen.weights, multiple * rate):
            error, outputs = probe.after(subject.grid, subject.label)
        if np.isfinite(error):
            errors[multiple] = error
            after = softmax(outputs.astype(float)).tolist() if multiple == 1.0 else after
        if multiple >= 1 and not error <= PAST * seen.error:  # what overflows is no number, and not below either
            break
    return Descent(
        rate=rate,
        weights=sum(int(slope.size) for slope in seen.weights.values()),
        length=float(np.sqrt(sum(float(np.square(slope, dtype=float).sum()) for slope in seen.weights.values()))),
        before=seen.error,
        after=errors.get(1.0),
        probabilities=after,
        rates=[multiple * rate for multiple in errors],
        errors=list(errors.values()),
    )
