"""ResNet for small grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import CIFAR10, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class ResNetCIFAR(Architecture):
    """Three stages of 3×3 residual blocks on the grid as it is.

    Parameters
    ----------
    blocks : int
        Blocks of each stage: n for a depth of 6n + 2.
    width : int
        Filters of the first stage; they double with each stage.
    shortcut : {"pad", "projection"}
        Where channels grow: zeros (the paper's option A) or a 1×1 convolution (B).
    """

    blocks: int = 3
    width: int = 16
    shortcut: str = "pad"

    title: ClassVar[str] = "ResNet (CIFAR)"
    reference: ClassVar[Reference] = Reference(
        "Deep residual learning for image recognition", "He, Zhang, Ren, Sun", 2016, "arXiv:1512.03385"
    )
    native: ClassVar[Native] = CIFAR10
    variants: ClassVar[Mapping[str, Variant]] = {
        f"resnet{6 * n + 2}": Variant(f"section 4.2, n = {n}, option A", {"blocks": n}) for n in (1, 3, 5, 7, 9, 18)
    } | {
        f"resnet{6 * n + 2}-b": Variant(f"section 4.2, n = {n}, option B", {"blocks": n, "shortcut": "projection"})
        for n in (3, 5, 7, 9, 18)
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "blocks": IntRange(1, 5),
        "width": Choice((8, 16, 32)),
        "shortcut": Choice(("pad", "projection")),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the stages."""
        x = _nd.conv_norm_act(x, self.width, 3, "stem_conv")
        for stage in (1, 2, 3):
            for block in range(1, self.blocks + 1):
                stride = 2 if block == 1 and stage > 1 else 1
                x = self._block(x, self.width * 2 ** (stage - 1), stride, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return x

    def _block(self, x: Tensor, filters: int, stride: int, name: str) -> Tensor:
        shortcut = self._shortcut(x, filters, stride, f"{name}_shortcut")
        x = _nd.conv_norm_act(x, filters, 3, f"{name}_conv1", stride=stride, padding="symmetric")
        x = _nd.conv_norm_act(x, filters, 3, f"{name}_conv2", act="linear")
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")

    def _shortcut(self, x: Tensor, filters: int, stride: int, name: str) -> Tensor:
        missing = filters - _nd.channels_of(x)
        if missing == 0:
            return x
        if self.shortcut == "projection":
            return _nd.conv_norm_act(x, filters, 1, name, act="linear", stride=stride)
        x = _nd.stride_only(x, stride, f"{name}_pick")
        return _nd.pad_channels(x, missing // 2, missing - missing // 2, f"{name}_pad")
