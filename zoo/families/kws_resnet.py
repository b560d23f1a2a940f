"""Residual networks for spotting keywords."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class KeywordResNet(Architecture):
    """3×3 convolutions with a shortcut every two, on time × frequency.

    Parameters
    ----------
    layers : int
        Convolutions after the first.
    width : int
        Filters of every convolution.
    pool : tuple of int
        Average pooling after the first convolution, time then frequency; 1 for none.
    dilated : bool
        Dilation 1, 1, 1, 2, 2, 2, 4, … in place of pooling.
    """

    layers: int = 6
    width: int = 45
    pool: tuple[int, ...] = (4, 3)
    dilated: bool = False

    title: ClassVar[str] = "ResNet (keywords)"
    reference: ClassVar[Reference] = Reference(
        "Deep residual learning for small-footprint keyword spotting", "Tang, Lin", 2018, "arXiv:1710.10361"
    )
    native: ClassVar[Native] = Native((101, 40, 1), 12)
    variants: ClassVar[Mapping[str, Variant]] = {
        "res8": Variant("table 2: 110,307 trainable parameters, 12 classes"),
        "res8-narrow": Variant("res8 with 19 filters", {"width": 19}),
        "res15": Variant("table 1", {"layers": 13, "pool": (1, 1), "dilated": True}),
        "res15-narrow": Variant("res15 with 19 filters", {"layers": 13, "pool": (1, 1), "dilated": True, "width": 19}),
        "res26": Variant("table 2", {"layers": 24, "pool": (2, 2)}),
        "res26-narrow": Variant("res26 with 19 filters", {"layers": 24, "pool": (2, 2), "width": 19}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "layers": IntRange(2, 12, step=2),
        "width": IntRange(16, 48, step=8),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw convolution, ReLU, sum and normalisation without scale, in this order, as Honk does."""
        x = self._conv(x, "stem_conv", 1)
        x = _layers.tap(_nd.pool(x, "Average", self.pool, "stem_pool"), 1)
        shortcut = x
        for layer in range(1, self.layers + 1):
            x = self._conv(x, f"conv{layer}", 2 ** ((layer - 1) // 3) if self.dilated else 1)
            if layer % 2 == 0:
                x = shortcut = _layers.add([x, shortcut], f"add{layer}")
            x = _layers.norm(x, f"conv{layer}_norm", center=False, scale=False)
        return _layers.tap(x, 2)

    def _conv(self, x: Tensor, name: str, dilation: int) -> Tensor:
        x = _nd.conv(x, self.width, 3, name, dilation=dilation, bias=False)
        return _layers.activation(x, "relu", f"{name}_relu")
