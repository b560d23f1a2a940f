"""DS-CNN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class DSCNN(Architecture):
    """Depthwise separable convolutions on time × MFCC, for microcontrollers.

    Parameters
    ----------
    width : int
        Filters of every layer.
    blocks : int
        Separable convolutions.
    strides : tuple of tuple of int
        Strides of the first convolution and of the first block, time then frequency.
    """

    dropout: float = 0.2
    width: int = 64
    blocks: int = 4
    strides: tuple[tuple[int, ...], ...] = ((2, 2), (1, 1))

    title: ClassVar[str] = "DS-CNN"
    reference: ClassVar[Reference] = Reference(
        "Hello edge: keyword spotting on microcontrollers", "Zhang, Suda, Lai, Chandra", 2017, "arXiv:1711.07128"
    )
    native: ClassVar[Native] = Native((49, 10, 1), 12)
    variants: ClassVar[Mapping[str, Variant]] = {
        "ds-cnn-s": Variant("table 7: 23,756 trainable parameters, 12 classes"),
        "ds-cnn-m": Variant("table 7", {"width": 172, "strides": ((2, 1), (2, 2))}),
        "ds-cnn-l": Variant("table 7", {"width": 276, "blocks": 5, "strides": ((2, 1), (2, 2))}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(32, 128, step=16), "blocks": IntRange(1, 5)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the first convolution and the separable ones; biases as in the reference code."""
        first, second = self.strides
        x = _nd.conv_norm_act(x, self.width, (10, 4), "stem_conv", stride=first, bias=True, epsilon=1e-3)
        x = _layers.tap(x, 1)
        for block in range(1, self.blocks + 1):
            name = f"stage2_block{block}"
            x = _nd.depthwise(x, 3, f"{name}_depthwise", stride=second if block == 1 else 1)
            x = _layers.norm(x, f"{name}_depthwise_norm", epsilon=1e-3)
            x = _layers.activation(x, "relu", f"{name}_depthwise_relu")
            x = _nd.conv_norm_act(x, self.width, 1, f"{name}_pointwise", bias=True, epsilon=1e-3)
        return _layers.tap(x, 2)
