"""ResNet for time series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.families.ts_fcn import WANG
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class TimeSeriesResNet(Architecture):
    """Three residual blocks of three convolutions each, at full resolution.

    Parameters
    ----------
    width : int
        Filters of the first block; the other two have twice as many.
    blocks : int
    kernels : tuple of int
        Kernels of the convolutions in a block.
    """

    width: int = 64
    blocks: int = 3
    kernels: tuple[int, ...] = (8, 5, 3)

    title: ClassVar[str] = "ResNet (series)"
    reference: ClassVar[Reference] = WANG
    native: ClassVar[Native] = Native((150, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "ts-resnet": Variant("figure 1(c) as dl-4-tsc: 504,258 trainable parameters on one channel, 2 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(16, 64, step=16), "blocks": IntRange(1, 3)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the blocks, each a stage."""
        for stage in range(1, self.blocks + 1):
            filters = self.width if stage == 1 else 2 * self.width
            x = _layers.tap(self._block(x, filters, f"stage{stage}"), stage)
        return x

    def _block(self, x: Tensor, filters: int, name: str) -> Tensor:
        shortcut = x
        if _nd.channels_of(x) != filters:
            shortcut = _nd.conv(x, filters, 1, f"{name}_shortcut")
        shortcut = _layers.norm(shortcut, f"{name}_shortcut_norm", epsilon=1e-3)
        for number, kernel in enumerate(self.kernels, start=1):
            act = "linear" if number == len(self.kernels) else "relu"
            x = _nd.conv_norm_act(x, filters, kernel, f"{name}_conv{number}", act=act, bias=True, epsilon=1e-3)
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")
