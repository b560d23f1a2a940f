"""Temporal convolutional network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange, IntRange


@dataclass(frozen=True)
class TCN(Architecture):
    """Residual blocks of causal convolutions whose dilation doubles; the last cell decides.

    A cell sees itself and what comes before it, on every axis. Weight normalisation,
    which the authors' code uses in training, is left out.

    Parameters
    ----------
    levels : int
        Blocks, of dilation 1, 2, 4, …
    width : int
        Channels throughout.
    kernel : int
    block_dropout : float
        Rate after each convolution.
    """

    levels: int = 8
    width: int = 25
    kernel: int = 7
    block_dropout: float = 0.05

    title: ClassVar[str] = "TCN"
    reference: ClassVar[Reference] = Reference(
        "An empirical evaluation of generic convolutional and recurrent networks for sequence modeling",
        "Bai, Kolter, Koltun",
        2018,
        "arXiv:1803.01271",
    )
    native: ClassVar[Native] = Native((784, 1), 10)
    variants: ClassVar[Mapping[str, Variant]] = {
        "tcn": Variant("table 2, sequential MNIST: 66,510 parameters at 784×1, 10 classes, without weight-norm gains"),
        "tcn-adding": Variant("table 2, adding problem", {"width": 30, "block_dropout": 0.0}, Native((400, 2), 1)),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "levels": IntRange(2, 8),
        "width": IntRange(10, 100, step=15),
        "kernel": IntRange(3, 7, step=2),
        "block_dropout": FloatRange(0.0, 0.3),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the blocks, each a stage."""
        for stage in range(1, self.levels + 1):
            x = _layers.tap(self._block(x, 2 ** (stage - 1), f"stage{stage}"), stage)
        return x

    def _block(self, x: Tensor, dilation: int, name: str) -> Tensor:
        shortcut = x if _nd.channels_of(x) == self.width else _nd.conv(x, self.width, 1, f"{name}_shortcut")
        for number in (1, 2):
            x = _nd.causal_conv(x, self.width, self.kernel, f"{name}_conv{number}", dilation=dilation)
            x = _layers.activation(x, "relu", f"{name}_relu{number}")
            x = _layers.dropout(x, self.block_dropout, f"{name}_dropout{number}")
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the classifier on the last cell."""
        x = _layers.flatten(_nd.last_cell(x, "head_last"), "head_flatten")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs)
