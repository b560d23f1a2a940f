"""The networks of deep Q-learning: convolutions with strides and no pooling, one dense layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, FloatRange


@dataclass(frozen=True)
class Atari(Architecture):
    """Convolutions without padding or pooling, then a dense layer that sees each cell at its place.

    Parameters
    ----------
    layers : tuple of (int, int, int)
        Filters, kernel and stride of each convolution.
    units : int
        Units of the dense layer.
    width : float
        Factor on filters and units.
    """

    layers: tuple[tuple[int, int, int], ...] = ((32, 8, 4), (64, 4, 2), (64, 3, 1))
    units: int = 512
    width: float = 1.0

    title: ClassVar[str] = "Deep Q-network"
    reference: ClassVar[Reference] = Reference(
        "Human-level control through deep reinforcement learning",
        "Mnih, Kavukcuoglu, Silver et al.",
        2015,
        "doi:10.1038/nature14236",
    )
    native: ClassVar[Native] = Native((84, 84, 4), 18)
    variants: ClassVar[Mapping[str, Variant]] = {
        "dqn": Variant("methods, model architecture: four frames of 84×84, 18 actions"),
        "dqn-2013": Variant(
            "section 4.1 of arXiv:1312.5602: the first network of the kind",
            {"layers": ((16, 8, 4), (32, 4, 2)), "units": 256},
        ),
        "dqn-minatar": Variant(
            "section 3 of Young and Tian (2019), arXiv:1903.03176: one layer for boards of 10×10",
            {"layers": ((16, 3, 1),), "units": 128},
            Native((10, 10, 4), 6),
        ),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.25, 2.0, log=True),
        "units": Choice((64, 128, 256, 512)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the convolutions, each a stage."""
        for stage, (filters, kernel, stride) in enumerate(self.layers, start=1):
            name = f"stage{stage}_conv"
            x = _nd.conv(x, round(filters * self.width), kernel, name, stride=stride, padding="valid")
            x = _layers.tap(_layers.activation(x, "relu", f"stage{stage}_relu"), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layer and the outputs."""
        x = _layers.dense(_layers.flatten(x, "head_flatten"), round(self.units * self.width), "head_dense", act="relu")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs)
