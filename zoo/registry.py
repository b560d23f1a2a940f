"""Which families there are. To add one: its file, a line here, a case in the tests."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from zoo.architecture import Architecture
from zoo.errors import unknown
from zoo.families.alexnet import AlexNet
from zoo.families.allcnn import AllCNN
from zoo.families.atari import Atari
from zoo.families.bc_resnet import BCResNet
from zoo.families.charcnn import CharCNN
from zoo.families.convmixer import ConvMixer
from zoo.families.convnext import ConvNeXt
from zoo.families.darknet import Darknet
from zoo.families.densenet import DenseNet
from zoo.families.dpcnn import DPCNN
from zoo.families.ds_cnn import DSCNN
from zoo.families.efficientnet import EfficientNet
from zoo.families.efficientnet_v2 import EfficientNetV2
from zoo.families.ghostnet import GhostNet
from zoo.families.googlenet import GoogLeNet
from zoo.families.inception_v3 import InceptionV3
from zoo.families.inceptiontime import InceptionTime
from zoo.families.kws_resnet import KeywordResNet
from zoo.families.lenet import LeNet
from zoo.families.lite import LITE
from zoo.families.matchboxnet import MatchboxNet
from zoo.families.mlp import MLP
from zoo.families.mnasnet import MNASNet
from zoo.families.mobilenet import MobileNet
from zoo.families.mobilenet_v2 import MobileNetV2
from zoo.families.mobilenet_v3 import MobileNetV3
from zoo.families.nin import NiN
from zoo.families.panns import PANN
from zoo.families.piczak import Piczak
from zoo.families.regnet import RegNet
from zoo.families.repvgg import RepVGG
from zoo.families.resnet import ResNet
from zoo.families.resnet_cifar import ResNetCIFAR
from zoo.families.resnet_v2 import ResNetV2
from zoo.families.resnext import ResNeXt
from zoo.families.sb_cnn import SBCNN
from zoo.families.se_resnet import SEResNet
from zoo.families.shufflenet import ShuffleNet
from zoo.families.shufflenet_v2 import ShuffleNetV2
from zoo.families.soft_ordering import SoftOrdering
from zoo.families.squeezenet import SqueezeNet
from zoo.families.tc_resnet import TCResNet
from zoo.families.tcn import TCN
from zoo.families.textcnn import TextCNN
from zoo.families.timecnn import TimeCNN
from zoo.families.ts_fcn import FCN
from zoo.families.ts_resnet import TimeSeriesResNet
from zoo.families.vdcnn import VDCNN
from zoo.families.vgg import VGG
from zoo.families.vggish import VGGish
from zoo.families.wave_cnn import WaveCNN
from zoo.families.wide_resnet import WideResNet
from zoo.families.wide_resnet_imagenet import WideBottleneckResNet
from zoo.families.xception import Xception
from zoo.families.xceptiontime import XceptionTime
from zoo.families.xo import XO

FAMILIES: tuple[type[Architecture], ...] = (
    AlexNet,
    AllCNN,
    Atari,
    BCResNet,
    CharCNN,
    ConvMixer,
    ConvNeXt,
    Darknet,
    DenseNet,
    DPCNN,
    DSCNN,
    EfficientNet,
    EfficientNetV2,
    FCN,
    GhostNet,
    GoogLeNet,
    InceptionTime,
    InceptionV3,
    KeywordResNet,
    LeNet,
    LITE,
    MatchboxNet,
    MLP,
    MNASNet,
    MobileNet,
    MobileNetV2,
    MobileNetV3,
    NiN,
    PANN,
    Piczak,
    RegNet,
    RepVGG,
    ResNet,
    ResNetCIFAR,
    ResNetV2,
    ResNeXt,
    SBCNN,
    SEResNet,
    ShuffleNet,
    ShuffleNetV2,
    SoftOrdering,
    SqueezeNet,
    TCN,
    TCResNet,
    TextCNN,
    TimeCNN,
    TimeSeriesResNet,
    VDCNN,
    VGG,
    VGGish,
    WaveCNN,
    WideBottleneckResNet,
    WideResNet,
    Xception,
    XceptionTime,
    XO,
)


def _by_variant(families: tuple[type[Architecture], ...]) -> dict[str, type[Architecture]]:
    table: dict[str, type[Architecture]] = {}
    for family in families:
        for name in family.variants:
            if name in table:
                raise ValueError(f"{name!r} is a variant of {table[name].__name__} and of {family.__name__}")
            table[name] = family
    return table


_VARIANTS = _by_variant(FAMILIES)


def names(pattern: str = "*", rank: int | None = None) -> list[str]:
    """List variants.

    Parameters
    ----------
    pattern : str
        Shell pattern, such as ``"resnet*"``.
    rank : int, optional
        Only those that read grids with this many spatial axes.

    Examples
    --------
    >>> names("lenet*")
    ['lenet5']
    """
    fitting = (name for name, family in _VARIANTS.items() if rank is None or rank in family.ranks)
    return sorted(name for name in fitting if fnmatchcase(name, pattern))


def describe() -> list[tuple[str, str, str, str]]:
    """List variant, title of its family, one line about it, and its paper."""
    return [
        (name, family.title, family.variants[name].line, str(family.reference))
        for name, family in sorted(_VARIANTS.items())
    ]


def architecture(name: str, overrides: Mapping[str, Any] | None = None) -> Architecture:
    """Make an architecture from the name of a variant.

    Parameters
    ----------
    name : str
        One of `names`.
    overrides : mapping, optional
        Fields to change.

    Raises
    ------
    ZooError
        If the variant or a field is unknown; names the nearest that exist.

    Examples
    --------
    >>> architecture("lenet5", {"dropout": 0.2}).dropout
    0.2
    """
    if name not in _VARIANTS:
        raise unknown("variant", name, _VARIANTS)
    return _VARIANTS[name].of(name, overrides or {})


def from_config(config: Mapping[str, Any]) -> Architecture:
    """Inverse of `Architecture.config`: ``name`` is the variant, the rest are its fields."""
    settings = dict(config)
    if "name" not in settings:
        raise unknown("key of a configuration (it needs a 'name')", "", settings)
    return architecture(settings.pop("name"), settings)
