"""Every number that a walk shows is Keras' own."""

from __future__ import annotations

import json

import keras
import numpy as np
import tensorflow as tf

from training.walk.record import Walk

CLOSE = {"rtol": 2e-5, "atol": 2e-5}


def assert_plane(plane, values):
    """Compare the cells that are shown with those of the whole map."""
    whole = np.asarray(values, dtype=float)
    whole = whole if whole.ndim == 2 else whole.reshape(1, -1)
    assert plane.size == list(whole.shape)
    shown = np.asarray(plane.values)
    rows, columns = (
        first + step * np.arange(count)
        for first, step, count in zip(plane.start, plane.every, shown.shape, strict=True)
    )
    np.testing.assert_allclose(shown, whole[np.ix_(rows, columns)], **CLOSE)


def padded(values, row, column):
    """A cell of a map with rows and columns, zero outside of it."""
    inside = 0 <= row < values.shape[0] and 0 <= column < values.shape[1]
    return values[row, column] if inside else np.zeros(values.shape[-1])


def kernel_of(layer, channel):
    """Weights of one filter for all input channels, ``(rows, columns, channels)``."""
    kernel = np.asarray(layer.kernel)
    kernel = kernel if kernel.ndim == 4 else kernel[None]
    if type(layer).__name__.startswith("Depthwise"):
        alone = np.zeros(kernel.shape[:3])
        source, copy = divmod(channel, kernel.shape[-1])
        alone[..., source] = kernel[..., source, copy]
        return alone
    assert layer.groups == 1
    return kernel[..., channel]


def test_filters_lie_at_their_best_match_and_sum_to_it(walked):
    matching = walked.found.matching
    if matching is None:
        assert "no convolution" in walked.found.notes[0]
        return
    layer = walked.model.get_layer(matching.layer)
    maps, x = walked.outputs(matching.layer), walked.inputs(matching.layer)
    x = x if x.ndim == 3 else x[None]
    names = [part.name for part in matching.inputs]
    for one in matching.filters:
        own = maps[..., one.channel] if maps.ndim == 3 else maps[None][..., one.channel]
        assert one.value == np.float32(own.max()) == own[tuple(one.cell)]
        assert_plane(one.plane, own)
        kernel = kernel_of(layer, one.channel)
        places = [
            (one.start[0] + row * matching.dilation[0], one.start[1] + column * matching.dilation[1])
            for row in range(matching.kernel[0])
            for column in range(matching.kernel[1])
        ]
        under = np.array([padded(x, *place) for place in places]).reshape(*matching.kernel, -1)
        everything = float((under * kernel).sum())
        shown = sum(float(np.sum(np.multiply(part.under, part.weights))) for part in one.slices)
        np.testing.assert_allclose(everything, shown + one.rest, **CLOSE)
        np.testing.assert_allclose(shown + one.rest + one.bias, one.value, **CLOSE)
        for part in one.slices:
            matrix = len(part.names) == len(part.under) and x.shape[0] == 1
            channels = [_channel(name, names, walked, layer) for name in part.names]
            wanted = under[0].T[channels] if matrix else under[..., channels[0]]
            weights = kernel[0].T[channels] if matrix else kernel[..., channels[0]]
            np.testing.assert_allclose(part.under, wanted, **CLOSE)
            np.testing.assert_allclose(part.weights, weights, **CLOSE)


def _channel(name, names, walked, layer):
    known = walked.predictor.adapter.grid_.channels
    return known.index(name) if name in known else int(name.split()[-1]) - 1


def test_what_is_read_is_the_scaled_grid_or_the_vectors(walked):
    reading, spec = walked.found.reading, walked.predictor.adapter.grid_
    if spec.vocabulary:
        ids = walked.grid[0]
        assert reading.tokens == [spec.vocabulary[one] for one in ids]
        vectors = np.asarray(walked.model.get_layer("embedding").embeddings)[ids]
        assert reading.channels == vectors.shape[1]
        assert_plane(reading.maps[0].plane, vectors.T)
        return
    assert reading.channels == len(spec.channels)
    for index, part in enumerate(reading.maps):
        assert_plane(part.plane, walked.grid[0][..., index])
        raw = walked.predictor.adapter.transform([walked.item])[0][..., index]
        restored = np.asarray(walked.grid[0][..., index]) * reading.deviation[index] + reading.mean[index]
        np.testing.assert_allclose(restored, raw, rtol=1e-4, atol=1e-4)


def test_maps_before_and_after_each_change_are_those_of_the_layer(walked):
    for change in walked.found.changes:
        before, after = walked.inputs(change.layer), walked.outputs(change.layer)
        for one in change.maps:
            assert_plane(one.before, before[..., one.channel])
            assert_plane(one.after, after[..., one.channel] if after.ndim > 1 else after[[one.channel]])
            rows = after[..., one.channel] if after.ndim > 1 else after[[one.channel]]
            rows = rows if rows.ndim == 2 else rows.reshape(1, -1)
            assert one.output == rows[tuple(one.cell)]
            if change.kind == "pool" and one.inputs:
                own = max(one.inputs) if change.name == "max" else np.mean(one.inputs)
                np.testing.assert_allclose(own, one.output, **CLOSE)
            if change.kind == "normalise":
                np.testing.assert_allclose(one.inputs[0] * one.factor + one.offset, one.output, **CLOSE)
        if change.kind == "activate":
            np.testing.assert_allclose(change.lowered, np.mean(after == 0), rtol=1e-6)
            # An activation is a function of the cell: between two samples of its curve lie its values.
            xs, ys = np.array(change.curve).T
            cells = np.asarray(before, dtype=float).ravel()
            np.testing.assert_allclose(np.interp(cells, xs, ys), np.asarray(after).ravel(), atol=0.06)


