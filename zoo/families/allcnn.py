"""The All Convolutional Net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import CIFAR10, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange, IntRange


@dataclass(frozen=True)
class AllCNN(Architecture):
    """Nothing but convolutions: strides in place of pooling, class maps averaged at the end.

    Parameters
    ----------
    width : int
        Filters of the first stage; the second and third have twice as many.
    input_dropout : float
        Rate on the grid itself.
    dropout : float
        Rate after each strided convolution.
    """

    dropout: float = 0.5
    input_dropout: float = 0.2
    width: int = 96

    title: ClassVar[str] = "All-CNN"
    reference: ClassVar[Reference] = Reference(
        "Striving for simplicity: the all convolutional net",
        "Springenberg, Dosovitskiy, Brox, Riedmiller",
        2015,
        "arXiv:1412.6806",
    )
    native: ClassVar[Native] = CIFAR10
    variants: ClassVar[Mapping[str, Variant]] = {
        "allcnn": Variant("All-CNN-C, table 2: 1,369,738 parameters at 32×32×3, 10 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": IntRange(16, 96, step=16),
        "input_dropout": FloatRange(0.0, 0.3),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the two strided stages and the last one, unpadded as in the paper."""
        x = _layers.dropout(x, self.input_dropout, "input_dropout")
        for stage, filters in ((1, self.width), (2, 2 * self.width)):
            for number, stride in ((1, 1), (2, 1), (3, 2)):
                x = self._conv(x, filters, 3, f"stage{stage}_conv{number}", stride)
            x = _layers.tap(_layers.dropout(x, self.dropout, f"stage{stage}_dropout"), stage)
        x = self._conv(x, 2 * self.width, 3, "stage3_conv1", padding="valid")
        return _layers.tap(self._conv(x, 2 * self.width, 1, "stage3_conv2"), 3)

    def _conv(self, x: Tensor, filters: int, kernel: int, name: str, stride: int = 1, padding: str = "same") -> Tensor:
        x = _nd.conv(x, filters, kernel, name, stride=stride, padding=padding)
        return _layers.activation(x, "relu", f"{name}_relu")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw one map a class and average it."""
        x = self._conv(x, outputs, 1, "head_conv")
        return _nd.mean_logits(x)
