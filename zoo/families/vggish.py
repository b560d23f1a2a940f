"""VGGish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, IntRange


@dataclass(frozen=True)
class VGGish(Architecture):
    """VGG's column A with one stage less, on 96 frames × 64 mel bands.

    Parameters
    ----------
    width : int
        Filters of the first stage; they double with each stage.
    units : int
        Units of the two dense layers.
    """

    width: int = 64
    units: int = 4096

    title: ClassVar[str] = "VGGish"
    reference: ClassVar[Reference] = Reference(
        "CNN architectures for large-scale audio classification", "Hershey et al.", 2017, "arXiv:1609.09430"
    )
    native: ClassVar[Native] = Native((96, 64, 1), 128)
    variants: ClassVar[Mapping[str, Variant]] = {
        "vggish": Variant("as released: 72,141,184 parameters at 96×64×1, 128 outputs"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": IntRange(8, 64, step=8),
        "units": Choice((64, 256, 1024, 4096)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the four stages."""
        for stage, layers in enumerate((1, 1, 2, 2), start=1):
            for layer in range(1, layers + 1):
                name = f"stage{stage}_conv{layer}"
                x = _layers.activation(_nd.conv(x, self.width * 2 ** (stage - 1), 3, name), "relu", f"{name}_relu")
            x = _layers.tap(_nd.pool(x, "Max", 2, f"stage{stage}_pool"), stage)
        return x

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the dense layers."""
        x = _layers.flatten(x, "head_flatten")
        for number in (1, 2):
            x = _layers.dense(x, self.units, f"head_dense{number}", act="relu")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs)
