"""Train a network again as a run trained it, and explain its labels of test items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from training.explain.explain import relevance_of, with_stages
from training.explain.insight import Look
from training.explain.methods import LEAD, METHODS
from training.fitting.parts import Part
from training.fitting.predictor import Predictor
from training.fitting.recipe import Recipe
from training.records import canonical
from training.running.cnn_run import prepare, scaler_of
from training.running.visiting import Sight, Visit
from training.running.work import reason_of
from training.tuning.space import apply

ROOM = 1_500_000  # characters of the explanations of one network


def look(todo: Visit) -> tuple[int, list[Look]]:
    """Say how many test items the network labels as the run did, and what some of these labels rest on."""
    predictor, test = _trained_again(todo)
    logits = np.concatenate([predictor.network.predict(x) for x in test.segments()])
    same = int((logits.argmax(axis=1) == todo.record.predicted).sum())
    return same, list(_looks(predictor, todo))


def _trained_again(todo: Visit) -> tuple[Predictor, Part]:
    """Repeat the final training of a run: as many epochs, so that no clock decides; its search is not repeated."""
    task, record = todo.task, todo.record
    recipe = Recipe(**record.run.recipe)
    bench, test = prepare(task, recipe)
    settings = {name: value for name, value in record.run.model.items() if name != "label"}
    model, recipe = apply(record.chosen if record.run.tuning else {}, settings, recipe)
    network, training = bench.training(model, replace(recipe, seconds=None), bench.seed)
    training.run(len(record.curves["loss"]))
    history = training.keep_best()
    return Predictor(todo.adapter, model, task.classes, scaler_of(task, recipe), recipe, network, history), test


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
        found = relevance_of(predictor, sight.item, {LEAD: METHODS[LEAD]}, name=sight.name, seed=seed)
        return replace(look, explanation=with_stages(found, predictor, sight.item) if first else found)
    except Exception as error:  # an item that cannot be explained must not cost the others
        return replace(look, reason=reason_of(error))
