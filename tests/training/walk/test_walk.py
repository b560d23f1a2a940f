"""A walk is honest about what a network lacks, bounded, and leaves the predictor alone."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from adapters.errors import DataError
from reports import walk as pages
from training.errors import ExperimentError
from training.fitting.target import Target
from training.walk.record import Walk
from training.walk.walk import walk


def kinds(found):
    return [(change.kind, change.name, change.follows) for change in found.changes]


def test_steps_are_read_off_the_graph_in_its_order(one):
    assert kinds(one("picture, tanh, average pooling, hidden layers").found) == [
        ("activate", "tanh", True),
        ("pool", "average", True),
    ]
    assert kinds(one("sound, pooled before it is bent").found) == [("pool", "max", True), ("activate", "ReLU", True)]
    assert kinds(one("patches, GELU, then normalised").found)[:2] == [
        ("activate", "GELU", True),
        ("normalise", "batch normalisation", True),
    ]
    # A lens shares the layers behind an embedding: each has two readers by name, and one in truth.
    words = one("words with vectors, three windows").found
    assert kinds(words) == [("activate", "ReLU", True), ("pool", "max", True)]
    assert kinds(one("bytes, read twice").found)[0] == ("activate", "ReLU", False)
    later = one("colours, normalised, shortcuts, pooled at the end").found
    assert kinds(later)[-1] == ("pool", "average", False)
    assert later.changes[-1].skipped > 5


def test_what_a_network_lacks_is_left_out_and_said(one):
    plain = one("row, no convolution").found
    assert plain.matching is None
    assert plain.changes == []
    assert any("no convolution" in note for note in plain.notes)
    averaged = one("picture, a map for each class").found
    assert averaged.votes.kind == "cells"
    assert kinds(averaged) == [("activate", "ReLU", True)]
    assert any("averages a map for each class" in note for note in averaged.notes)
    assert any("no pooling before its last layer" in note for note in averaged.notes)
    assert [chain.layer for chain in averaged.chains] == [averaged.matching.layer]


def test_without_a_label_the_predicted_class_is_taken_and_said(one):
    case = one("two series, normalised")
    found = walk(case.predictor, case.item)
    assert not found.given
    assert found.label == found.predicted == case.predictor.predict([case.item])[0]
    assert case.found.given


def test_the_predictor_is_not_changed_and_the_walk_is_the_same_twice(one):
    case = one("colours, normalised, shortcuts, pooled at the end")
    before = [weight.copy() for weight in case.model.get_weights()]
    again = walk(case.predictor, case.item, name=case.found.item, label=case.label)
    assert again == case.found
    for old, new in zip(before, case.model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_longer_step_is_taken_where_asked(one):
    case = one("row, convolved")
    short, long = (walk(case.predictor, case.item, label=case.label, rate=rate).descent for rate in (1e-4, 1e-2))
    assert short.length == long.length
    # To first order the error falls by the rate times the squared length of the gradient.
    assert short.before - short.after == pytest.approx(1e-4 * short.length**2, rel=0.05)
    assert long.after < short.after < short.before


def test_a_step_too_long_for_numbers_is_said_to_be_so(one):
    case = one("picture, a map for each class")
    found = walk(case.predictor, case.item, label=case.label, rate=1e30)
    assert found.descent.after is None
    assert found.descent.probabilities == []
    assert found.descent.errors[0] == found.error
    assert Walk.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False))) == found
    assert "too large to be computed" in pages.render(found)


def test_a_slope_is_what_a_nudge_of_the_weight_says(one):
    case = one("two series, normalised")
    chain = case.found.chains[-1]
    kernel = case.model.get_layer(chain.layer).kernel
    place = np.argwhere(np.isclose(np.asarray(kernel), chain.value, rtol=1e-6, atol=0))[0]
    own, errors = np.asarray(kernel).copy(), []
    for nudge in (0.01, -0.01):
        moved = own.copy()
        moved[tuple(place)] += nudge
        kernel.assign(moved)
        errors.append(walk(case.predictor, case.item, label=case.label).error)
    kernel.assign(own)
    assert (errors[0] - errors[1]) / 0.02 == pytest.approx(chain.total, rel=0.05, abs=1e-4)


def test_a_large_network_on_a_large_grid_makes_a_small_record(cases):
    rng = np.random.default_rng(0)
    pictures = list(rng.integers(0, 255, (2, 120, 90, 3)).astype(np.uint8))
    predictor = cases.predictor({"name": "resnet8"}, {"name": "image", "channels": "rgb"}, pictures)
    found = walk(predictor, pictures[0])
    assert len(json.dumps(found.to_json())) < 1_500_000
    assert len(found.matching.filters) < found.matching.count
    assert max(found.matching.filters[0].plane.every) > 1


def test_bad_input_is_refused_with_the_next_step(one):
    case = one("row, convolved")
    with pytest.raises(ExperimentError, match="label: got 'louder'"):
        walk(case.predictor, case.item, label="louder")
    with pytest.raises(ExperimentError, match="rate: expected a number above 0"):
        walk(case.predictor, case.item, rate=0.0)
    with pytest.raises(DataError):
        walk(case.predictor, {"size": object()})
    numbers = replace(case.predictor, target=Target(np.zeros(1), np.ones(1)), classes=())
    with pytest.raises(ExperimentError, match="predicts numbers"):
        walk(numbers, case.item)
    with pytest.raises(ValueError, match="schema"):
        Walk.from_json({**case.found.to_json(), "schema": 99})
