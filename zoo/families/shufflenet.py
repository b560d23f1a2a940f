"""ShuffleNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension

# Table 1 of the paper: filters of the first stage at width 1, by number of groups; stages double them.
FILTERS = {3: 240, 8: 384}
STEM = {
    "0.5": {3: 12, 8: 16},
    "1.0": {3: 24, 8: 24},
    "1.5": {3: 24, 8: 24},
    "2.0": {3: 48, 8: 48},
}


@dataclass(frozen=True)
class ShuffleNet(Architecture):
    """Grouped 1×1 convolutions with a channel shuffle between them.

    Parameters
    ----------
    scale : {"0.5", "1.0", "1.5", "2.0"}
        Factor on the filters.
    groups : {3, 8}
        Groups of the 1×1 convolutions.
    blocks : tuple of int
        Blocks of each stage.
    """

    scale: str = "1.0"
    groups: int = 3
    blocks: tuple[int, ...] = (4, 8, 4)

    title: ClassVar[str] = "ShuffleNet"
    reference: ClassVar[Reference] = Reference(
        "ShuffleNet: an extremely efficient convolutional neural network for mobile devices",
        "Zhang, Zhou, Lin, Sun",
        2018,
        "arXiv:1707.01083",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"shufflenet-{scale}-g{groups}": Variant(
            f"table 1, {scale}×, {groups} groups; as the authors' code", {"scale": scale, "groups": groups}
        )
        for scale in STEM
        for groups in FILTERS
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"scale": Choice(tuple(STEM)), "groups": Choice(tuple(FILTERS))}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the stages."""
        x = _nd.conv_norm_act(x, STEM[self.scale][self.groups], 3, "stem_conv", stride=2, padding="symmetric")
        x = _nd.pool(x, "Max", 3, "stem_pool", stride=2, padding="symmetric")
        for stage, blocks in enumerate(self.blocks, start=1):
            filters = int(FILTERS[self.groups] * float(self.scale)) * 2 ** (stage - 1)
            for block in range(1, blocks + 1):
                # The paper does not group the very first 1×1: it reads few channels.
                groups = 1 if stage == block == 1 else self.groups
                x = self._block(x, filters, groups, block == 1, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return x

    def _block(self, x: Tensor, filters: int, groups: int, shrink: bool, name: str) -> Tensor:
        out = filters - _nd.channels_of(x) if shrink else filters
        y = _nd.conv_norm_act(x, filters // 4, 1, f"{name}_conv1", groups=groups)
        y = _nd.shuffle_channels(y, self.groups, f"{name}_shuffle")
        stride = 2 if shrink else 1
        y = _nd.depthwise(y, 3, f"{name}_depthwise", stride=stride, padding="symmetric", bias=False)
        y = _layers.norm(y, f"{name}_depthwise_norm")
        y = _nd.conv_norm_act(y, out, 1, f"{name}_conv2", act="linear", groups=self.groups)
        if shrink:
            side = _nd.pool(x, "Average", 3, f"{name}_pool", stride=2, padding="symmetric")
            y = _layers.concat([side, y], f"{name}_concat")
        else:
            y = _layers.add([x, y], f"{name}_add")
        return _layers.activation(y, "relu", f"{name}_relu")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the classifier, which has no bias."""
        x = _layers.dropout(_nd.global_pool(x, "Average", "head_pool"), self.dropout, "head_dropout")
        return _layers.logits(x, outputs, bias=False)
