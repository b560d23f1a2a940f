"""VGG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import CIFAR10, IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange

# Table 1 of the paper: convolutions in each of the five stages, columns A, B, D and E.
STAGES = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
GROWTH = (1, 2, 4, 8, 8)


@dataclass(frozen=True)
class VGG(Architecture):
    """Stages of 3×3 convolutions, each ended by 2×2 max pooling.

    Parameters
    ----------
    depth : int
        11, 13, 16 or 19 layers with weights.
    width : int
        Filters of the first stage; they double up to eight times as many.
    norm : bool
        Batch normalisation after each convolution.
    units : int
        Units of the two dense layers before the last; 0 for none.
    keep : int
        Cells that pooling leaves on an axis; 1 where the paper's grid ends in one.
    """

    dropout: float = 0.5
    depth: int = 16
    width: int = 64
    norm: bool = False
    units: int = 4096
    keep: int = 4

    title: ClassVar[str] = "VGG"
    reference: ClassVar[Reference] = Reference(
        "Very deep convolutional networks for large-scale image recognition",
        "Simonyan, Zisserman",
        2015,
        "arXiv:1409.1556",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "vgg11": Variant("table 1, column A", {"depth": 11}),
        "vgg13": Variant("table 1, column B", {"depth": 13}),
        "vgg16": Variant("table 1, column D; as keras.applications"),
        "vgg19": Variant("table 1, column E; as keras.applications", {"depth": 19}),
        "vgg11-bn": Variant("column A with batch normalisation, as torchvision", {"depth": 11, "norm": True}),
        "vgg13-bn": Variant("column B with batch normalisation, as torchvision", {"depth": 13, "norm": True}),
        "vgg16-bn": Variant("column D with batch normalisation, as torchvision", {"norm": True}),
        "vgg19-bn": Variant("column E with batch normalisation, as torchvision", {"depth": 19, "norm": True}),
    } | {
        f"vgg{depth}-cifar": Variant(
            "the usual form for 32×32: batch normalisation, one dense layer",
            {"depth": depth, "norm": True, "units": 0, "keep": 1, "dropout": 0.0},
            CIFAR10,
        )
        for depth in STAGES
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "depth": Choice((11, 13, 16, 19)),
        "width": IntRange(8, 64, step=8),
        "norm": Choice((False, True)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the five stages."""
        for stage, (layers, growth) in enumerate(zip(STAGES[self.depth], GROWTH, strict=True), start=1):
            for layer in range(1, layers + 1):
                name = f"stage{stage}_conv{layer}"
                x = _nd.conv(x, growth * self.width, 3, name)
                x = _layers.norm(x, f"{name}_norm") if self.norm else x
                x = _layers.activation(x, "relu", f"{name}_relu")
            x = _layers.tap(_nd.pool(x, "Max", 2, f"stage{stage}_pool", keep=self.keep), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layers."""
        x = _layers.flatten(x, "head_flatten")
        for number in (1, 2) if self.units else ():
            x = _layers.dense(x, self.units, f"head_dense{number}", act="relu")
            x = _layers.dropout(x, self.dropout, f"head_dropout{number}")
        x = x if self.units else _layers.dropout(x, self.dropout, "head_dropout")
        return _layers.logits(x, outputs)
