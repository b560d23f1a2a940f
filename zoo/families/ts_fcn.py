"""FCN for time series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange

WANG = Reference(
    "Time series classification from scratch with deep neural networks: a strong baseline",
    "Wang, Yan, Oates",
    2017,
    "arXiv:1611.06455",
)


@dataclass(frozen=True)
class FCN(Architecture):
    """Three normalised convolutions at full resolution, averaged over time.

    Parameters
    ----------
    width : int
        Filters of the first and last convolution; the middle one has twice as many.
    kernels : tuple of int
    """

    width: int = 128
    kernels: tuple[int, ...] = (8, 5, 3)

    title: ClassVar[str] = "FCN"
    reference: ClassVar[Reference] = WANG
    native: ClassVar[Native] = Native((150, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "fcn": Variant("figure 1(b): 264,962 trainable parameters on one channel, 2 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(16, 128, step=16)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the three convolutions, each a stage."""
        for stage, (kernel, growth) in enumerate(zip(self.kernels, (1, 2, 1), strict=True), start=1):
            x = _nd.conv_norm_act(x, growth * self.width, kernel, f"stage{stage}_conv", bias=True, epsilon=1e-3)
            x = _layers.tap(x, stage)
        return x
