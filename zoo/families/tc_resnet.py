"""TC-ResNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange, IntRange


@dataclass(frozen=True)
class TCResNet(Architecture):
    """Residual blocks along time; the frequencies are the channels.

    Parameters
    ----------
    filters : tuple of int
        Filters of the first convolution and of each block, at width 1; a block with
        more than the one before strides by two.
    width : float
        Factor on all filters.
    kernel : int
        Of the blocks.
    """

    dropout: float = 0.5
    filters: tuple[int, ...] = (16, 24, 32, 48)
    width: float = 1.0
    kernel: int = 9

    title: ClassVar[str] = "TC-ResNet"
    reference: ClassVar[Reference] = Reference(
        "Temporal convolution for real-time keyword spotting on mobile devices",
        "Choi, Seo, Shin, Byun, Kersner, Kim, Kim, Ha",
        2019,
        "arXiv:1904.03814",
    )
    native: ClassVar[Native] = Native((98, 40), 12)
    variants: ClassVar[Mapping[str, Variant]] = {
        "tc-resnet8": Variant("figure 2: 65,168 trainable parameters at 98×40, 12 classes"),
        "tc-resnet8-1.5": Variant("width 1.5", {"width": 1.5}),
        "tc-resnet14": Variant("figure 2", {"filters": (16, 24, 24, 32, 32, 48, 48)}),
        "tc-resnet14-1.5": Variant("width 1.5", {"filters": (16, 24, 24, 32, 32, 48, 48), "width": 1.5}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1,)
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.5, 2.0, step=0.5),
        "kernel": IntRange(3, 15, step=2),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the first convolution and the blocks, each a stage."""
        first, *others = (round(filters * self.width) for filters in self.filters)
        x = _nd.conv_norm_act(x, first, 3, "stem_conv", epsilon=1e-3)
        for stage, filters in enumerate(others, start=1):
            x = _layers.tap(self._block(x, filters, f"stage{stage}"), stage)
        return x

    def _block(self, x: Tensor, filters: int, name: str) -> Tensor:
        shortcut, stride = x, 1
        if _nd.channels_of(x) != filters:
            stride = 2
            shortcut = _nd.conv_norm_act(x, filters, 1, f"{name}_shortcut", stride=2, epsilon=1e-3)
        x = _nd.conv_norm_act(x, filters, self.kernel, f"{name}_conv1", stride=stride, epsilon=1e-3)
        x = _nd.conv_norm_act(x, filters, self.kernel, f"{name}_conv2", act="linear", epsilon=1e-3)
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the classifier, which has no bias."""
        x = _layers.dropout(_nd.global_pool(x, "Average", "head_pool"), self.dropout, "head_dropout")
        return _layers.logits(x, outputs, bias=False)
