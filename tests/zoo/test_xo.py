"""The X-or-O walkthrough, number by number."""

import json

import numpy as np
import pytest

import zoo


@pytest.fixture(scope="module")
def slides(references):
    return json.loads((references / "rohrer.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def model(slides):
    """The network with the slides' features, in ninths, and votes: the mean of the inputs each one trusts."""
    network = zoo.build("xo", zoo.Grid((9, 9, 1)), outputs=2)
    features = np.moveaxis(np.array(slides["features"], dtype="float32"), 0, -1)[:, :, None, :] / 9
    votes = np.zeros((12, 2), dtype="float32")
    for column, key in enumerate(("x_vote_inputs_1based", "o_vote_inputs_1based")):
        trusted = np.array(slides["votes"][key]) - 1
        votes[trusted, column] = 1 / len(trusted)
    network.set_weights([features, votes])
    return network


def _maps(model, layer, slides, name):
    import keras

    x = np.array(slides["inputs"][name], dtype="float32")[None, :, :, None]
    maps = keras.Model(model.input, model.get_layer(layer).output)(x).numpy()[0]
    return np.moveaxis(maps, -1, 0) * 9


@pytest.mark.parametrize(
    ("layer", "key"),
    [
        ("stage1_conv", "filtered_ninths"),
        ("stage1_relu", "relu_ninths"),
        ("stage1", "pooled_relu_ninths"),
        ("stage2", "final_2x2_ninths"),
    ],
)
def test_maps_of_the_x(model, slides, layer, key):
    assert np.allclose(_maps(model, layer, slides, "X"), slides[key], atol=1e-4)


@pytest.mark.parametrize(("name", "votes"), [("X", (1.0, 5 / 9)), ("O", (5 / 9, 1.0))])
def test_votes(model, slides, name, votes):
    x = np.array(slides["inputs"][name], dtype="float32")[None, :, :, None]
    assert np.allclose(model(x).numpy()[0], votes, atol=1e-6)
