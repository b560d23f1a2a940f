"""Wide ResNet for large grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo.architecture import IMAGENET, Native, Reference, Variant
from zoo.families.resnet import LAYERS, ResNet
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class WideBottleneckResNet(ResNet):
    """ResNet with bottlenecks twice as wide inside."""

    group_width: int = 128

    title: ClassVar[str] = "Wide ResNet"
    reference: ClassVar[Reference] = Reference(
        "Wide residual networks", "Zagoruyko, Komodakis", 2016, "arXiv:1605.07146"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "wrn-50-2": Variant("table 8; as torchvision"),
        "wrn-101-2": Variant("as torchvision", {"blocks": LAYERS[101]}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(16, 64, step=16)}