def test_stages_units_and_votes_are_those_of_the_network(walked):
    found = walked.found
    for level in found.levels:
        values = walked.outputs(level.name)
        assert (level.channels, level.shape) == (values.shape[-1], list(values.shape[:-1]))
        for part in level.maps:
            assert_plane(part.plane, values[..., int(part.name.split()[-1]) - 1] if part.name else values)
    for layer in found.hidden:
        assert_plane(layer.values, walked.outputs(layer.layer))
    logits = walked.outputs("logits")
    np.testing.assert_allclose(found.outputs, logits, **CLOSE)
    votes = found.votes
    for place, index in enumerate(votes.classes):
        if votes.kind == "cells":
            np.testing.assert_allclose(np.mean(walked.inputs("logits")[..., index]), logits[index], **CLOSE)
            assert_plane(votes.maps[place].plane, walked.inputs("logits")[..., index])
            continue
        values = walked.inputs("logits")
        assert all(voter.value in values for voter in votes.voters)
        total = sum(voter.value * voter.weights[place] for voter in votes.voters)
        np.testing.assert_allclose(total + votes.rest[place] + votes.bias[place], logits[index], **CLOSE)


def test_shares_and_error_are_those_of_the_predictor(walked):
    found = walked.found
    np.testing.assert_allclose(found.probabilities, walked.predictor.predict_proba([walked.item])[0], atol=1e-6)
    truth = np.array([walked.predictor.classes.index(walked.label)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    np.testing.assert_allclose(found.error, float(loss(truth, walked.predictor.logits([walked.item]))), **CLOSE)


def test_the_chain_rule_by_hand_agrees_with_automatic_differentiation(walked):
    gradients = _gradients(walked)
    assert walked.found.chains
    for chain in walked.found.chains:
        largest = max(float(np.abs(slope).max()) for slope in gradients.values())
        np.testing.assert_allclose(np.prod([factor.value for factor in chain.factors]), chain.product, rtol=1e-6)
        np.testing.assert_allclose(chain.total, chain.automatic, rtol=1e-4, atol=1e-5 * largest)
        kernel = walked.model.get_layer(chain.layer).kernel
        same = np.isclose(np.asarray(kernel), chain.value, rtol=1e-6, atol=0)
        assert np.isclose(gradients[kernel.path][same], chain.automatic, rtol=1e-4, atol=1e-5 * largest).any()
        assert chain.places == 1 or chain.total != 0


def test_the_error_pulls_at_the_label_by_its_share_less_one(walked):
    chain = walked.found.chains[0]
    if walked.found.votes.kind == "cells":
        assert "less 1" not in chain.factors[0].name
        return
    share = walked.found.probabilities[walked.predictor.classes.index(walked.label)]
    assert "its share less 1" in chain.factors[0].name
    np.testing.assert_allclose(chain.factors[0].value, share - 1, **CLOSE)


def test_one_step_moves_every_weight_against_its_slope(walked):
    descent, gradients = walked.found.descent, _gradients(walked)
    before = [weight.numpy() for weight in walked.model.weights]
    try:
        for variable in walked.model.trainable_variables:
            variable.assign(variable - np.float32(descent.rate) * gradients[variable.path])
        logits = np.asarray(walked.model(walked.grid, training=False))
    finally:
        walked.model.set_weights(before)
    after = tf.nn.softmax_cross_entropy_with_logits(_truth(walked), logits)
    np.testing.assert_allclose(descent.after, float(after[0]), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(descent.probabilities, tf.nn.softmax(logits)[0], atol=1e-5)
    assert descent.before == walked.found.error == descent.errors[0]
    assert descent.rates[0] == 0
    assert descent.after == descent.errors[descent.rates.index(descent.rate)]
    assert descent.weights == walked.model.count_params() - sum(
        int(np.prod(weight.shape)) for weight in walked.model.non_trainable_weights
    )
    length = np.sqrt(sum(float(np.square(slope, dtype=float).sum()) for slope in gradients.values()))
    np.testing.assert_allclose(descent.length, length, rtol=1e-4)


def _truth(walked):
    return tf.one_hot([walked.predictor.classes.index(walked.label)], len(walked.predictor.classes))


def _gradients(walked):
    """Ask the predictor's own network, as one would without a walk."""
    variables = walked.model.trainable_variables
    with tf.GradientTape() as tape:
        logits = walked.model(walked.grid, training=False)
        error = tf.nn.softmax_cross_entropy_with_logits(_truth(walked), logits)
    slopes = tape.gradient(error, [variable.value for variable in variables], unconnected_gradients="zero")
    return {v.path: np.asarray(tf.convert_to_tensor(s)) for v, s in zip(variables, slopes, strict=True)}


def test_it_is_plain_data(walked):
    text = json.dumps(walked.found.to_json(), allow_nan=False)
    assert Walk.from_json(json.loads(text)) == walked.found
