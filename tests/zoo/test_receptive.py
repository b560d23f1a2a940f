"""Receptive fields against Araujo, Norris and Sim (2019).

What the formula says is compared with gradients in the contract of every family.
"""

import pytest

import zoo

VARIANTS = {
    "DenseNet121": "densenet121",
    "DenseNet169": "densenet169",
    "DenseNet201": "densenet201",
    "InceptionV3": "inception-v3",
    "MobileNet": "mobilenet",
    "MobileNetV2": "mobilenet-v2",
    "ResNet101": "resnet101-keras",
    "ResNet101V2": "resnet101-v2-keras",
    "ResNet152": "resnet152-keras",
    "ResNet152V2": "resnet152-v2-keras",
    "ResNet50": "resnet50-keras",
    "ResNet50V2": "resnet50-v2-keras",
    "VGG16": "vgg16",
    "VGG19": "vgg19",
    "Xception": "xception",
}
# The zoo has not the first two; of the others the table holds 1, where its tool met a layer that it did not know.
LEFT_OUT = {"InceptionResNetV2", "NASNetMobile", "ConvNeXtSmall", "ConvNeXtTiny"}
ALWAYS = {"MobileNet", "ResNet50", "VGG16"}


@pytest.mark.parametrize(
    "model", [model if model in ALWAYS else pytest.param(model, marks=pytest.mark.study) for model in VARIANTS]
)
def test_published_receptive_field(model, table):
    row = next(row for row in table("receptive_fields_keras.csv") if row["model"] == model)
    side = int(row["input"])
    *_, last = zoo.receptive_fields(VARIANTS[model], zoo.Grid((side, side, 3))).values()
    assert last.size == (int(row["rf"]),) * 2
    assert last.stride == (int(row["stride"]),) * 2
    assert last.start == (-int(row["eff_padding(at this input size)"]),) * 2


def test_no_published_network_is_forgotten(table):
    assert {row["model"] for row in table("receptive_fields_keras.csv")} == {*VARIANTS, *LEFT_OUT}


def test_cells_that_no_patch_covers_are_seen_by_none():
    arch = zoo.architecture("convnext-atto", {"blocks": (1, 1, 1, 1)})
    field = zoo.receptive_fields(arch, zoo.Grid((33, 1)))["stage1"]
    last = len(field.spans[0]) - 1
    assert (last, field.start, field.stride, field.size) == (7, (-12,), (4,), (28,))
    assert field.seen((0,)) == (range(0, 16),)
    assert field.seen((last,)) == (range(16, 32),)  # the formula says up to 44, the grid ends at 33
