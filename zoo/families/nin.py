"""Network in Network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import CIFAR10, Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class NiN(Architecture):
    """Convolutions followed by 1×1 convolutions, class maps averaged at the end.

    Parameters
    ----------
    width : int
        Filters of most layers; the first stage narrows to half of it.
    dropout : float
        Rate after each pooling.
    """

    dropout: float = 0.5
    width: int = 192

    title: ClassVar[str] = "NiN"
    reference: ClassVar[Reference] = Reference("Network in network", "Lin, Chen, Yan", 2014, "arXiv:1312.4400")
    native: ClassVar[Native] = CIFAR10
    variants: ClassVar[Mapping[str, Variant]] = {
        "nin": Variant("the authors' CIFAR-10 network: 966,986 parameters at 32×32×3, 10 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(24, 192, step=24)}

    def features(self, x: Tensor) -> Tensor:
        """Draw two pooled stages and the first two layers of the last one."""
        wide = self.width
        rows = ((5, (wide, wide * 5 // 6, wide // 2), "Max"), (5, (wide, wide, wide), "Average"))
        for stage, (kernel, filters, kind) in enumerate(rows, start=1):
            x = self._stage(x, kernel, filters, f"stage{stage}")
            x = _nd.pool(x, kind, 3, f"stage{stage}_pool", stride=2, padding="same")
            x = _layers.tap(_layers.dropout(x, self.dropout, f"stage{stage}_dropout"), stage)
        return _layers.tap(self._stage(x, 3, (wide, wide), "stage3"), 3)

    def _stage(self, x: Tensor, kernel: int, filters: tuple[int, ...], name: str) -> Tensor:
        for number, width in enumerate(filters, start=1):
            x = _nd.conv(x, width, kernel if number == 1 else 1, f"{name}_conv{number}")
            x = _layers.activation(x, "relu", f"{name}_relu{number}")
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw one map a class and average it."""
        x = _layers.activation(_nd.conv(x, outputs, 1, "head_conv"), "relu", "head_relu")
        return _nd.mean_logits(x)
