"""EfficientNetV2."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import Inverted, nearest
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Blocks, stride, expansion, filters and whether blocks are fused; B0 is the appendix's scale for comparison,
# S is table 4 of the paper, M and L come with its code.
Row = tuple[int, int, int, int, bool]
STAGES: dict[str, tuple[Row, ...]] = {
    "b": (
        (1, 1, 1, 16, True),
        (2, 2, 4, 32, True),
        (2, 2, 4, 48, True),
        (3, 2, 4, 96, False),
        (5, 1, 6, 112, False),
        (8, 2, 6, 192, False),
    ),
    "s": (
        (2, 1, 1, 24, True),
        (4, 2, 4, 48, True),
        (4, 2, 4, 64, True),
        (6, 2, 4, 128, False),
        (9, 1, 6, 160, False),
        (15, 2, 6, 256, False),
    ),
    "m": (
        (3, 1, 1, 24, True),
        (5, 2, 4, 48, True),
        (5, 2, 4, 80, True),
        (7, 2, 4, 160, False),
        (14, 1, 6, 176, False),
        (18, 2, 6, 304, False),
        (5, 1, 6, 512, False),
    ),
    "l": (
        (4, 1, 1, 32, True),
        (7, 2, 4, 64, True),
        (7, 2, 4, 96, True),
        (10, 2, 4, 192, False),
        (19, 1, 6, 224, False),
        (25, 2, 6, 384, False),
        (7, 1, 6, 640, False),
    ),
}
STEM = {"b": 32, "s": 24, "m": 24, "l": 32}
# Width, depth and side of the picture of B0 to B3; the side of S, M and L.
SCALES = ((1.0, 1.0, 224), (1.0, 1.1, 240), (1.1, 1.2, 260), (1.2, 1.4, 300))
SIDES = {"s": 384, "m": 480, "l": 480}


@dataclass(frozen=True)
class EfficientNetV2(Architecture):
    """Inverted residuals, the early ones fused into one 3×3 convolution.

    Parameters
    ----------
    table : {"b", "s", "m", "l"}
        Which table of blocks.
    width, depth : float
        Factors on filters and on blocks.
    drop_path : float
        Rate at which the last block is dropped; earlier blocks proportionally less.
    """

    dropout: float = 0.2
    table: str = "b"
    width: float = 1.0
    depth: float = 1.0
    drop_path: float = 0.2

    title: ClassVar[str] = "EfficientNetV2"
    reference: ClassVar[Reference] = Reference(
        "EfficientNetV2: smaller models and faster training", "Tan, Le", 2021, "arXiv:2104.00298"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"efficientnet-v2-b{number}": Variant(
            f"B{number} as keras.applications, without its input scaling",
            {"width": width, "depth": depth},
            Native((side, side, 3), 1000),
        )
        for number, (width, depth, side) in enumerate(SCALES)
    } | {
        f"efficientnet-v2-{table}": Variant(
            f"{table.upper()} as keras.applications, without its input scaling",
            {"table": table},
            Native((side, side, 3), 1000),
        )
        for table, side in SIDES.items()
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.25, 1.0, step=0.25),
        "depth": FloatRange(0.25, 1.0, step=0.25),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last 1×1 convolution."""
        rows = STAGES[self.table]
        stem = nearest(STEM[self.table] * self.width)
        x = _nd.conv_norm_act(x, stem, 3, "stem_conv", act="silu", stride=2, epsilon=1e-3)
        total = sum(math.ceil(row[0] * self.depth) for row in rows)
        drawn = 0
        for stage, (blocks, stride, expansion, filters, fused) in enumerate(rows, start=1):
            for block in range(1, math.ceil(blocks * self.depth) + 1):
                channels = _nd.channels_of(x)
                design = Inverted(
                    expansion * channels, nearest(filters * self.width), 3, stride if block == 1 else 1,
                    "silu", squeeze=0 if fused else max(1, channels // 4), squeeze_act="silu",
                    drop=self.drop_path * drawn / total,
                )  # fmt: skip
                name = f"stage{stage}_block{block}"
                x = design.draw_fused(x, name) if fused else design.draw(x, name)
                drawn += 1
            x = _layers.tap(x, stage)
        return _nd.conv_norm_act(x, nearest(1280 * self.width), 1, "head_conv", act="silu", epsilon=1e-3)
