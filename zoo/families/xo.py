"""The X or O network of a well-known explainer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class XO(Architecture):
    """Three 3×3 features, rectified and pooled twice; their cells vote.

    The printed maps are those of one convolution and two poolings, though the slides
    draw more. Neither features nor votes have a bias. Cells are flattened map by map.

    Parameters
    ----------
    maps : int
        Features of each convolution.
    convolutions : int
        Convolutions; each is rectified, and pooled once. One more pooling follows.
    """

    maps: int = 3
    convolutions: int = 1

    title: ClassVar[str] = "X or O"
    reference: ClassVar[Reference] = Reference(
        "How convolutional neural networks work", "Rohrer", 2016, "https://brohrer.github.io"
    )
    native: ClassVar[Native] = Native((9, 9, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "xo": Variant("the walkthrough on 9×9: 51 parameters, 2 classes"),
        "xo2": Variant("the same with a second convolution after the first pooling", {"convolutions": 2}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"maps": IntRange(2, 16), "convolutions": IntRange(1, 2)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the features; pooling rounds up, as in the walkthrough, down to 2×2 cells."""
        for stage in range(1, self.convolutions + 1):
            name = f"stage{stage}"
            x = _nd.conv(x, self.maps, 3, f"{name}_conv", padding="valid", bias=False)
            x = _layers.activation(x, "relu", f"{name}_relu")
            x = _layers.tap(_nd.pool(x, "Max", 2, f"{name}_pool", padding="same", keep=2), stage)
        x = _nd.pool(x, "Max", 2, f"stage{self.convolutions + 1}_pool", padding="same", keep=2)
        return _layers.tap(x, self.convolutions + 1)

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the votes."""
        rank = _nd.rank_of(x)
        x = _layers.permute(x, (rank + 1, *range(1, rank + 1)), "head_permute")
        x = _layers.dropout(_layers.flatten(x, "head_flatten"), self.dropout, "head_dropout")
        return _layers.logits(x, outputs, bias=False)
