"""InceptionTime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class InceptionTime(Architecture):
    """One network of InceptionTime, which is an ensemble of five.

    Parameters
    ----------
    depth : int
        Inception modules; a shortcut joins every third.
    filters : int
        Of each of the four branches of a module.
    kernel : int
        Longest kernel; the other two are a half and a quarter of it.
    """

    depth: int = 6
    filters: int = 32
    kernel: int = 40

    title: ClassVar[str] = "InceptionTime"
    reference: ClassVar[Reference] = Reference(
        "InceptionTime: finding AlexNet for time series classification",
        "Ismail Fawaz et al.",
        2020,
        "arXiv:1909.04939",
    )
    native: ClassVar[Native] = Native((150, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "inceptiontime": Variant("figures 1 and 2 as dl-4-tsc: 420,450 trainable parameters on one channel, 2 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "depth": IntRange(3, 9, step=3),
        "filters": IntRange(8, 32, step=8),
        "kernel": IntRange(8, 40, step=8),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the modules; a stage ends with each shortcut."""
        shortcut = x
        for module in range(1, self.depth + 1):
            x = self._module(x, f"module{module}")
            if module % 3 == 0:
                x = shortcut = _layers.tap(self._join(shortcut, x, f"module{module}"), module // 3)
        return x if self.depth % 3 == 0 else _layers.tap(x, self.depth // 3 + 1)

    def _module(self, x: Tensor, name: str) -> Tensor:
        wide = _nd.channels_of(x) > self.filters
        narrow = _nd.conv(x, self.filters, 1, f"{name}_bottleneck", bias=False) if wide else x
        lengths = (self.kernel, self.kernel // 2, self.kernel // 4)
        sides = [_nd.conv(narrow, self.filters, kernel, f"{name}_conv{kernel}", bias=False) for kernel in lengths]
        pooled = _nd.pool(x, "Max", 3, f"{name}_pool", stride=1, padding="same")
        sides.append(_nd.conv(pooled, self.filters, 1, f"{name}_pool_conv", bias=False))
        x = _layers.norm(_layers.concat(sides, f"{name}_concat"), f"{name}_norm", epsilon=1e-3)
        return _layers.activation(x, "relu", f"{name}_relu")

    def _join(self, shortcut: Tensor, x: Tensor, name: str) -> Tensor:
        shortcut = _nd.conv_norm_act(shortcut, _nd.channels_of(x), 1, f"{name}_shortcut", act="linear", epsilon=1e-3)
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_add_relu")
