"""MobileNetV3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import Inverted, divisible
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Tables 1 and 2 of the paper: kernel, expanded channels, filters, squeeze-and-excitation, activation, stride.
RE, HS = "relu", "hard_silu"
LARGE = (
    ((3, 16, 16, False, RE, 1),),
    ((3, 64, 24, False, RE, 2), (3, 72, 24, False, RE, 1)),
    ((5, 72, 40, True, RE, 2), (5, 120, 40, True, RE, 1), (5, 120, 40, True, RE, 1)),
    (
        (3, 240, 80, False, HS, 2),
        (3, 200, 80, False, HS, 1),
        (3, 184, 80, False, HS, 1),
        (3, 184, 80, False, HS, 1),
        (3, 480, 112, True, HS, 1),
        (3, 672, 112, True, HS, 1),
    ),
    ((5, 672, 160, True, HS, 2), (5, 960, 160, True, HS, 1), (5, 960, 160, True, HS, 1)),
)
SMALL = (
    ((3, 16, 16, True, RE, 2),),
    ((3, 72, 24, False, RE, 2), (3, 88, 24, False, RE, 1)),
    (
        (5, 96, 40, True, HS, 2),
        (5, 240, 40, True, HS, 1),
        (5, 240, 40, True, HS, 1),
        (5, 120, 48, True, HS, 1),
        (5, 144, 48, True, HS, 1),
    ),
    ((5, 288, 96, True, HS, 2), (5, 576, 96, True, HS, 1), (5, 576, 96, True, HS, 1)),
)


@dataclass(frozen=True)
class MobileNetV3(Architecture):
    """Inverted residuals found by search, with squeeze-and-excitation and hard swish.

    Parameters
    ----------
    large : bool
        Table 1 or table 2 of the paper.
    width : float
        Factor on all filters; the last layer before the classifier only grows.
    """

    dropout: float = 0.2
    large: bool = True
    width: float = 1.0

    title: ClassVar[str] = "MobileNetV3"
    reference: ClassVar[Reference] = Reference("Searching for MobileNetV3", "Howard et al.", 2019, "arXiv:1905.02244")
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "mobilenet-v3-large": Variant("table 1; as keras.applications"),
        "mobilenet-v3-large-075": Variant("table 1, width 0.75", {"width": 0.75}),
        "mobilenet-v3-small": Variant("table 2; as keras.applications", {"large": False}),
        "mobilenet-v3-small-075": Variant("table 2, width 0.75", {"large": False, "width": 0.75}),
        "mobilenet-v3-small-050": Variant("table 2, width 0.5", {"large": False, "width": 0.5}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"width": FloatRange(0.25, 1.0, step=0.25)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last 1×1 convolution."""
        x = _nd.conv_norm_act(x, 16, 3, "stem_conv", act=HS, stride=2, epsilon=1e-3)
        previous = 16  # channels at width 1: the tables give expansions for it
        for stage, blocks in enumerate(LARGE if self.large else SMALL, start=1):
            for number, (kernel, expanded, filters, squeeze, act, stride) in enumerate(blocks, start=1):
                inside = divisible(_nd.channels_of(x) * expanded / previous)
                design = Inverted(
                    inside, divisible(filters * self.width), kernel, stride, act,
                    squeeze=divisible(inside / 4) if squeeze else 0, gate="hard_sigmoid",
                )  # fmt: skip
                x = design.draw(x, f"stage{stage}_block{number}")
                previous = filters
            x = _layers.tap(x, stage)
        return _nd.conv_norm_act(x, divisible(6 * _nd.channels_of(x)), 1, "head_conv1", act=HS, epsilon=1e-3)

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the pooling, which comes before the widest layer."""
        units = divisible((1280 if self.large else 1024) * max(1.0, self.width))
        x = _nd.global_pool(x, "Average", "head_pool")
        x = _layers.activation(_layers.dense(x, units, "head_dense"), HS, f"head_{HS}")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs)
