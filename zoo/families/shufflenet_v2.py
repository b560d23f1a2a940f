"""ShuffleNet v2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension

# Table 5 of the paper: filters of the three stages and of the last convolution.
TABLE = {
    "0.5": (48, 96, 192, 1024),
    "1.0": (116, 232, 464, 1024),
    "1.5": (176, 352, 704, 1024),
    "2.0": (244, 488, 976, 2048),
}


@dataclass(frozen=True)
class ShuffleNetV2(Architecture):
    """Half of the channels pass a depthwise block, then all are shuffled.

    Parameters
    ----------
    scale : {"0.5", "1.0", "1.5", "2.0"}
        Which column of the table of filters.
    blocks : tuple of int
        Blocks of each stage.
    """

    scale: str = "1.0"
    blocks: tuple[int, ...] = (4, 8, 4)

    title: ClassVar[str] = "ShuffleNet v2"
    reference: ClassVar[Reference] = Reference(
        "ShuffleNet V2: practical guidelines for efficient CNN architecture design",
        "Ma, Zhang, Zheng, Sun",
        2018,
        "arXiv:1807.11164",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"shufflenet-v2-{scale}": Variant(f"table 5, {scale}×; as torchvision", {"scale": scale}) for scale in TABLE
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"scale": Choice(tuple(TABLE))}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last convolution."""
        *widths, last = TABLE[self.scale]
        x = _nd.conv_norm_act(x, 24, 3, "stem_conv", stride=2, padding="symmetric")
        x = _nd.pool(x, "Max", 3, "stem_pool", stride=2, padding="symmetric")
        for stage, (width, blocks) in enumerate(zip(widths, self.blocks, strict=True), start=1):
            x = self._down(x, width // 2, f"stage{stage}_block1")
            for block in range(2, blocks + 1):
                x = self._keep(x, width // 2, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return _nd.conv_norm_act(x, last, 1, "head_conv")

    def _depthwise(self, x: Tensor, stride: int, name: str) -> Tensor:
        x = _nd.depthwise(x, 3, name, stride=stride, padding="symmetric", bias=False)
        return _layers.norm(x, f"{name}_norm")

    def _branch(self, x: Tensor, half: int, stride: int, name: str) -> Tensor:
        x = self._depthwise(_nd.conv_norm_act(x, half, 1, f"{name}_conv1"), stride, f"{name}_depthwise")
        return _nd.conv_norm_act(x, half, 1, f"{name}_conv2")

    def _down(self, x: Tensor, half: int, name: str) -> Tensor:
        side = self._depthwise(x, 2, f"{name}_side_depthwise")
        side = _nd.conv_norm_act(side, half, 1, f"{name}_side_conv")
        x = _layers.concat([side, self._branch(x, half, 2, name)], f"{name}_concat")
        return _nd.shuffle_channels(x, 2, f"{name}_shuffle")

    def _keep(self, x: Tensor, half: int, name: str) -> Tensor:
        kept = _nd.take_channels(x, 0, half, f"{name}_kept")
        passed = self._branch(_nd.take_channels(x, half, half, f"{name}_passed"), half, 1, name)
        return _nd.shuffle_channels(_layers.concat([kept, passed], f"{name}_concat"), 2, f"{name}_shuffle")
