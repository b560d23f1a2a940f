"""Sizes of networks against published figures, without allocating a weight."""

import csv
import os
from pathlib import Path

import pytest

import zoo
from zoo.checks import check_size

pytestmark = pytest.mark.study

SHARED = Path(os.environ.get("GRIDZOO_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "references"

# Variant: input, classes, trainable parameters, multiply–accumulates and where they are published.
PUBLISHED = [
    ("allcnn", (32, 32, 3), 10, 1_369_738, 270_798_336, "Springenberg et al. 2015, table 1 (1.3 M)"),
    ("ds-cnn-s", (49, 10, 1), 12, 23_756, None, "Zhang et al. 2017, reference code"),
    ("fcn", (150, 1), 2, 264_962, 39_475_456, "hfawaz/dl-4-tsc"),
    ("lenet5", (32, 32, 1), 10, 61_706, 416_520, "LeCun et al. 1998 with full C3"),
    ("res15", (101, 40, 1), 12, 237_882, 958_813_740, "Tang and Lin 2018, table 1 (238 K)"),
    ("res8", (101, 40, 1), 12, 110_307, 37_175_490, "Tang and Lin 2018, table 2 (110 K)"),
    ("resnet110", (32, 32, 3), 10, 1_727_962, 252_887_680, "He et al. 2016, table 6 (1.7 M)"),
    ("resnet18", (224, 224, 3), 1000, 11_689_512, 1_814_073_344, "torchvision"),
    ("resnet20", (32, 32, 3), 10, 269_722, 40_551_040, "He et al. 2016, table 6 (0.27 M)"),
    ("resnet50", (224, 224, 3), 1000, 25_557_032, 4_089_184_256, "torchvision"),
    ("resnet50-keras", (224, 224, 3), 1000, 25_583_592, 3_857_973_248, "keras.applications"),
    ("sb-cnn", (128, 128, 1), 10, 241_434, 57_360_640, "Salamon and Bello 2017"),
    ("soft-ordering", (13, 1), 3, 14_650, None, "TabZilla without weight-norm gains"),
    ("cnn6", (1001, 64, 1), 527, 4_837_455, None, "Kong et al. 2020, table 1 (4.8 M)"),
    ("cnn14", (1001, 64, 1), 527, 80_753_615, None, "Kong et al. 2020, table 1 (80.8 M)"),
    ("tcn", (784, 1), 10, 66_510, None, "locuslab/TCN, 66,910 with 400 weight-norm gains"),
    ("tcn-adding", (400, 2), 1, 95_521, None, "locuslab/TCN, 96,001 with 480 weight-norm gains"),
    ("textcnn", (56, 300), 2, 360_902, 19_020_600, "Kim 2014, beside the word vectors"),
    ("timecnn", (150, 1), 2, 902, 27_552, "hfawaz/dl-4-tsc"),
    ("ts-mlp", (150, 1), 2, 577_502, 576_000, "hfawaz/dl-4-tsc"),
    ("ts-resnet", (150, 1), 2, 504_258, 75_043_456, "hfawaz/dl-4-tsc"),
    ("vgg16", (224, 224, 3), 1000, 138_357_544, 15_470_264_320, "Simonyan and Zisserman 2015, table 2 (138 M)"),
    ("xo", (9, 9, 1), 2, 51, 1_347, "Rohrer 2016: 27 feature and 24 vote weights"),
]


@pytest.mark.parametrize(("name", "shape", "outputs", "parameters", "macs", "source"), PUBLISHED)
def test_published_size(name, shape, outputs, parameters, macs, source):
    check_size(zoo.architecture(name), zoo.Grid(shape), outputs, parameters, macs)


# Family and variant as the table of references calls them, and the variant of the zoo.
TABLE = {
    ("CSPDarknet", "cspdarknet53 (timm)"): "cspdarknet53",
    ("CharCNN", "large (1024/2048), AG 4 classes"): "charcnn-large",
    ("CharCNN", "small (256/1024), AG 4 classes"): "charcnn-small",
    ("DPCNN", "15 weight layers, 250 maps, emb 300 (unshared blocks, excl. embeddings)"): "dpcnn",
    ("DaiNet", "M3"): "dai-m3",
    ("DaiNet", "M5"): "dai-m5",
    ("Darknet", "darknet53 (timm)"): "darknet53",
    ("GhostNet", "ghostnet_050 (timm)"): "ghostnet-050",
    ("GhostNet", "ghostnet_100 (timm)"): "ghostnet",
    ("GoogLeNet", "Inception v1 as published (no aux, biases, no BN)"): "googlenet",
    ("GoogLeNet", "googlenet without aux (torchvision)"): "googlenet-bn",
    ("Inception", "InceptionV3"): "inception-v3",
    ("InceptionTime (one Inception)", "BasicMotions"): "inceptiontime",
    ("InceptionTime (one Inception)", "GunPoint"): "inceptiontime",
    ("MatchboxNet", "3x1x64"): "matchboxnet-3x1x64",
    ("MatchboxNet", "3x2x64"): "matchboxnet-3x2x64",
    ("PiczakCNN", "long 60x101x2 (ESC-50)"): "piczak",
    ("PiczakCNN", "short 60x41x2 (ESC-50)"): "piczak",
    ("TC-ResNet", "TC-ResNet14-1.5"): "tc-resnet14-1.5",
    ("TC-ResNet", "TC-ResNet8"): "tc-resnet8",
    ("TC-ResNet", "TC-ResNet8-1.5"): "tc-resnet8-1.5",
    ("TS-FCN", "BasicMotions"): "fcn",
    ("TS-MLP", "BasicMotions"): "ts-mlp",
    ("TS-ResNet", "BasicMotions"): "ts-resnet",
    ("Time-CNN", "JapaneseVowels pad 29"): "timecnn",
    ("VGGish", "96x64 log-mel -> 128"): "vggish",
    ("AlexNet", "2012 one tower, no groups"): "alexnet-2012-one-tower",
    ("AlexNet", "2012 two-group"): "alexnet-2012",
    ("AlexNet", "alexnet"): "alexnet",
    ("All-CNN", "All-CNN-C"): "allcnn",
    ("ConvMixer", "256/8 k5 p2 CIFAR-10"): "convmixer-256-8",
    ("ConvMixer", "convmixer_1536_20 (timm)"): "convmixer-1536-20",
    ("ConvMixer", "convmixer_768_32 (timm)"): "convmixer-768-32",
    ("ConvNeXt", "ConvNeXtTiny"): "convnext-tiny",
    ("ConvNeXt", "convnext_atto (timm)"): "convnext-atto",
    ("ConvNeXt", "convnext_base"): "convnext-base",
    ("ConvNeXt", "convnext_femto (timm)"): "convnext-femto",
    ("ConvNeXt", "convnext_large"): "convnext-large",
    ("ConvNeXt", "convnext_nano (timm)"): "convnext-nano",
    ("ConvNeXt", "convnext_pico (timm)"): "convnext-pico",
    ("DS-CNN", "L"): "ds-cnn-l",
    ("DS-CNN", "S"): "ds-cnn-s",
    ("DenseNet", "DenseNet121"): "densenet121",
    ("DenseNet", "DenseNet201"): "densenet201",
    ("DenseNet", "densenet161"): "densenet161",
    ("DenseNet-CIFAR", "DenseNet-40-12 (no bottleneck)"): "densenet40-12",
    ("DenseNet-CIFAR", "DenseNet-BC-100-12"): "densenet-bc-100-12",
    ("DenseNet-CIFAR", "DenseNet-BC-190-40"): "densenet-bc-190-40",
    ("LeNet", "LeNet-5 modern (28x28 pad2 or 32x32, full C3)"): "lenet5",
    ("MNASNet", "mnasnet0_5"): "mnasnet-050",
    ("MNASNet", "mnasnet1_0"): "mnasnet",
    ("MNASNet", "mnasnet1_3"): "mnasnet-130",
    ("MobileNet v1", "MobileNet"): "mobilenet",
    ("MobileNet v2", "mobilenet_v2"): "mobilenet-v2",
    ("MobileNet v2", "mobilenetv2_050 (timm)"): "mobilenet-v2-050",
    ("MobileNet v3", "MobileNetV3Large"): "mobilenet-v3-large",
    ("MobileNet v3", "mobilenetv3_large_075 (timm)"): "mobilenet-v3-large-075",
    ("MobileNet v3", "mobilenetv3_small_050 (timm)"): "mobilenet-v3-small-050",
    ("MobileNet v3", "mobilenetv3_small_075 (timm)"): "mobilenet-v3-small-075",
    ("MobileNet v3", "mobilenetv3_small_100 (timm)"): "mobilenet-v3-small",
    ("NiN", "CIFAR-10"): "nin",
    ("Res-KWS", "res15"): "res15",
    ("Res-KWS", "res15-narrow"): "res15-narrow",
    ("Res-KWS", "res26-narrow"): "res26-narrow",
    ("Res-KWS", "res8"): "res8",
    ("Res-KWS", "res8-narrow"): "res8-narrow",
    ("ResNeXt", "resnext101_32x4d (timm)"): "resnext101-32x4d",
    ("ResNeXt", "resnext101_64x4d"): "resnext101-64x4d",
    ("ResNeXt", "resnext50_32x4d"): "resnext50-32x4d",
    ("ResNet", "ResNet101"): "resnet101-keras",
    ("ResNet", "ResNet50"): "resnet50-keras",
    ("ResNet", "resnet101"): "resnet101",
    ("ResNet", "resnet18"): "resnet18",
    ("ResNet", "resnet34"): "resnet34",
    ("ResNet", "resnet50"): "resnet50",
    ("ResNet v2", "ResNet101V2"): "resnet101-v2-keras",
    ("ResNet v2", "ResNet50V2"): "resnet50-v2-keras",
    ("ResNet v2", "resnetv2_101 (timm)"): "resnet101-v2",
    ("ResNet v2", "resnetv2_50 (timm)"): "resnet50-v2",
    ("ResNet-v2-CIFAR", "PreActResNet-164 bottleneck"): "resnet164-v2",
    ("SB-CNN", "128x128 mel (pool (4,2), valid)"): "sb-cnn",
    ("SE-ResNet", "legacy_seresnet18 (timm)"): "se-resnet18",
    ("SE-ResNet", "legacy_seresnet34 (timm)"): "se-resnet34",
    ("SE-ResNet", "seresnet50 (timm)"): "se-resnet50",
    ("SqueezeNet", "squeezenet1_0"): "squeezenet-1.0",
    ("Wide ResNet (ImageNet)", "wide_resnet50_2"): "wrn-50-2",
    ("Xception", "Xception"): "xception",
}
TABLE |= {("EfficientNet", f"EfficientNetB{n}"): f"efficientnet-b{n}" for n in (0, 1, 2, 4, 5, 6, 7)}
TABLE |= {("EfficientNet v2", f"EfficientNetV2{n}"): f"efficientnet-v2-{n.lower()}" for n in ("B0", "B1", "B3", *"SML")}
TABLE |= {("ResNet-CIFAR", f"ResNet-{n} option A"): f"resnet{n}" for n in (20, 32, 56, 110)}
TABLE |= {("ResNet-CIFAR", f"ResNet-{n} option B (projection)"): f"resnet{n}-b" for n in (20, 32, 44, 56, 110)}
TABLE |= {
    ("VGG", name): name.replace("_", "-") for name in ("vgg11", "vgg11_bn", "vgg13", "vgg16", "vgg16_bn", "vgg19_bn")
}
TABLE |= {("VGG", f"VGG{n}-BN CIFAR (conv bias, single fc)"): f"vgg{n}-cifar" for n in (11, 16)}
TABLE |= {
    ("WideResNet", f"WRN-{d}-{k}"): f"wrn-{d}-{k}"
    for d, k in ((16, 1), (16, 2), (16, 4), (16, 8), (28, 2), (28, 4), (28, 10), (40, 1), (40, 2), (40, 8))
}
TABLE |= {("RepVGG (training-time)", f"repvgg_{n} (timm)"): f"repvgg-{n}" for n in ("a0", "a1", "b0", "b1", "b2", "b3")}
TABLE |= {("ShuffleNet v2", f"shufflenet_v2_x{a}_{b}"): f"shufflenet-v2-{a}.{b}" for a, b in ("05", "10", "20")}
TABLE |= {
    ("ShuffleNet v1", f"{k}x g={g}"): f"shufflenet-{k}-g{g}" for k in ("0.5", "1.0", "1.5", "2.0") for g in (3, 8)
}
TABLE |= {("BC-ResNet", f"BC-ResNet-{n}"): f"bc-resnet-{n}" for n in (1, 2, 3, 8)}
TABLE |= {("LITE", name): "lite" for name in ("ArrowHead", "GunPoint")}
REGNETS = {
    "002": "200mf",
    "004": "400mf",
    "006": "600mf",
    "008": "800mf",
    "016": "1.6gf",
    "032": "3.2gf",
    "040": "4.0gf",
}
TABLE |= {("RegNet", f"regnet{k}_{n} (timm)"): f"regnet-{k}-{size}" for k in "xy" for n, size in REGNETS.items()}
CHANNELS_FIRST = {"CharCNN", "DPCNN", "DaiNet", "MatchboxNet", "TC-ResNet", "TextCNN"}
# The table's implementations pad the first convolution by less, or more, than "same" does.
OTHER_MACS = {"alexnet", "ds-cnn-l", "ds-cnn-s"}
# TensorFlow cannot stride a depthwise convolution on one axis alone: it is drawn in full, then thinned out.
OTHER_MACS |= {"bc-resnet-1", "bc-resnet-2", "bc-resnet-3", "bc-resnet-8"}


def _rows():
    path = SHARED / "architectures.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        rows = {(row["family"], row["variant"]): row for row in csv.DictReader(file)}
    return [pytest.param(TABLE[key], rows[key], id=f"{key[0]}: {key[1]}") for key in TABLE]


def _shape(row):
    """Channels last: rows from PyTorch have them first."""
    sizes = tuple(int(size) for size in row["input_shape"].split("x"))
    first = (len(sizes) == 3 and sizes[0] <= 3) or row["family"] in CHANNELS_FIRST
    return (*sizes[1:], sizes[0]) if first else sizes


@pytest.mark.parametrize(("name", "row"), _rows())
def test_size_in_table_of_references(name, row):
    macs = None if name in OTHER_MACS or not row["macs"] else int(row["macs"])
    shape = zoo.Grid(_shape(row))
    check_size(zoo.architecture(name), shape, int(row["classes"]), int(row["params_trainable"]), macs)


def test_table_of_references_is_there():
    if not SHARED.exists():
        pytest.skip(f"no table of references at {SHARED}")
    assert len(_rows()) == len(TABLE)
