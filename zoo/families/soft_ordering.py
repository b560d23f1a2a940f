"""Soft-ordering 1-D CNN for tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class SoftOrdering(Architecture):
    """A dense layer orders the columns as it likes; 1-D convolutions read that order.

    Weight normalisation, which the original uses in training, is left out.

    Parameters
    ----------
    length : int
        Cells of the learned order.
    channels : int
        Channels of the learned order.
    width : int
        Channels of the convolutions.
    multiplier : int
        Filters that the first convolution has for each channel.
    input_dropout, hidden_dropout, dropout : float
        Rates on the columns, between the convolutions, and before the last layer.
    """

    dropout: float = 0.2
    input_dropout: float = 0.2
    hidden_dropout: float = 0.2
    length: int = 32
    channels: int = 16
    width: int = 32
    multiplier: int = 2

    title: ClassVar[str] = "Soft-ordering 1-D CNN"
    reference: ClassVar[Reference] = Reference(
        "Mechanisms of action prediction, second place; as in TabZilla (McElfresh et al. 2023)",
        "baosenguo",
        2020,
        "arXiv:2305.02997",
    )
    native: ClassVar[Native] = Native((13, 1), 3)
    variants: ClassVar[Mapping[str, Variant]] = {
        "soft-ordering": Variant("as TabZilla, without weight-norm gains: 14,650 parameters on 13 columns, 3 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "length": Choice((16, 32, 64)),
        "channels": IntRange(8, 32, step=8),
        "width": Choice((16, 32, 64)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the ordering and the four convolutions."""
        x = _layers.norm(_layers.flatten(x, "flatten"), "columns_norm")
        x = _layers.dropout(x, self.input_dropout, "columns_dropout")
        x = _layers.dense(x, self.length * self.channels, "ordering", act="celu", bias=False)
        x = _layers.norm(_layers.reshape(x, (self.length, self.channels), "order"), "order_norm")
        x = _nd.depthwise(x, 5, "stage1_conv", multiplier=self.multiplier, bias=False)
        x = _layers.tap(_nd.pool(_layers.activation(x, "relu", "stage1_relu"), "Average", 2, "stage1_pool"), 1)
        shortcut = x = self._conv(x, "stage2_conv1")
        x = self._conv(x, "stage2_conv2")
        x = _nd.depthwise(_layers.norm(x, "stage2_conv3_norm"), 5, "stage2_conv3", bias=False)
        x = _layers.activation(_layers.add([x, shortcut], "stage2_add"), "relu", "stage2_relu")
        return _layers.tap(_nd.pool(x, "Average", 4, "stage2_pool", stride=2, padding="same"), 2)

    def _conv(self, x: Tensor, name: str) -> Tensor:
        x = _layers.dropout(_layers.norm(x, f"{name}_norm"), self.hidden_dropout, f"{name}_dropout")
        return _layers.activation(_nd.conv(x, self.width, 3, name, bias=False), "relu", f"{name}_relu")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the normalised classifier."""
        x = _layers.norm(_layers.flatten(x, "head_flatten"), "head_norm")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs, bias=False)
