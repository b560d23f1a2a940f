"""XceptionTime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange

MODULES = 4  # each has twice the filters of the one before it


@dataclass(frozen=True)
class XceptionTime(Architecture):
    """Separable convolutions of three lengths side by side, in two residual pairs.

    Parameters
    ----------
    filters : int
        Of each of the four branches of the first module.
    kernel : int
        Longest kernel; the other two are a half and a quarter of it, all made odd.
    cells : int
        Cells an axis is averaged down to before the classifier, which has no dense layer.
    """

    filters: int = 16
    kernel: int = 40
    cells: int = 50

    title: ClassVar[str] = "XceptionTime"
    reference: ClassVar[Reference] = Reference(
        "XceptionTime: a novel deep architecture based on depthwise separable convolutions for hand gesture "
        "classification",
        "Rahimian, Zabihi, Atashzar, Asif, Mohammadi",
        2019,
        "arXiv:1911.03803",
    )
    native: ClassVar[Native] = Native((200, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "xceptiontime": Variant("figure 1 as tsai: 399,220 trainable parameters on one channel, 2 classes"),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)
    search: ClassVar[Mapping[str, Dimension]] = {
        "filters": IntRange(4, 16, step=4),
        "kernel": IntRange(8, 40, step=8),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the modules; a stage ends with each shortcut."""
        shortcut = x
        for module in range(MODULES):
            x = self._module(x, self.filters * 2**module, f"module{module + 1}")
            if module % 2:
                stage = (module + 1) // 2
                name = f"stage{stage}_shortcut"
                shortcut = _nd.conv_norm_act(shortcut, _nd.channels_of(x), 1, name, act="linear")
                x = _layers.activation(_layers.add([x, shortcut], f"stage{stage}_add"), "relu", f"stage{stage}_relu")
                x = shortcut = _layers.tap(x, stage)
        return x

    def _module(self, x: Tensor, filters: int, name: str) -> Tensor:
        narrow = _nd.conv(x, filters, 1, f"{name}_bottleneck", bias=False)
        sides = []
        for divisor in (1, 2, 4):
            kernel = (self.kernel // divisor - 1) // 2 * 2 + 1
            side = _nd.depthwise(narrow, kernel, f"{name}_depthwise{divisor}", bias=False)
            sides.append(_nd.conv(side, filters, 1, f"{name}_conv{divisor}", bias=False))
        pooled = _nd.pool(x, "Max", 3, f"{name}_pool", stride=1, padding="same")
        sides.append(_nd.conv(pooled, filters, 1, f"{name}_pool_conv", bias=False))
        return _layers.concat(sides, f"{name}_concat")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the classifier of three convolutions over one cell; its last ReLU is the implementation's."""
        x = _nd.average_to(x, self.cells, "head_average")
        channels = _nd.channels_of(x)
        x = _nd.conv_norm_act(x, channels // 2, 1, "head_conv1")
        x = _nd.conv_norm_act(x, channels // 4, 1, "head_conv2")
        x = _layers.dropout(x, self.dropout, "head_dropout")
        return _nd.mean_logits(_nd.conv_norm_act(x, outputs, 1, "head_conv3"))
