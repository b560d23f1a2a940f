"""Time-CNN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange

SHORT = 60  # cells; shorter axes are padded, as in dl-4-tsc


@dataclass(frozen=True)
class TimeCNN(Architecture):
    """Two sigmoid convolutions with average pooling, and a dense layer on all that is left.

    Parameters
    ----------
    filters : tuple of int
        Filters of the convolutions.
    kernel, pool : int
    """

    filters: tuple[int, ...] = (6, 12)
    kernel: int = 7
    pool: int = 3
    activation: str = "sigmoid"

    title: ClassVar[str] = "Time-CNN"
    reference: ClassVar[Reference] = Reference(
        "Convolutional neural networks for time series classification",
        "Zhao, Lu, Chen, Liu, Wu",
        2017,
        "doi:10.21629/JSEE.2017.01.18",
    )
    native: ClassVar[Native] = Native((150, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "timecnn": Variant("section 3 as dl-4-tsc: 902 parameters at 150×1, 2 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "kernel": Choice((3, 5, 7, 9)),
        "pool": IntRange(2, 4),
        "activation": Choice(("sigmoid", "relu")),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the two stages."""
        padding = "valid" if max(_nd.lengths_of(x)) >= SHORT else "same"
        for stage, filters in enumerate(self.filters, start=1):
            name = f"stage{stage}"
            x = _nd.conv(x, filters, self.kernel, f"{name}_conv", padding=padding)
            x = _layers.activation(x, self.activation, f"{name}_{self.activation}")
            x = _layers.tap(_nd.pool(x, "Average", self.pool, f"{name}_pool", keep=1), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layer."""
        x = _layers.dropout(_layers.flatten(x, "head_flatten"), self.dropout, "head_dropout")
        return _layers.logits(x, outputs)
