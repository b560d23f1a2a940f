"""Piczak's network for environmental sounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class Piczak(Architecture):
    """Kernels almost as tall as the spectrogram, on mel bands × time with deltas.

    Parameters
    ----------
    filters : int
        Of both convolutions.
    units : int
        Of both dense layers.
    """

    dropout: float = 0.5
    filters: int = 80
    units: int = 5000

    title: ClassVar[str] = "Piczak CNN"
    reference: ClassVar[Reference] = Reference(
        "Environmental sound classification with convolutional neural networks",
        "Piczak",
        2015,
        "doi:10.1109/MLSP.2015.7324337",
    )
    native: ClassVar[Native] = Native((60, 41, 2), 50)
    variants: ClassVar[Mapping[str, Variant]] = {
        "piczak": Variant("section 3.2: 26,534,130 parameters at 60×41×2, 50 classes"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "filters": IntRange(16, 80, step=16),
        "units": Choice((64, 256, 1024, 5000)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw both convolutions; their pooling leaves one row, as in the paper."""
        x = self._conv(x, (57, 6), "stage1_conv")
        x = _nd.pool(x, "Max", (4, 3), "stage1_pool", stride=(1, 3), keep=1)
        x = _layers.tap(_layers.dropout(x, self.dropout, "stage1_dropout"), 1)
        x = self._conv(x, (1, 3), "stage2_conv")
        return _layers.tap(_nd.pool(x, "Max", (1, 3), "stage2_pool", stride=(1, 3), keep=1), 2)

    def _conv(self, x: Tensor, kernel: tuple[int, int], name: str) -> Tensor:
        return _layers.activation(_nd.conv(x, self.filters, kernel, name, padding="valid"), "relu", f"{name}_relu")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layers, dropout after each."""
        x = _layers.flatten(x, "head_flatten")
        for number in (1, 2):
            x = _layers.dense(x, self.units, f"head_dense{number}", act="relu")
            x = _layers.dropout(x, self.dropout, f"head_dropout{number}")
        return _layers.logits(x, outputs)
