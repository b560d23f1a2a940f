"""Receptive fields against Araujo, Norris and Sim (2019), and against what gradients reach."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

import zoo
from zoo.checks import example

SHARED = Path(os.environ.get("GRIDZOO_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "references"
VARIANTS = {
    "DenseNet121": "densenet121",
    "InceptionV3": "inception-v3",
    "MobileNet": "mobilenet",
    "MobileNetV2": "mobilenet-v2",
    "ResNet50": "resnet50-keras",
    "ResNet50V2": "resnet50-v2-keras",
    "VGG16": "vgg16",
    "VGG19": "vgg19",
    "Xception": "xception",
}


@pytest.mark.parametrize("model", VARIANTS)
def test_published_receptive_field(model):
    path = SHARED / "receptive_fields_keras.csv"
    if not path.exists():
        pytest.skip(f"no table at {path}")
    with path.open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["model"] == model)
    side = int(row["input"])
    *_, last = zoo.receptive_fields(VARIANTS[model], zoo.Grid((side, side, 3))).values()
    assert (last.size, last.stride) == ((int(row["rf"]),) * 2, (int(row["stride"]),) * 2)


@pytest.mark.parametrize(
    ("name", "settings", "shape"),
    [("allcnn", {"width": 4}, (33, 29, 1)), ("fcn", {"width": 4}, (41, 2)), ("resnet8", {"width": 4}, (45, 1, 1))],
)
def test_gradient_reaches_exactly_the_receptive_field(name, settings, shape):
    import keras
    import tensorflow as tf

    grid = zoo.Grid(shape)
    arch = zoo.architecture(name, settings)
    model = zoo.build(arch, grid, 2)
    for weight in model.trainable_weights:
        weight.assign(np.abs(weight.numpy()) + 0.01)  # no path may cancel another, no ReLU close
    field = zoo.receptive_fields(arch, grid)["stage2"]
    x = tf.Variable(np.abs(example(grid, items=1)) + 1)
    with tf.GradientTape() as tape:
        maps = keras.Model(model.input, model.get_layer("stage2").output)(x)
        middle = tuple(n // 2 for n in maps.shape[1:-1])
        answer = tf.reduce_sum(maps[(0, *middle)])
    reached = np.abs(tape.gradient(answer, x).numpy()).sum(-1)[0] > 0
    for axis, size in enumerate(field.size):
        others = tuple(other for other in range(reached.ndim) if other != axis)
        cells = np.flatnonzero(reached.any(others))
        assert cells[-1] - cells[0] + 1 == min(size, shape[axis])
