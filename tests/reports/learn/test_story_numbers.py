"""The explainer's numbers, by Keras layers and by the page's own code, from one table."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
PICTURES = {"X": "X", "X_deformed": "crooked", "O": "O"}


def expected(slides: dict[str, Any], name: str) -> dict[str, Any]:
    """Ninths of every stage of one picture."""
    if name == "X":
        return {
            "filtered": slides["filtered_ninths"],
            "rectified": slides["relu_ninths"],
            "pooled": slides["pooled_relu_ninths"],
            "final": slides["final_2x2_ninths"],
        }
    other = slides["stages_other_inputs_ninths"][name]
    return {"filtered": other["filtered"], "pooled": other["pooled_relu"], "final": other["final"]}


def keras_stages(slides: dict[str, Any], name: str) -> dict[str, Any]:
    """The zoo's own network with the slides' features and votes; maps first."""
    import keras

    import zoo

    network = zoo.build("xo", zoo.Grid((9, 9, 1)), outputs=2)
    features = np.moveaxis(np.array(slides["features"], "float32"), 0, -1)[:, :, None, :] / 9
    votes = np.zeros((12, 2), "float32")
    for column, key in enumerate(("x_vote_inputs_1based", "o_vote_inputs_1based")):
        heard = np.array(slides["votes"][key]) - 1
        votes[heard, column] = 1 / len(heard)
    network.set_weights([features, votes])
    layers = {"filtered": "stage1_conv", "rectified": "stage1_relu", "pooled": "stage1", "final": "stage2"}
    x = np.array(slides["inputs"][name], "float32")[None, :, :, None]
    found = keras.Model(network.input, {key: network.get_layer(layer).output for key, layer in layers.items()})(x)
    stages = {key: np.moveaxis(np.asarray(value)[0], -1, 0) * 9 for key, value in found.items()}
    return {**stages, "votes": np.asarray(network(x))[0]}


@pytest.mark.parametrize("name", PICTURES)
def test_keras_reproduces_every_map_and_vote(slides: dict[str, Any], name: str) -> None:
    found = keras_stages(slides, name)
    for stage, ninths in expected(slides, name).items():
        assert np.allclose(found[stage], ninths, atol=1e-5), stage
    assert np.allclose(found["votes"], list(slides["votes"]["on_exact_maps"][name].values()), atol=1e-6)


@pytest.mark.parametrize("name", PICTURES)
def test_page_reproduces_every_map_and_vote(slides: dict[str, Any], lessons: Any, name: str) -> None:
    found = lessons.page.evaluate(
        """name => {
            const { PICTURES, stages, vote } = globalThis.lessons.story;
            const made = stages(PICTURES[name]);
            return { picture: PICTURES[name], ...made, votes: [vote(made.list, "X"), vote(made.list, "O")] };
        }""",
        PICTURES[name],
    )
    assert found["picture"] == slides["inputs"][name]
    for stage, ninths in expected(slides, name).items():
        assert np.allclose(np.array(found[stage]) * 9, ninths, atol=1e-9), stage
    assert np.allclose(found["votes"], list(slides["votes"]["on_exact_maps"][name].values()), atol=1e-12)


def test_page_has_the_slides_features_votes_and_order(slides: dict[str, Any], lessons: Any) -> None:
    found = lessons.page.evaluate(
        """() => {
            const { FEATURES, LISTENS, PICTURES, SLIDE_LIST, stages, vote } = globalThis.lessons.story;
            const { maxPool } = globalThis.lessons.layers;
            const unrectified = stages(PICTURES.X).filtered.map((map) => maxPool(map, 2, 2));
            return { features: Object.values(FEATURES), LISTENS, list: stages(PICTURES.X).list, SLIDE_LIST, unrectified,
                     votes: { X: vote(SLIDE_LIST, "X"), O: vote(SLIDE_LIST, "O") } };
        }"""
    )
    votes = slides["votes"]
    assert found["features"] == slides["features"]
    assert found["LISTENS"] == {"X": votes["x_vote_inputs_1based"], "O": votes["o_vote_inputs_1based"]}
    assert found["SLIDE_LIST"] == votes["slide_vector"]
    assert found["votes"] == pytest.approx(votes["mean_of_thick_inputs"])
    assert [int(100 * value + 1e-9) / 100 for value in found["list"]] == slides["flat_vector_X_2dp"]
    assert np.allclose(np.array(found["unrectified"]) * 9, slides["pooled_ninths"], atol=1e-9)


def camera_by_keras(slides: dict[str, Any], squash: str) -> Any:
    """The four-pixel network as four dense layers without biases."""
    import keras

    camera = slides["four_pixel_camera"]
    bend = "tanh" if squash == "tanh" else None
    sizes, bends = (4, 4, 8, 4), (bend, bend, "relu", None)
    dense = [keras.layers.Dense(n, activation=b, use_bias=False) for n, b in zip(sizes, bends, strict=True)]
    model = keras.Sequential([keras.Input((4,)), *dense])
    model.set_weights([np.array(camera[f"W{i}_in_by_out"], "float32") for i in (1, 2, 3, 4)])
    return model


@pytest.mark.parametrize("squash", ["tanh", "identity"])
def test_camera_of_page_and_keras_name_all_patterns(slides: dict[str, Any], lessons: Any, squash: str) -> None:
    camera, model = slides["four_pixel_camera"], camera_by_keras(slides, squash)
    for pattern, examples in camera["patterns"].items():
        for pixels in examples:
            wanted = camera["outputs"][f"{squash}|icons|{pattern}|{pixels}"]
            by_page = lessons.page.evaluate(
                "([pixels, squash]) => globalThis.lessons.camera.forward(pixels, squash).at(-1)",
                [pixels, "tanh" if squash == "tanh" else "none"],
            )
            assert by_page == pytest.approx(wanted, abs=1e-6)
            assert np.asarray(model(np.array([pixels], "float32")))[0] == pytest.approx(wanted, abs=1e-5)


def test_neuron_weights_error_and_receptive_fields(slides: dict[str, Any], lessons: Any) -> None:
    camera = slides["four_pixel_camera"]
    found = lessons.page.evaluate(
        """error => {
            const { CLASSES, NEURON, SQUASHES, WEIGHTS, error: total, listensTo, neuron } = globalThis.lessons.camera;
            const sum = neuron(NEURON.pixels, NEURON.weights);
            return { NEURON, CLASSES, WEIGHTS, sum, squashed: SQUASHES.tanh(sum), plain: neuron(NEURON.pixels, [1, 1, 1, 1]),
                     error: total(error.answer, error.truth), fields: [1, 2].map(listensTo) };
        }""",
        camera["error_slide"],
    )
    assert found["NEURON"] == {"pixels": camera["example_input"], "weights": camera["weights"]}
    assert found["CLASSES"] == camera["classes"]
    assert found["WEIGHTS"] == [camera[f"W{i}_in_by_out"] for i in (1, 2, 3, 4)]
    assert found["sum"] == pytest.approx(camera["weighted_sum"])
    assert found["plain"] == pytest.approx(camera["plain_sum"])
    assert found["squashed"] == pytest.approx(camera["tanh(-1.075)"])
    assert found["error"] == pytest.approx(camera["error_slide"]["total"])
    first, second = (np.array(camera[f"W{i}_in_by_out"]) for i in (1, 2))
    assert np.array_equal(found["fields"][0], first.T)
    assert np.array_equal(found["fields"][1], (first @ second).T)


def test_slopes_of_the_slides(slides: dict[str, Any], lessons: Any) -> None:
    slope, shower = slides["gradient_slides"], slides["shower_backprop"]
    found = lessons.page.evaluate(
        """([w, dm, dx]) => {
            const { CURVES } = globalThis.lessons.descent;
            const { BENDS, slopes } = globalThis.lessons.chain;
            return { slope: CURVES.bowl.slope(w), error: CURVES.bowl.error(w), shower: slopes({ x: dm, w1: 1, w2: dx, bend: "none" }).w1,
                     relu: [BENDS.relu.slope(0.5), BENDS.relu.slope(-0.5)], sigmoid: [BENDS.sigmoid.value(1.075), BENDS.sigmoid.slope(0)] };
        }""",
        [slope["w"], shower["dx_dm"], shower["dy_dx"]],
    )
    assert found["slope"] == slope["slope"]
    assert found["error"] == slope["w"] ** 2
    assert found["shower"] == shower["dy_dm"]
    assert found["relu"] == [1, 0]
    assert found["sigmoid"] == pytest.approx([slides["four_pixel_camera"]["logistic(1.075)"], 0.25])


@pytest.mark.parametrize("bend", ["none", "sigmoid", "relu"])
def test_chain_rule_agrees_with_automatic_differentiation(lessons: Any, bend: str) -> None:
    import tensorflow as tf

    bends = {"none": tf.identity, "sigmoid": tf.sigmoid, "relu": tf.nn.relu}
    for x, first, second in [(1.5, 0.8, -0.5), (-2.0, 0.3, 1.7), (0.4, -1.2, -0.9)]:
        w1, w2 = tf.Variable(first, dtype=tf.float64), tf.Variable(second, dtype=tf.float64)
        with tf.GradientTape() as tape:
            e = bends[bend](x * w1) * w2
        slopes = [float(value) for value in tape.gradient(e, [w1, w2])]
        found = lessons.page.evaluate(
            """inputs => {
                const { forward, slopes, tried } = globalThis.lessons.chain;
                return { e: forward(inputs).e, slopes: slopes(inputs), tried: tried(inputs, 1e-6) };
            }""",
            {"x": x, "w1": first, "w2": second, "bend": bend},
        )
        assert found["e"] == pytest.approx(float(e))
        assert [found["slopes"]["w1"], found["slopes"]["w2"]] == pytest.approx(slopes)
        assert found["tried"] == pytest.approx(slopes[0], abs=1e-4)
