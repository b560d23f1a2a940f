"""With the weights of keras.applications, the zoo's networks compute the same function."""

import numpy as np
import pytest

import zoo

pytestmark = pytest.mark.study

# Constructor in keras.applications with its arguments, the zoo's variant, side of the image, and scale of its pixels.
PAIRS = [
    ("ConvNeXtTiny", {"include_preprocessing": False}, "convnext-tiny", 128, 1.0),
    ("DenseNet121", {}, "densenet121", 128, 1.0),
    ("EfficientNetB0", {}, "efficientnet-b0", 128, 255.0),
    ("EfficientNetV2B0", {"include_preprocessing": False}, "efficientnet-v2-b0", 128, 1.0),
    ("InceptionV3", {}, "inception-v3", 299, 1.0),
    ("MobileNet", {"alpha": 0.25}, "mobilenet-025", 128, 1.0),
    ("MobileNetV2", {"alpha": 0.5}, "mobilenet-v2-050", 128, 1.0),
    ("MobileNetV3Small", {"include_preprocessing": False}, "mobilenet-v3-small", 128, 1.0),
    ("ResNet50", {}, "resnet50-keras", 128, 1.0),
    ("ResNet50V2", {}, "resnet50-v2-keras", 128, 1.0),
    ("VGG16", {}, "vgg16", 128, 1.0),
    ("Xception", {}, "xception", 299, 1.0),
]


def _parents(operation):
    return [node.operation for node in operation._inbound_nodes[0].parent_nodes]


def _depth(operation, known):
    if operation not in known:
        known[operation] = 1 + max((_depth(parent, known) for parent in _parents(operation)), default=0)
    return known[operation]


def _weights_along_graph(model):
    """Weights in an order that the graph alone decides: depth first, at sums the shorter path first."""
    known, seen, found = {}, set(), []

    def visit(operation):
        if operation in seen:
            return
        seen.add(operation)
        parents = _parents(operation)
        if type(operation).__name__ in {"Add", "Multiply"}:
            parents = sorted(parents, key=lambda parent: _depth(parent, known))
        for parent in parents:
            visit(parent)
        if type(operation).__name__ != "Normalization":
            found.extend(operation.weights)

    visit(model.output._keras_history.operation)
    return found


def _randomise(weights):
    """Move every weight off its initial value, so that none can be mistaken for another."""
    generator = np.random.default_rng(0)
    for weight in weights:
        noise = generator.uniform(0.8, 1.2, weight.shape).astype("float32")
        weight.assign(weight.numpy() * noise + (0.05 * (noise - 1) if weight.path.endswith("moving_mean") else 0.0))


@pytest.mark.parametrize(("constructor", "arguments", "name", "side", "scale"), PAIRS)
def test_same_function_as_keras_applications(constructor, arguments, name, side, scale):
    import keras

    reference = getattr(keras.applications, constructor)(
        weights=None, input_shape=(side, side, 3), classes=7, classifier_activation=None, **arguments
    )
    ours = zoo.build(name, zoo.Grid((side, side, 3)), outputs=7)
    theirs, mine = _weights_along_graph(reference), _weights_along_graph(ours)
    _randomise(theirs)
    assert len(mine) == len(theirs)
    for target, source in zip(mine, theirs, strict=True):
        target.assign(source.numpy().reshape(target.shape))
    x = np.random.default_rng(1).uniform(0, 1, (1, side, side, 3)).astype("float32")
    expected = reference(x * scale).numpy()
    difference = np.abs(ours(x).numpy() - expected).max()
    assert difference <= 1e-4 * max(1.0, np.abs(expected).max())
