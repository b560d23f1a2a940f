"""ConvMixer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import CIFAR10, IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class ConvMixer(Architecture):
    """Patches, then depthwise and pointwise convolutions at one resolution.

    Parameters
    ----------
    width : int
        Channels throughout.
    depth : int
        Blocks.
    kernel, patch : int
        Of the depthwise convolutions; side of a patch.
    """

    width: int = 256
    depth: int = 8
    kernel: int = 5
    patch: int = 2

    title: ClassVar[str] = "ConvMixer"
    reference: ClassVar[Reference] = Reference(
        "Patches are all you need?", "Trockman, Kolter", 2022, "arXiv:2201.09792"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "convmixer-256-8": Variant("appendix, for CIFAR-10", native=CIFAR10),
        "convmixer-768-32": Variant("table 1", {"width": 768, "depth": 32, "kernel": 7, "patch": 7}),
        "convmixer-1536-20": Variant("table 1", {"width": 1536, "depth": 20, "kernel": 9, "patch": 7}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": IntRange(32, 256, step=32),
        "depth": IntRange(2, 8),
        "kernel": Choice((3, 5, 7, 9)),
        "patch": Choice((1, 2, 4)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the patch embedding and the blocks."""
        x = _nd.conv(x, self.width, self.patch, "stem_conv", stride=self.patch, padding="valid")
        x = _layers.tap(self._normed(x, "stem"), 1)
        for block in range(1, self.depth + 1):
            name = f"stage2_block{block}"
            mixed = self._normed(_nd.depthwise(x, self.kernel, f"{name}_depthwise"), f"{name}_depthwise")
            x = _layers.add([mixed, x], f"{name}_add")
            x = self._normed(_nd.conv(x, self.width, 1, f"{name}_pointwise"), f"{name}_pointwise")
        return _layers.tap(x, 2)

    def _normed(self, x: Tensor, name: str) -> Tensor:
        return _layers.norm(_layers.activation(x, "gelu", f"{name}_gelu"), f"{name}_norm")
