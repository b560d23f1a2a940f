"""EfficientNet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import Inverted, divisible
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Table 1 of the paper: expansion, kernel, filters, blocks and stride, by stage.
STAGES = (
    ((1, 3, 16, 1, 1),),
    ((6, 3, 24, 2, 2),),
    ((6, 5, 40, 2, 2),),
    ((6, 3, 80, 3, 2), (6, 5, 112, 3, 1)),
    ((6, 5, 192, 4, 2), (6, 3, 320, 1, 1)),
)
# Width, depth, side of the picture and dropout of B0 to B7, as published with the code.
SCALES = (
    (1.0, 1.0, 224, 0.2),
    (1.0, 1.1, 240, 0.2),
    (1.1, 1.2, 260, 0.3),
    (1.2, 1.4, 300, 0.3),
    (1.4, 1.8, 380, 0.4),
    (1.6, 2.2, 456, 0.4),
    (1.8, 2.6, 528, 0.5),
    (2.0, 3.1, 600, 0.5),
)


@dataclass(frozen=True)
class EfficientNet(Architecture):
    """Inverted residuals whose width and depth grow together.

    Parameters
    ----------
    width, depth : float
        Factors on filters and on blocks.
    drop_path : float
        Rate at which the last block is dropped; earlier blocks proportionally less.
    """

    dropout: float = 0.2
    width: float = 1.0
    depth: float = 1.0
    drop_path: float = 0.2

    title: ClassVar[str] = "EfficientNet"
    reference: ClassVar[Reference] = Reference(
        "EfficientNet: rethinking model scaling for convolutional neural networks", "Tan, Le", 2019, "arXiv:1905.11946"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"efficientnet-b{number}": Variant(
            f"B{number} as keras.applications, without its input scaling",
            {"width": width, "depth": depth, "dropout": dropout},
            Native((side, side, 3), 1000),
        )
        for number, (width, depth, side, dropout) in enumerate(SCALES)
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.25, 1.0, step=0.25),
        "depth": FloatRange(0.25, 1.0, step=0.25),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last 1×1 convolution."""
        x = _nd.conv_norm_act(x, divisible(32 * self.width), 3, "stem_conv", act="silu", stride=2, epsilon=1e-3)
        total = sum(math.ceil(row[3] * self.depth) for rows in STAGES for row in rows)
        drawn = 0
        for stage, rows in enumerate(STAGES, start=1):
            for row, (expansion, kernel, filters, blocks, stride) in enumerate(rows, start=1):
                for block in range(1, math.ceil(blocks * self.depth) + 1):
                    channels = _nd.channels_of(x)
                    design = Inverted(
                        expansion * channels, divisible(filters * self.width), kernel, stride if block == 1 else 1,
                        "silu", squeeze=max(1, channels // 4), squeeze_act="silu", drop=self.drop_path * drawn / total,
                    )  # fmt: skip
                    x = design.draw(x, f"stage{stage}_row{row}_block{block}")
                    drawn += 1
            x = _layers.tap(x, stage)
        return _nd.conv_norm_act(x, divisible(1280 * self.width), 1, "head_conv", act="silu", epsilon=1e-3)
