"""LeNet-5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, FloatRange


@dataclass(frozen=True)
class LeNet(Architecture):
    """Two convolutions with average pooling, then a small dense classifier.

    The common reading of the paper: C3 sees all maps of S2 (the paper leaves some
    out to save work), pooling has no weights, and the last layer is dense.

    Parameters
    ----------
    maps : tuple of int
        Feature maps of C1 and C3.
    width : float
        Factor on the maps and on the units of the classifier.
    units : tuple of int
        Units of C5 and F6.
    """

    maps: tuple[int, ...] = (6, 16)
    units: tuple[int, ...] = (120, 84)
    width: float = 1.0
    kernel: int = 5
    activation: str = "tanh"

    title: ClassVar[str] = "LeNet-5"
    reference: ClassVar[Reference] = Reference(
        "Gradient-based learning applied to document recognition",
        "LeCun, Bottou, Bengio, Haffner",
        1998,
        "doi:10.1109/5.726791",
    )
    native: ClassVar[Native] = Native((32, 32, 1), 10)
    variants: ClassVar[Mapping[str, Variant]] = {
        "lenet5": Variant("figure 2 with full C3: 61,706 parameters at 32×32×1, 10 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.5, 4.0, log=True),
        "kernel": Choice((3, 5, 7)),
        "activation": Choice(("tanh", "relu")),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw C1 to S4, a tap after each pooling."""
        for stage, maps in enumerate(self.maps, start=1):
            name = f"stage{stage}"
            x = _nd.conv(x, round(maps * self.width), self.kernel, f"{name}_conv", padding="valid")
            x = _layers.activation(x, self.activation, f"{name}_{self.activation}")
            x = _layers.tap(_nd.pool(x, "Average", 2, f"{name}_pool"), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw C5, F6 and the output layer."""
        x = _layers.flatten(x, "head_flatten")
        for number, units in enumerate(self.units, start=1):
            x = _layers.dense(x, round(units * self.width), f"head_dense{number}", act=self.activation)
        x = _layers.dropout(x, self.dropout, "head_dropout")
        return _layers.logits(x, outputs)
