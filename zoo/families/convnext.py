"""ConvNeXt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange, IntRange

TABLE = {
    "atto": ((2, 2, 6, 2), 40),
    "femto": ((2, 2, 6, 2), 48),
    "pico": ((2, 2, 6, 2), 64),
    "nano": ((2, 2, 8, 2), 80),
    "tiny": ((3, 3, 9, 3), 96),
    "small": ((3, 3, 27, 3), 96),
    "base": ((3, 3, 27, 3), 128),
    "large": ((3, 3, 27, 3), 192),
    "xlarge": ((3, 3, 27, 3), 256),
}


@dataclass(frozen=True)
class ConvNeXt(Architecture):
    """A ResNet modernised: patches, 7×7 depthwise convolutions, inverted bottlenecks.

    Parameters
    ----------
    blocks : tuple of int
        Blocks of each stage.
    width : int
        Filters of the first stage; they double with each stage.
    kernel : int
        Of the depthwise convolutions.
    scale : float
        Initial factor on each block's branch; 0 for none.
    drop_path : float
        Rate at which the last block is dropped; earlier blocks proportionally less.
    """

    blocks: tuple[int, ...] = (3, 3, 9, 3)
    width: int = 96
    kernel: int = 7
    scale: float = 1e-6
    drop_path: float = 0.1

    title: ClassVar[str] = "ConvNeXt"
    reference: ClassVar[Reference] = Reference(
        "A ConvNet for the 2020s", "Liu, Mao, Wu, Feichtenhofer, Darrell, Xie", 2022, "arXiv:2201.03545"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"convnext-{name}": Variant(
            "section 3, as keras.applications" if width >= 96 else "smaller, as timm",
            {"blocks": blocks, "width": width},
        )
        for name, (blocks, width) in TABLE.items()
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": IntRange(16, 96, step=16),
        "kernel": IntRange(3, 7, step=2),
        "drop_path": FloatRange(0.0, 0.3),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the patch stem and the stages."""
        drawn, total = 0, sum(self.blocks)
        for stage, blocks in enumerate(self.blocks, start=1):
            x = self._shrink(x, stage)
            for block in range(1, blocks + 1):
                rate = self.drop_path * drawn / max(1, total - 1)
                x = self._block(x, rate, f"stage{stage}_block{block}")
                drawn += 1
            x = _layers.tap(x, stage)
        return x

    def _shrink(self, x: Tensor, stage: int) -> Tensor:
        if stage == 1:
            return _layers.layer_norm(_nd.conv(x, self.width, 4, "stem_conv", stride=4, padding="valid"), "stem_norm")
        name = f"stage{stage}_downsample"
        x = _layers.layer_norm(x, f"{name}_norm")
        return _nd.conv(x, self.width * 2 ** (stage - 1), 2, name, stride=2, padding="valid")

    def _block(self, x: Tensor, rate: float, name: str) -> Tensor:
        shortcut, filters = x, _nd.channels_of(x)
        x = _layers.layer_norm(_nd.depthwise(x, self.kernel, f"{name}_depthwise"), f"{name}_norm")
        x = _layers.activation(_layers.dense(x, 4 * filters, f"{name}_expand"), "gelu", f"{name}_gelu")
        x = _layers.dense(x, filters, f"{name}_project")
        x = _layers.layer_scale(x, self.scale, f"{name}_scale") if self.scale else x
        return _layers.add([shortcut, _layers.drop_path(x, rate, f"{name}_drop")], f"{name}_add")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw pooling, normalisation and classifier."""
        x = _layers.layer_norm(_nd.global_pool(x, "Average", "head_pool"), "head_norm")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs)
