"""SB-CNN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class SBCNN(Architecture):
    """Three 5×5 convolutions and two dense layers for environmental sounds.

    Parameters
    ----------
    width : int
        Filters of the first convolution; the other two have twice as many.
    pool : tuple of int
        Max pooling after the first two.
    units : int
        Units of the hidden dense layer.
    """

    dropout: float = 0.5
    width: int = 24
    kernel: int = 5
    pool: tuple[int, ...] = (4, 2)
    units: int = 64

    title: ClassVar[str] = "SB-CNN"
    reference: ClassVar[Reference] = Reference(
        "Deep convolutional neural networks and data augmentation for environmental sound classification",
        "Salamon, Bello",
        2017,
        "arXiv:1608.04363",
    )
    native: ClassVar[Native] = Native((128, 128, 1), 10)
    variants: ClassVar[Mapping[str, Variant]] = {
        "sb-cnn": Variant("section II-A: 241,434 parameters at 128×128×1, 10 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": IntRange(8, 32, step=8),
        "kernel": Choice((3, 5)),
        "units": Choice((32, 64, 128)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the convolutions; the paper's grid ends in 2 × 25 cells."""
        for stage, growth in ((1, 1), (2, 2), (3, 2)):
            name = f"stage{stage}"
            x = _nd.conv(x, growth * self.width, self.kernel, f"{name}_conv", padding="valid", keep=2)
            x = _nd.pool(x, "Max", self.pool, f"{name}_pool") if stage < 3 else x
            x = _layers.tap(_layers.activation(x, "relu", f"{name}_relu"), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layers, dropout before each."""
        x = _layers.dropout(_layers.flatten(x, "head_flatten"), self.dropout, "head_dropout1")
        x = _layers.dense(x, self.units, "head_dense", act="relu")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout2"), outputs)
