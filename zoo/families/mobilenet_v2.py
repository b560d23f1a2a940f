"""MobileNetV2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import Inverted, divisible
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Table 2 of the paper: expansion, filters, blocks and stride; a stage ends where the next one strides.
STAGES = (
    ((1, 16, 1, 1),),
    ((6, 24, 2, 2),),
    ((6, 32, 3, 2),),
    ((6, 64, 4, 2), (6, 96, 3, 1)),
    ((6, 160, 3, 2), (6, 320, 1, 1)),
)


@dataclass(frozen=True)
class MobileNetV2(Architecture):
    """Inverted residuals with linear bottlenecks.

    Parameters
    ----------
    width : float
        Factor on all filters; the last 1,280 only grow.
    """

    dropout: float = 0.0
    width: float = 1.0

    title: ClassVar[str] = "MobileNetV2"
    reference: ClassVar[Reference] = Reference(
        "MobileNetV2: inverted residuals and linear bottlenecks",
        "Sandler, Howard, Zhu, Zhmoginov, Chen",
        2018,
        "arXiv:1801.04381",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "mobilenet-v2": Variant("table 2; as keras.applications and torchvision"),
        "mobilenet-v2-050": Variant("table 2, width 0.5", {"width": 0.5}),
        "mobilenet-v2-140": Variant("table 4, width 1.4", {"width": 1.4}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"width": FloatRange(0.25, 1.0, step=0.25)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last 1×1 convolution."""
        x = _nd.conv_norm_act(x, divisible(32 * self.width), 3, "stem_conv", act="relu6", stride=2, epsilon=1e-3)
        for stage, rows in enumerate(STAGES, start=1):
            for row, (expansion, filters, blocks, stride) in enumerate(rows, start=1):
                for block in range(1, blocks + 1):
                    expanded = expansion * _nd.channels_of(x)
                    step = stride if block == 1 else 1
                    design = Inverted(expanded, divisible(filters * self.width), 3, step, "relu6")
                    x = design.draw(x, f"stage{stage}_row{row}_block{block}")
            x = _layers.tap(x, stage)
        last = divisible(1280 * max(1.0, self.width))
        return _nd.conv_norm_act(x, last, 1, "head_conv", act="relu6", epsilon=1e-3)
