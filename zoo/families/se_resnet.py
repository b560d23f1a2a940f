"""SE-ResNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo.architecture import IMAGENET, Native, Reference, Variant
from zoo.families.resnet import LAYERS, ResNet
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class SEResNet(ResNet):
    """ResNet with squeeze-and-excitation at the end of each block."""

    squeeze: int = 16

    title: ClassVar[str] = "SE-ResNet"
    reference: ClassVar[Reference] = Reference(
        "Squeeze-and-excitation networks", "Hu, Shen, Albanie, Sun, Wu", 2018, "arXiv:1709.01507"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "se-resnet18": Variant("18 layers, reduction 16 without rounding", {"blocks": LAYERS[18], "bottleneck": False}),
        "se-resnet34": Variant("34 layers, reduction 16 without rounding", {"blocks": LAYERS[34], "bottleneck": False}),
        "se-resnet50": Variant("table 1 on ResNet v1.5; as timm"),
        "se-resnet101": Variant("101 layers on ResNet v1.5", {"blocks": LAYERS[101]}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(16, 64, step=16), "squeeze": Choice((4, 8, 16))}
