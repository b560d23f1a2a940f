"""AlexNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, FloatRange


@dataclass(frozen=True)
class AlexNet(Architecture):
    """Five convolutions, three of them pooled, and two wide dense layers.

    Local response normalisation, which has no parameters and did not last, is left out.

    Parameters
    ----------
    filters : tuple of int
        Filters of the five convolutions.
    width : float
        Factor on filters and units.
    units : int
        Units of the two dense layers before the last.
    groups : int
        Groups of the second, fourth and fifth convolution: 2 for two GPUs.
    padding : str
        Of the first convolution: none at 227×227, "same" at 224×224.
    """

    dropout: float = 0.5
    filters: tuple[int, ...] = (96, 256, 384, 384, 256)
    width: float = 1.0
    units: int = 4096
    groups: int = 1
    padding: str = "valid"

    title: ClassVar[str] = "AlexNet"
    reference: ClassVar[Reference] = Reference(
        "ImageNet classification with deep convolutional neural networks",
        "Krizhevsky, Sutskever, Hinton",
        2012,
        "doi:10.1145/3065386",
    )
    native: ClassVar[Native] = Native((227, 227, 3), 1000)
    variants: ClassVar[Mapping[str, Variant]] = {
        "alexnet": Variant(
            "one tower of arXiv:1404.5997 for 224×224, parameters as torchvision",
            {"filters": (64, 192, 384, 256, 256), "padding": "same"},
            IMAGENET,
        ),
        "alexnet-2012": Variant("figure 2, two groups, for 227×227", {"groups": 2}),
        "alexnet-2012-one-tower": Variant("figure 2 without groups, for 227×227"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.125, 1.0, log=True),
        "units": Choice((64, 256, 1024, 4096)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the convolutions; a stage ends with each pooling."""
        first, second, *others, last = (max(2, round(count * self.width / 2) * 2) for count in self.filters)
        x = self._conv(x, first, 11, "stage1_conv1", stride=4, padding=self.padding)
        x = self._pool(x, 1)
        x = self._pool(self._conv(x, second, 5, "stage2_conv1", groups=self.groups), 2)
        for number, filters in enumerate(others, start=1):
            x = self._conv(x, filters, 3, f"stage3_conv{number}", groups=1 if number == 1 else self.groups)
        return self._pool(self._conv(x, last, 3, "stage3_conv3", groups=self.groups), 3)

    def _conv(
        self,
        x: Tensor,
        filters: int,
        kernel: int,
        name: str,
        *,
        stride: int = 1,
        padding: str = "same",
        groups: int = 1,
    ) -> Tensor:
        x = _nd.conv(x, filters, kernel, name, stride=stride, padding=padding, groups=groups)
        return _layers.activation(x, "relu", f"{name}_relu")

    def _pool(self, x: Tensor, stage: int) -> Tensor:
        return _layers.tap(_nd.pool(x, "Max", 3, f"stage{stage}_pool", stride=2), stage)

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layers, dropout before the two wide ones."""
        x = _layers.flatten(x, "head_flatten")
        for number in (1, 2):
            x = _layers.dropout(x, self.dropout, f"head_dropout{number}")
            x = _layers.dense(x, round(self.units * self.width), f"head_dense{number}", act="relu")
        return _layers.logits(x, outputs)
