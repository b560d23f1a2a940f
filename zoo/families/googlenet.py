"""GoogLeNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, FloatRange

# Table 1 of the paper: 1×1; 3×3 reduce, 3×3; 5×5 reduce, 5×5; pool projection.
STAGES = (
    ((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)),
    (
        (192, 96, 208, 16, 48, 64),
        (160, 112, 224, 24, 64, 64),
        (128, 128, 256, 24, 64, 64),
        (112, 144, 288, 32, 64, 64),
        (256, 160, 320, 32, 128, 128),
    ),
    ((256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)),
)


@dataclass(frozen=True)
class GoogLeNet(Architecture):
    """Inception modules: 1×1, 3×3, 5×5 and pooling side by side.

    Auxiliary classifiers and local response normalisation are left out.

    Parameters
    ----------
    width : float
        Factor on all filters.
    norm : bool
        Batch normalisation after each convolution, which then has no bias.
    large : int
        Kernel of the third branch: 5 in the paper, 3 in torchvision.
    """

    dropout: float = 0.4
    width: float = 1.0
    norm: bool = False
    large: int = 5

    title: ClassVar[str] = "GoogLeNet"
    reference: ClassVar[Reference] = Reference(
        "Going deeper with convolutions", "Szegedy et al.", 2015, "arXiv:1409.4842"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "googlenet": Variant("table 1: 6,998,552 parameters"),
        "googlenet-bn": Variant(
            "as torchvision: normalised, 3×3 in place of 5×5", {"norm": True, "large": 3, "dropout": 0.2}
        ),
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.125, 1.0, log=True),
        "norm": Choice((False, True)),
        "large": Choice((3, 5)),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the three stages, pooling between them."""
        x = self._pool(self._conv(x, 64, 7, "stem_conv1", 2), "stem_pool1")
        x = self._conv(self._conv(x, 64, 1, "stem_conv2"), 192, 3, "stem_conv3")
        for stage, rows in enumerate(STAGES, start=1):
            x = self._pool(x, f"stage{stage}_pool")
            for block, row in enumerate(rows, start=1):
                x = self._module(x, row, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return x

    def _pool(self, x: Tensor, name: str) -> Tensor:
        return _nd.pool(x, "Max", 3, name, stride=2, padding="same")

    def _conv(self, x: Tensor, filters: int, kernel: int, name: str, stride: int = 1) -> Tensor:
        filters = max(1, round(filters * self.width))
        x = _nd.conv(x, filters, kernel, name, stride=stride, padding="symmetric", bias=not self.norm)
        x = _layers.norm(x, f"{name}_norm", epsilon=1e-3) if self.norm else x
        return _layers.activation(x, "relu", f"{name}_relu")

    def _module(self, x: Tensor, row: tuple[int, ...], name: str) -> Tensor:
        one, reduce3, three, reduce5, five, projection = row
        sides = [
            self._conv(x, one, 1, f"{name}_one"),
            self._conv(self._conv(x, reduce3, 1, f"{name}_reduce3"), three, 3, f"{name}_three"),
            self._conv(self._conv(x, reduce5, 1, f"{name}_reduce5"), five, self.large, f"{name}_five"),
            self._conv(_nd.pool(x, "Max", 3, f"{name}_pool", stride=1, padding="same"), projection, 1, f"{name}_proj"),
        ]
        return _layers.concat(sides, f"{name}_concat")
