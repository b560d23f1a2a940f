"""Wide ResNet and ResNet v2 for small grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import CIFAR10, Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension, FloatRange, IntRange


@dataclass(frozen=True)
class WideResNet(Architecture):
    """Three stages of pre-activated residual blocks, wide rather than deep.

    Parameters
    ----------
    blocks : int
        Blocks of each stage: n for a depth of 6n + 4, or 9n + 2 with bottlenecks.
    widen : int
        Factor on the 16, 32 and 64 filters of the stages.
    bottleneck : bool
        1×1, 3×3, 1×1 blocks that end in four times the filters, or two 3×3.
    block_dropout : float
        Rate between the two 3×3 convolutions of a block.
    """

    blocks: int = 4
    widen: int = 10
    bottleneck: bool = False
    block_dropout: float = 0.0

    title: ClassVar[str] = "Wide ResNet (CIFAR)"
    reference: ClassVar[Reference] = Reference(
        "Wide residual networks", "Zagoruyko, Komodakis", 2016, "arXiv:1605.07146"
    )
    native: ClassVar[Native] = CIFAR10
    variants: ClassVar[Mapping[str, Variant]] = {
        f"wrn-{6 * blocks + 4}-{widen}": Variant(
            f"table 1, depth {6 * blocks + 4}, k = {widen}", {"blocks": blocks, "widen": widen}
        )
        for blocks, widen in (
            (2, 1), (2, 2), (2, 4), (2, 8), (4, 2), (4, 4), (4, 10), (6, 1), (6, 2), (6, 4), (6, 8)
        )
    } | {
        "resnet164-v2": Variant(
            "He et al. 2016, arXiv:1603.05027, table 3", {"blocks": 18, "widen": 1, "bottleneck": True}
        ),
    }  # fmt: skip
    search: ClassVar[Mapping[str, Dimension]] = {
        "blocks": IntRange(1, 4),
        "widen": Choice((1, 2, 4)),
        "block_dropout": FloatRange(0.0, 0.3),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last normalisation."""
        x = _nd.conv(x, 16, 3, "stem_conv", bias=False)
        for stage in (1, 2, 3):
            for block in range(1, self.blocks + 1):
                stride = 2 if block == 1 and stage > 1 else 1
                x = self._block(x, 16 * 2 ** (stage - 1) * self.widen, stride, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return self._rectified(x, "head")

    def _rectified(self, x: Tensor, name: str) -> Tensor:
        return _layers.activation(_layers.norm(x, f"{name}_norm"), "relu", f"{name}_relu")

    def _block(self, x: Tensor, filters: int, stride: int, name: str) -> Tensor:
        out = 4 * filters if self.bottleneck else filters
        active = self._rectified(x, f"{name}_conv1")
        shortcut = x
        if _nd.channels_of(x) != out:
            shortcut = _nd.conv(active, out, 1, f"{name}_shortcut", stride=stride, bias=False)
        first, last = (1, 1) if self.bottleneck else (3, 3)
        x = _nd.conv(active, filters, first, f"{name}_conv1", stride=1 if self.bottleneck else stride,
                     padding="symmetric", bias=False)  # fmt: skip
        if self.bottleneck:
            x = self._rectified(x, f"{name}_conv2")
            x = _nd.conv(x, filters, 3, f"{name}_conv2", stride=stride, padding="symmetric", bias=False)
        x = _layers.dropout(self._rectified(x, f"{name}_last"), self.block_dropout, f"{name}_dropout")
        x = _nd.conv(x, out, last, f"{name}_last", bias=False)
        return _layers.add([shortcut, x], f"{name}_add")
