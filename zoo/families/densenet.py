"""DenseNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import CIFAR10, IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class DenseNet(Architecture):
    """Each layer reads all earlier ones of its stage and adds a few channels.

    Parameters
    ----------
    layers : tuple of int
        Dense layers of each stage.
    growth : int
        Channels that a layer adds.
    stem : int
        Filters of the first convolution.
    small : bool
        A 3×3 stem for small grids instead of a strided 7×7 and pooling.
    bottleneck : bool
        A 1×1 convolution of four times the growth before each 3×3, and transitions
        that halve the channels.
    """

    layers: tuple[int, ...] = (6, 12, 24, 16)
    growth: int = 32
    stem: int = 64
    small: bool = False
    bottleneck: bool = True

    title: ClassVar[str] = "DenseNet"
    reference: ClassVar[Reference] = Reference(
        "Densely connected convolutional networks", "Huang, Liu, van der Maaten, Weinberger", 2017, "arXiv:1608.06993"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "densenet121": Variant("table 1; as keras.applications and torchvision"),
        "densenet169": Variant("table 1; as keras.applications and torchvision", {"layers": (6, 12, 32, 32)}),
        "densenet201": Variant("table 1; as keras.applications and torchvision", {"layers": (6, 12, 48, 32)}),
        "densenet161": Variant("as torchvision", {"layers": (6, 12, 36, 24), "growth": 48, "stem": 96}),
        "densenet40-12": Variant(
            "table 2, no bottlenecks",
            {"layers": (12, 12, 12), "growth": 12, "stem": 16, "small": True, "bottleneck": False},
            CIFAR10,
        ),
        "densenet-bc-100-12": Variant(
            "table 2", {"layers": (16, 16, 16), "growth": 12, "stem": 24, "small": True}, CIFAR10
        ),
        "densenet-bc-190-40": Variant(
            "table 2", {"layers": (31, 31, 31), "growth": 40, "stem": 80, "small": True}, CIFAR10
        ),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "growth": IntRange(8, 32, step=4),
        "stem": Choice((16, 32, 64)),
        "bottleneck": Choice((False, True)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, and the stages with transitions between them."""
        if self.small:
            x = _nd.conv(x, self.stem, 3, "stem_conv", bias=False)
        else:
            x = _nd.conv_norm_act(x, self.stem, 7, "stem_conv", stride=2, padding="symmetric")
            x = _nd.pool(x, "Max", 3, "stem_pool", stride=2, padding="symmetric")
        for stage, layers in enumerate(self.layers, start=1):
            for layer in range(1, layers + 1):
                x = self._layer(x, f"stage{stage}_layer{layer}")
            x = _layers.tap(x, stage)
            if stage < len(self.layers):
                filters = _nd.channels_of(x) // 2 if self.bottleneck else _nd.channels_of(x)
                x = self._conv(x, filters, 1, f"transition{stage}_conv")
                x = _nd.pool(x, "Average", 2, f"transition{stage}_pool")
        return _layers.activation(_layers.norm(x, "head_norm"), "relu", "head_relu")

    def _conv(self, x: Tensor, filters: int, kernel: int, name: str) -> Tensor:
        x = _layers.activation(_layers.norm(x, f"{name}_norm"), "relu", f"{name}_relu")
        return _nd.conv(x, filters, kernel, name, bias=False)

    def _layer(self, x: Tensor, name: str) -> Tensor:
        new = self._conv(x, 4 * self.growth, 1, f"{name}_conv1") if self.bottleneck else x
        return _layers.concat([x, self._conv(new, self.growth, 3, f"{name}_conv2")], f"{name}_concat")
