"""Inception-v3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._fit import Sizes
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# A branch is a row of convolutions: filters, kernel, and a stride where it is not 1.
Conv = tuple[int, Sizes] | tuple[int, Sizes, int]
Branch = tuple[Conv, ...]


def _squares(pool: int) -> tuple[Branch, ...]:
    return ((64, 1),), ((48, 1), (64, 5)), ((64, 1), (96, 3), (96, 3)), ((pool, 1),)


def _strips(inner: int) -> tuple[Branch, ...]:
    row, column = (1, 7), (7, 1)
    return (
        ((192, 1),),
        ((inner, 1), (inner, row), (192, column)),
        ((inner, 1), (inner, column), (inner, row), (inner, column), (192, row)),
        ((192, 1),),
    )


# Figures 5, 6, 7 and 10 of the paper, as keras.applications lays them out.
STAGE1 = (_squares(32), _squares(64), _squares(64))
SHRINK1: tuple[Branch, ...] = (((384, 3, 2),), ((64, 1), (96, 3), (96, 3, 2)))
STAGE2 = (_strips(128), _strips(160), _strips(160), _strips(192))
SHRINK2: tuple[Branch, ...] = (
    ((192, 1), (320, 3, 2)),
    ((192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3, 2)),
)


@dataclass(frozen=True)
class InceptionV3(Architecture):
    """Branches of several kernels side by side, large ones factored into strips.

    Parameters
    ----------
    width : float
        Factor on all filters.
    """

    width: float = 1.0

    title: ClassVar[str] = "Inception-v3"
    reference: ClassVar[Reference] = Reference(
        "Rethinking the Inception architecture for computer vision",
        "Szegedy, Vanhoucke, Ioffe, Shlens, Wojna",
        2016,
        "arXiv:1512.00567",
    )
    native: ClassVar[Native] = Native((299, 299, 3), 1000)
    variants: ClassVar[Mapping[str, Variant]] = {
        "inception-v3": Variant("table 1 without the auxiliary head; as keras.applications"),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": FloatRange(0.125, 1.0, log=True)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the three stages."""
        for number, (filters, stride, padding) in enumerate(((32, 2, "valid"), (32, 1, "valid"), (64, 1, "same")), 1):
            x = self._conv(x, filters, 3, f"stem_conv{number}", stride, padding)
        x = _nd.pool(x, "Max", 3, "stem_pool1", stride=2)
        x = self._conv(self._conv(x, 80, 1, "stem_conv4"), 192, 3, "stem_conv5", 1, "valid")
        x = _nd.pool(x, "Max", 3, "stem_pool2", stride=2)
        for number, branches in enumerate(STAGE1, start=1):
            x = self._mixed(x, branches, f"stage1_block{number}")
        x = self._shrink(_layers.tap(x, 1), SHRINK1, "stage2_shrink")
        for number, branches in enumerate(STAGE2, start=1):
            x = self._mixed(x, branches, f"stage2_block{number}")
        x = self._shrink(_layers.tap(x, 2), SHRINK2, "stage3_shrink")
        for number in (1, 2):
            x = self._spread(x, f"stage3_block{number}")
        return _layers.tap(x, 3)

    def _conv(
        self, x: Tensor, filters: int, kernel: Sizes, name: str, stride: int = 1, padding: str = "same"
    ) -> Tensor:
        filters = max(1, round(filters * self.width))
        x = _nd.conv(x, filters, kernel, name, stride=stride, padding=padding, bias=False)
        return _layers.activation(_layers.norm(x, f"{name}_norm", epsilon=1e-3, scale=False), "relu", f"{name}_relu")

    def _branch(self, x: Tensor, branch: Branch, name: str) -> Tensor:
        for number, (filters, kernel, *strides) in enumerate(branch, start=1):
            stride, padding = (strides[0], "valid") if strides else (1, "same")
            x = self._conv(x, filters, kernel, f"{name}_conv{number}", stride, padding)
        return x

    def _mixed(self, x: Tensor, branches: tuple[Branch, ...], name: str) -> Tensor:
        pooled = _nd.pool(x, "Average", 3, f"{name}_pool", stride=1, padding="same")
        inputs = (x, x, x, pooled)
        pairs = enumerate(zip(inputs, branches, strict=True), start=1)
        return _layers.concat([self._branch(y, b, f"{name}_branch{n}") for n, (y, b) in pairs], f"{name}_concat")

    def _shrink(self, x: Tensor, branches: tuple[Branch, ...], name: str) -> Tensor:
        sides = [self._branch(x, branch, f"{name}_branch{n}") for n, branch in enumerate(branches, start=1)]
        return _layers.concat([*sides, _nd.pool(x, "Max", 3, f"{name}_pool", stride=2)], f"{name}_concat")

    def _spread(self, x: Tensor, name: str) -> Tensor:
        ends = [self._conv(x, 320, 1, f"{name}_branch1")]
        for branch, trunk in ((2, ((384, 1),)), (3, ((448, 1), (384, 3)))):
            y = self._branch(x, trunk, f"{name}_branch{branch}")
            ends += [self._conv(y, 384, (1, 3), f"{name}_branch{branch}_row"),
                     self._conv(y, 384, (3, 1), f"{name}_branch{branch}_column")]  # fmt: skip
        pooled = _nd.pool(x, "Average", 3, f"{name}_pool", stride=1, padding="same")
        return _layers.concat([*ends, self._conv(pooled, 192, 1, f"{name}_branch4")], f"{name}_concat")
