"""MatchboxNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class MatchboxNet(Architecture):
    """Residual blocks of separable convolutions along time; MFCCs are the channels.

    Parameters
    ----------
    blocks : int
        Residual blocks, of kernel 13, 15, 17, …
    layers : int
        Separable convolutions of a block.
    width : int
        Channels of the blocks; twice as many before and after them.
    """

    blocks: int = 3
    layers: int = 1
    width: int = 64

    title: ClassVar[str] = "MatchboxNet"
    reference: ClassVar[Reference] = Reference(
        "MatchboxNet: 1D time-channel separable convolutional neural network architecture for speech commands "
        "recognition",
        "Majumdar, Ginsburg",
        2020,
        "arXiv:2004.08531",
    )
    native: ClassVar[Native] = Native((128, 64), 30)
    variants: ClassVar[Mapping[str, Variant]] = {
        "matchboxnet-3x1x64": Variant("table 1: 77,214 trainable parameters at 128×64, 30 classes"),
        "matchboxnet-3x2x64": Variant("table 1", {"layers": 2}),
        "matchboxnet-6x2x64": Variant("table 1", {"blocks": 6, "layers": 2}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1,)
    search: ClassVar[Mapping[str, Dimension]] = {
        "blocks": IntRange(1, 6),
        "layers": IntRange(1, 2),
        "width": Choice((32, 64, 112)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the prologue, the blocks and the epilogue."""
        x = self._separable(x, 2 * self.width, 11, "stem_conv", stride=2)
        for stage in range(1, self.blocks + 1):
            x = _layers.tap(self._block(x, 11 + 2 * stage, f"stage{stage}"), stage)
        x = self._separable(x, 2 * self.width, 29, "epilogue_conv1", dilation=2)
        return _nd.conv_norm_act(x, 2 * self.width, 1, "epilogue_conv2")

    def _separable(
        self, x: Tensor, filters: int, kernel: int, name: str, stride: int = 1, dilation: int = 1, act: str = "relu"
    ) -> Tensor:
        x = _nd.depthwise(x, kernel, f"{name}_depthwise", stride=stride, dilation=dilation, bias=False)
        return _nd.conv_norm_act(x, filters, 1, name, act=act)

    def _block(self, x: Tensor, kernel: int, name: str) -> Tensor:
        shortcut = _nd.conv_norm_act(x, self.width, 1, f"{name}_shortcut", act="linear")
        for layer in range(1, self.layers + 1):
            act = "linear" if layer == self.layers else "relu"
            x = self._separable(x, self.width, kernel, f"{name}_conv{layer}", act=act)
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw one map a class and average it."""
        x = _nd.conv(_layers.dropout(x, self.dropout, "head_dropout"), outputs, 1, "head_conv")
        return _nd.mean_logits(x)
