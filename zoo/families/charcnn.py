"""Character-level CNN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class CharCNN(Architecture):
    """Six convolutions on one-hot characters, three dense layers.

    Parameters
    ----------
    filters : int
        Of every convolution.
    units : int
        Of the two dense layers before the last.
    """

    dropout: float = 0.5
    filters: int = 256
    units: int = 1024

    title: ClassVar[str] = "CharCNN"
    reference: ClassVar[Reference] = Reference(
        "Character-level convolutional networks for text classification", "Zhang, Zhao, LeCun", 2015, "arXiv:1509.01626"
    )
    native: ClassVar[Native] = Native((1014, 70), 4)
    variants: ClassVar[Mapping[str, Variant]] = {
        "charcnn-small": Variant("tables 1 and 2, small: 11,339,780 parameters at 1014×70, 4 classes"),
        "charcnn-large": Variant("tables 1 and 2, large", {"filters": 1024, "units": 2048}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "filters": IntRange(32, 256, step=32),
        "units": Choice((64, 256, 1024)),
    }

    def embed(self, ids: Tensor, vocabulary_size: int) -> Tensor:
        """Draw the one-hot code, which is not learned."""
        return _layers.one_hot(ids, vocabulary_size)

    def features(self, x: Tensor) -> Tensor:
        """Draw the convolutions; a stage ends with each pooling."""
        for stage, kernels in enumerate(((7,), (7,), (3, 3, 3, 3)), start=1):
            for layer, kernel in enumerate(kernels, start=1):
                name = f"stage{stage}_conv{layer}"
                x = _nd.conv(x, self.filters, kernel, name, padding="valid")
                x = _layers.activation(x, "relu", f"{name}_relu")
            x = _layers.tap(_nd.pool(x, "Max", 3, f"stage{stage}_pool"), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layers."""
        x = _layers.flatten(x, "head_flatten")
        for number in (1, 2):
            x = _layers.dense(x, self.units, f"head_dense{number}", act="relu")
            x = _layers.dropout(x, self.dropout, f"head_dropout{number}")
        return _layers.logits(x, outputs)
