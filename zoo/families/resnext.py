"""ResNeXt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo.architecture import IMAGENET, Native, Reference, Variant
from zoo.families.resnet import LAYERS, ResNet
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class ResNeXt(ResNet):
    """ResNet whose 3×3 convolutions work in groups: many thin paths side by side."""

    groups: int = 32
    group_width: int = 4

    title: ClassVar[str] = "ResNeXt"
    reference: ClassVar[Reference] = Reference(
        "Aggregated residual transformations for deep neural networks",
        "Xie, Girshick, Dollár, Tu, He",
        2017,
        "arXiv:1611.05431",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "resnext50-32x4d": Variant("table 1; as torchvision"),
        "resnext101-32x4d": Variant("table 3", {"blocks": LAYERS[101]}),
        "resnext101-64x4d": Variant("table 4; as torchvision", {"blocks": LAYERS[101], "groups": 64}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(16, 64, step=16), "groups": Choice((8, 16, 32))}
