"""ResNet for large grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import squeeze_excite
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange

# Table 1 of the paper: blocks in each of the four stages.
LAYERS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


@dataclass(frozen=True)
class ResNet(Architecture):
    """Residual blocks in four stages behind a 7×7 stem.

    Parameters
    ----------
    blocks : tuple of int
        Blocks of each stage.
    bottleneck : bool
        1×1, 3×3, 1×1 blocks that end in four times the width, or two 3×3.
    width : int
        Filters of the first stage; they double with each stage.
    original : bool
        As Caffe and keras.applications draw it: the stride of a bottleneck in its
        first 1×1, and biases. Otherwise "v1.5": the stride in the 3×3, no biases.
    groups : int
        Groups of the 3×3 convolution of a bottleneck.
    group_width : int
        Channels of a group in the first stage, where the width is 64.
    squeeze : int
        Reduction of squeeze-and-excitation at the end of a block; 0 for none.
    """

    blocks: tuple[int, ...] = LAYERS[50]
    bottleneck: bool = True
    width: int = 64
    original: bool = False
    groups: int = 1
    group_width: int = 64
    squeeze: int = 0

    title: ClassVar[str] = "ResNet"
    reference: ClassVar[Reference] = Reference(
        "Deep residual learning for image recognition", "He, Zhang, Ren, Sun", 2016, "arXiv:1512.03385"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"resnet{depth}": Variant(
            f"table 1, {depth} layers; v1.5 as torchvision", {"blocks": LAYERS[depth], "bottleneck": depth >= 50}
        )
        for depth in LAYERS
    } | {
        f"resnet{depth}-keras": Variant(
            f"table 1, {depth} layers; as keras.applications", {"blocks": LAYERS[depth], "original": True}
        )
        for depth in (50, 101, 152)
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(16, 64, step=16)}

    @property
    def _epsilon(self) -> float:
        return 1.001e-5 if self.original else 1e-5

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the stages."""
        x = self._conv(x, self.width, 7, "stem_conv", stride=2)
        x = _nd.pool(x, "Max", 3, "stem_pool", stride=2, padding="symmetric")
        for stage, blocks in enumerate(self.blocks, start=1):
            for block in range(1, blocks + 1):
                stride = 2 if block == 1 and stage > 1 else 1
                x = self._block(x, self.width * 2 ** (stage - 1), stride, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return x

    def _conv(
        self, x: Tensor, filters: int, kernel: int, name: str, stride: int = 1, act: str = "relu", groups: int = 1
    ) -> Tensor:
        return _nd.conv_norm_act(
            x, filters, kernel, name, act=act, stride=stride, groups=groups, padding="symmetric",
            bias=self.original, epsilon=self._epsilon,
        )  # fmt: skip

    def _block(self, x: Tensor, filters: int, stride: int, name: str) -> Tensor:
        out = 4 * filters if self.bottleneck else filters
        shortcut = x
        if stride > 1 or _nd.channels_of(x) != out:
            shortcut = self._conv(x, out, 1, f"{name}_shortcut", stride, act="linear")
        if self.bottleneck:
            first, second = (stride, 1) if self.original else (1, stride)
            inner = filters * self.group_width // 64 * self.groups
            x = self._conv(x, inner, 1, f"{name}_conv1", first)
            x = self._conv(x, inner, 3, f"{name}_conv2", second, groups=self.groups)
            x = self._conv(x, out, 1, f"{name}_conv3", act="linear")
        else:
            x = self._conv(x, filters, 3, f"{name}_conv1", stride)
            x = self._conv(x, out, 3, f"{name}_conv2", act="linear")
        if self.squeeze:
            x = squeeze_excite(x, out // self.squeeze, f"{name}_squeeze")
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")
