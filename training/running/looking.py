"""Have the network of a finished run again, explain its labels of test items, and walk one through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from adapters.grid import Attribution, Axis
from training.explain.explain import relevance_of, with_stages
from training.explain.explanation import Explanation, Relevance
from training.explain.insight import Insight, Look
from training.explain.methods import LEAD, METHODS
from training.explain.rounding import rounded, shortened
from training.fitting.fit import History
from training.fitting.network import Network
from training.fitting.parts import Part
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.records import Record, Settings, canonical
from training.running.cnn_run import prepare, scaler_of
from training.running.visiting import Sight, Visit
from training.running.weights import kept_weights
from training.running.work import reason_of
from training.tuning.bench import Bench
from training.tuning.settings import ADAPTER
from training.tuning.space import apply
from training.walk.walk import walk

ROOM = 8_000_000  # characters of the explanations of one network
WALK_ROOM = 2_000_000  # and of its walk
WIDEST = 128  # pixels of a picture, and cells of its relevance: more are not told apart in a report


def look(todo: Visit, blank: Insight) -> Insight:
    """Say how many test items the network labels as the run did, what some of these labels rest on, and how one came about."""
    predictor, test = _had_again(todo)
    logits = np.concatenate([predictor.network.predict(x) for x in test.segments()])
    same = int((logits.argmax(axis=1) == todo.record.predicted).sum())
    return _walked(replace(blank, same=same, looks=list(_looks(predictor, todo))), predictor, todo.sights)


def _had_again(todo: Visit) -> tuple[Predictor, Part]:
    """Have the network of a run again, by the weights that were kept or by training it once more, to the same end."""
    task, record = todo.task, todo.record
    if ADAPTER in record.chosen:
        task = task.on(task.choices[record.chosen[ADAPTER]])
    recipe = Recipe(**record.run.recipe)
    bench, test = prepare(task, recipe)
    settings = {name: value for name, value in record.run.model.items() if name != "label"}
    model, recipe = apply(record.chosen if record.run.tuning else {}, settings, recipe)
    if weights := kept_weights(task):
        network = bench.network(model, recipe)
        network.restore(weights)
        history = History(record.curves, int(record.scores["best_epoch"]) - 1, record.cost.train_seconds)
    else:
        network, history = _trained_again(bench, model, recipe, record)
    used, scaler = bench.as_used(network, model, recipe), scaler_of(task, recipe)
    return Predictor(todo.adapter, model, task.classes, scaler, recipe, used, history), test


def _trained_again(bench: Bench, model: Settings, recipe: Recipe, record: Record) -> tuple[Network, History]:
    """Repeat the final training of a run: its epochs and its schedule, so that no clock decides; not its search."""
    planned = record.curves.get("planned_epochs", ())
    network, training = bench.training(model, replace(recipe, seconds=None), bench.seed, planned=planned)
    training.run(len(record.curves["loss"]))
    return network, training.keep_best()


def _looks(predictor: Predictor, todo: Visit) -> Iterator[Look]:
    room, first = ROOM, True
    for sight in todo.sights:
        look = _look(predictor, sight, first, todo.task.run.seed)
        size = len(canonical(look.explanation.to_json())) if look.explanation else 0
        if size > room:
            reason = f"its explanation takes {size:,} characters, of {room:,} that are left for this network"
            look = replace(look, explanation=None, reason=reason)
        else:
            room -= size
        first = first and look.explanation is None
        yield look


def _look(predictor: Predictor, sight: Sight, first: bool, seed: int) -> Look:
    """Explain one item; the stages are shown on the first alone, since filters and fields are the network's."""
    look = Look(sight.position, sight.name, sight.label)
    try:
        found = _smaller(relevance_of(predictor, sight.item, {LEAD: METHODS[LEAD]}, name=sight.name, seed=seed))
        return replace(look, explanation=with_stages(found, predictor, sight.item) if first else found)
    except Exception as error:  # an item that cannot be explained must not cost the others
        return replace(look, reason=reason_of(error))


def _walked(found: Insight, predictor: Predictor, sights: Sequence[Sight]) -> Insight:
    """Walk the item whose stages are shown through the network, or say why not."""
    opened = found.opened
    if opened is None:
        return replace(found, unwalked="no item could be explained")
    sight = next(one for one in sights if one.position == opened.position)
    try:
        way = walk(predictor, sight.item, name=sight.name, label=sight.label)
    except Exception as error:  # the looks are worth keeping without it
        return replace(found, unwalked=reason_of(error))
    size = len(canonical(way.to_json()))
    if size > WALK_ROOM:
        return replace(
            found, unwalked=f"its numbers take {size:,} characters, of {WALK_ROOM:,} that a report has room for"
        )
    return replace(found, walk=way)


def _smaller(found: Explanation) -> Explanation:
    """Thin a picture out, and add up its relevance, to what a report can show."""
    if found.preview["kind"] != "image":
        return found
    pixels = found.preview["pixels"]
    step = -(-max(len(pixels), len(pixels[0])) // WIDEST)
    preview = {**found.preview, "pixels": [row[::step] for row in pixels[::step]]}
    return replace(found, preview=preview, relevances=[_shorter(one) for one in found.relevances])


def _shorter(one: Relevance) -> Relevance:
    axes = tuple(Axis.from_json(axis) for axis in one.axes)
    kept = shortened(Attribution(axes, np.asarray(one.values, dtype=float)), WIDEST)
    return replace(one, axes=[axis.to_json() for axis in kept.axes], values=rounded(kept.values))
