"""SqueezeNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange


@dataclass(frozen=True)
class SqueezeNet(Architecture):
    """Fire modules: squeeze to few channels, expand by 1×1 and 3×3, side by side.

    Parameters
    ----------
    stem, kernel : int
        Filters and kernel of the first convolution.
    pooled : tuple of int
        Fire modules that a pooling follows.
    width : float
        Factor on all filters.
    """

    dropout: float = 0.5
    stem: int = 96
    kernel: int = 7
    pooled: tuple[int, ...] = (3, 7)
    width: float = 1.0

    title: ClassVar[str] = "SqueezeNet"
    reference: ClassVar[Reference] = Reference(
        "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
        "Iandola et al.",
        2016,
        "arXiv:1602.07360",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "squeezenet-1.0": Variant("table 1; as torchvision"),
        "squeezenet-1.1": Variant(
            "the authors' cheaper version; as torchvision", {"stem": 64, "kernel": 3, "pooled": (2, 4)}
        ),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": FloatRange(0.25, 1.0, step=0.25)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and eight fire modules; a stage ends before each pooling."""
        x = _nd.conv(x, round(self.stem * self.width), self.kernel, "stem_conv", stride=2, padding="valid")
        x = self._pool(_layers.activation(x, "relu", "stem_relu"), "stem_pool")
        stage = 1
        for module, squeeze in enumerate((16, 16, 32, 32, 48, 48, 64, 64), start=1):
            x = self._fire(x, max(2, round(squeeze * self.width)), f"fire{module + 1}")
            if module in self.pooled:
                x = _layers.tap(x, stage)
                stage += 1
                x = self._pool(x, f"fire{module + 1}_pool")
        return _layers.tap(x, stage)

    def _pool(self, x: Tensor, name: str) -> Tensor:
        # The authors' framework rounds sizes up, which takes padding where a length is even.
        even = any(length % 2 == 0 for length in _nd.lengths_of(x))
        return _nd.pool(x, "Max", 3, name, stride=2, padding="same" if even else "valid")

    def _conv(self, x: Tensor, filters: int, kernel: int, name: str) -> Tensor:
        return _layers.activation(_nd.conv(x, filters, kernel, name), "relu", f"{name}_relu")

    def _fire(self, x: Tensor, squeeze: int, name: str) -> Tensor:
        x = self._conv(x, squeeze, 1, f"{name}_squeeze")
        sides = [self._conv(x, 4 * squeeze, kernel, f"{name}_expand{kernel}") for kernel in (1, 3)]
        return _layers.concat(sides, f"{name}_concat")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw one map a class and average it."""
        x = _layers.dropout(x, self.dropout, "head_dropout")
        x = _layers.activation(_nd.conv(x, outputs, 1, "head_conv"), "relu", "head_relu")
        return _nd.mean_logits(x)
