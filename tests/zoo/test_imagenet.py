"""Weights of keras.applications in the zoo's networks: the same function, here with random weights."""

import warnings

import numpy as np
import pytest

import zoo
from zoo import imagenet

# Variant and the module of keras.applications with its preprocessing: one variant a family.
PAIRS = [
    ("convnext-tiny", "convnext"),
    ("densenet121", "densenet"),
    ("efficientnet-b0", "efficientnet"),
    ("efficientnet-v2-b0", "efficientnet_v2"),
    ("inception-v3", "inception_v3"),
    ("mobilenet-025", "mobilenet"),
    ("mobilenet-v2-050", "mobilenet_v2"),
    ("mobilenet-v3-small", "mobilenet_v3"),
    ("resnet50-keras", "resnet"),
    ("resnet50-v2-keras", "resnet_v2"),
    ("vgg16", "vgg16"),
    ("xception", "xception"),
]
ALWAYS = {"mobilenet-025"}
CLASSES = 7
SIDE = 192  # every network strides it to four cells or more, so that none is fitted to the grid


def reference_for(name, side=SIDE):
    """The network of keras.applications, every weight moved off its start so that none is mistaken for another."""
    import keras

    source = imagenet.SOURCES[name]
    constructor = getattr(keras.applications, source.constructor)
    shape = (side, side, 3)
    keras.utils.set_random_seed(0)
    model = constructor(
        weights=None, input_shape=shape, classes=CLASSES, classifier_activation=None, **source.arguments
    )
    generator = np.random.default_rng(0)
    for weight in imagenet.weights_along(model):
        noise = generator.uniform(0.8, 1.2, weight.shape).astype("float32")
        weight.assign(weight.numpy() * noise + (0.05 * (noise - 1) if weight.path.endswith("moving_mean") else 0.0))
    return model


@pytest.mark.parametrize(
    ("name", "module"),
    [pair if pair[0] in ALWAYS else pytest.param(*pair, marks=pytest.mark.study) for pair in PAIRS],
)
def test_same_function_as_keras_applications(monkeypatch, name, module):
    import keras

    reference = reference_for(name)
    monkeypatch.setattr(imagenet, "load", lambda source: reference)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # on the paper's grid nothing is adapted
        ours = zoo.build(name, zoo.Grid((SIDE, SIDE, 3)), CLASSES, weights="imagenet")
    pixels = np.random.default_rng(1).uniform(0, 1, (1, SIDE, SIDE, 3)).astype("float32")
    expected = reference(getattr(keras.applications, module).preprocess_input(pixels * 255)).numpy()
    difference = np.abs(ours(pixels).numpy() - expected).max()
    assert difference <= 1e-4 * np.abs(expected).max()


@pytest.fixture(scope="module")
def small():
    return reference_for("mobilenet-025", 64)


def test_another_grid_adapts_first_layer_and_head_and_says_so(monkeypatch, small):
    monkeypatch.setattr(imagenet, "load", lambda source: small)
    with pytest.warns(UserWarning, match=r"stem_conv reads 2 channels instead of 3; drawn anew: logits"):
        model = zoo.build("mobilenet-025", zoo.Grid((40, 7, 2)), 3, weights="imagenet")
    kernels = {weight.path: weight.numpy() for weight in model.weights}
    theirs = {weight.path: weight.numpy() for weight in small.weights}
    ours = next(value for value in kernels.values() if value.shape == theirs["conv_pw_13/kernel"].shape)
    assert np.array_equal(ours, theirs["conv_pw_13/kernel"])
    assert kernels["stem_conv/kernel"].sum() == pytest.approx(
        theirs["conv1/kernel"][..., [0, 1], :].sum() * 1.5, rel=1e-3
    )


def test_grey_is_read_as_three_alike(monkeypatch, small):
    monkeypatch.setattr(imagenet, "load", lambda source: small)
    grey = np.random.default_rng(2).uniform(0, 1, (1, 64, 64, 1)).astype("float32")
    with pytest.warns(UserWarning, match="reads 1 channels"):
        one = zoo.build("mobilenet-025", zoo.Grid((64, 64, 1)), CLASSES, weights="imagenet")
    three = zoo.build("mobilenet-025", zoo.Grid((64, 64, 3)), CLASSES, weights="imagenet")
    assert np.abs(one(grey).numpy() - three(np.repeat(grey, 3, axis=-1)).numpy()).max() <= 1e-4


def test_one_and_two_axes_agree(monkeypatch, small):
    monkeypatch.setattr(imagenet, "load", lambda source: small)
    x = np.random.default_rng(3).uniform(0, 1, (1, 50, 3)).astype("float32")
    one, two = (
        zoo.build("mobilenet-025", zoo.Grid(shape), CLASSES, weights="imagenet") for shape in ((50, 3), (1, 50, 3))
    )
    assert np.abs(one(x).numpy() - two(x[:, None]).numpy()).max() <= 1e-4


@pytest.mark.parametrize(
    ("arch", "grid", "weights", "message"),
    [
        ("res8", zoo.Grid((32, 32, 3)), "imagenet", "variant with ImageNet weights.*'res8'"),
        ("vgg16", zoo.Grid((32, 32, 3)), "image-net", "kind of weights.*nearest: imagenet"),
        ("vgg16", zoo.Grid((60,), vocabulary_size=9), "imagenet", "dense 1-D and 2-D grids"),
        (zoo.architecture("vgg16", {"width": 2}), zoo.Grid((32, 32, 3)), "imagenet", "another width"),
    ],
)
def test_what_has_no_weights_is_refused(arch, grid, weights, message):
    with pytest.raises(zoo.ZooError, match=message):
        zoo.build(arch, grid, 10, weights=weights)


def test_every_source_names_a_variant_and_a_constructor():
    import keras

    for name, source in imagenet.SOURCES.items():
        assert zoo.architecture(name).name == name
        assert callable(getattr(keras.applications, source.constructor))
        assert source.mode in ("", *imagenet.MODES)
