"""Batch normalisation by one kernel gives what Keras' dozen of operations give: outputs, slopes and averages."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import zoo
from training.fitting.network import Network
from training.fitting.normalisation import BatchNormalization, fuse_norms
from training.walk.route import NORMALISES, PASSED, kind

RNG = np.random.default_rng(0)


def passed(kind_of_layer, x, weights, **settings):
    """Two batches through a layer: its last outputs, slopes and weights, in float32."""
    layer = kind_of_layer(momentum=0.8, epsilon=1e-5, **settings)
    layer.build(x.shape)
    layer.set_weights(weights[: len(layer.weights) - 2] + [np.zeros_like(w) for w in layer.get_weights()[-2:]])
    pull = tf.cast(RNG_PULL[: x.shape[0]], x.dtype)[(...,) + (None,) * (len(x.shape) - 1)]
    for batch in (x, x * 2 + 1):
        with tf.GradientTape() as tape:
            tape.watch(batch)
            outputs = layer(batch, training=True)
            loss = tf.reduce_sum(outputs * outputs * pull)
        slopes = tape.gradient(loss, [batch, *(variable.value for variable in layer.trainable_variables)])
    return [tf.cast(value, tf.float32).numpy() for value in (outputs, *slopes, *(w.value for w in layer.weights))]


RNG_PULL = RNG.normal(size=64).astype(np.float32)


@pytest.mark.parametrize(
    "shape", [(16, 5, 7, 8), (16, 5, 7, 16), (9, 12, 24), (33, 20), (4, 3, 4, 5, 32), (16, 6, 19), (1, 4)]
)
@pytest.mark.parametrize("settings", [{}, {"scale": False}, {"center": False}, {"axis": 1}])
@pytest.mark.parametrize(("dtype", "rounding"), [("float32", 2e-4), ("mixed_bfloat16", 3e-2)])
def test_it_is_that_of_keras(shape, settings, dtype, rounding):
    x = tf.cast(RNG.normal(1, 2, size=shape), "bfloat16" if "16" in dtype else "float32")
    weights = [RNG.normal(1, 0.2, size=shape[settings.get("axis", -1)]).astype(np.float32) for _ in range(2)]
    weights = weights[: 1 if {"scale", "center"} & {*settings} else 2]
    expected, found = (
        passed(layer, x, weights, dtype=dtype, **settings)
        for layer in (keras.layers.BatchNormalization, BatchNormalization)
    )
    assert len(expected) == len(found)
    for a, b in zip(expected, found, strict=True):
        assert np.isfinite(b).all()
        np.testing.assert_allclose(b, a, rtol=rounding, atol=rounding * max(1e-6, np.abs(a).max()))


def test_one_kernel_takes_the_place_of_the_dozen_in_training_alone():
    x = tf.ones((8, 4, 4, 16))
    layer = BatchNormalization()
    training, use = (
        tf.function(lambda x, on=on: layer(x, training=on)).get_concrete_function(x) for on in (True, False)
    )
    named = [{op.type for op in program.graph.get_operations()} for program in (training, use)]
    assert ["FusedBatchNormV3" in names for names in named] == [True, False]
    layer.trainable = False
    program = tf.function(lambda x: layer(x, training=True)).get_concrete_function(x)
    assert "FusedBatchNormV3" not in {op.type for op in program.graph.get_operations()}


def test_other_normalisations_stay_as_they_are():
    x = keras.Input((6, 4))
    for layer in (keras.layers.BatchNormalization(synchronized=True), keras.layers.LayerNormalization()):
        model = keras.Model(x, layer(x))
        fuse_norms(model)
        assert type(layer).__module__.startswith("keras.")


def test_layers_that_are_trained_our_way_go_by_keras_names():
    network = Network(zoo.architecture("res8", {"dropout": 0.5}), zoo.Grid((16, 16, 1)), 3, "adam", decays=False)
    ours = [layer for layer in network.model.layers if type(layer).__module__.startswith("training.")]
    assert {kind(layer) for layer in ours} == {*NORMALISES, "Dropout"}
    assert "Dropout" in PASSED


def test_an_epoch_of_a_network_normalises_by_the_kernel():
    network = Network(zoo.architecture("res8", {"width": 16}), zoo.Grid((16, 16, 1)), 3, "adam", decays=False)
    library = network.epoch.get_concrete_function().graph.as_graph_def().library
    found = {node.op for function in library.function for node in function.node_def}
    assert {"FusedBatchNormV3", "FusedBatchNormGradV3"} <= found
