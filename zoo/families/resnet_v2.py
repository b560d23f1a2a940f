"""ResNet v2 for large grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.families.resnet import LAYERS
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class ResNetV2(Architecture):
    """Residual blocks that normalise and rectify before each convolution.

    Parameters
    ----------
    blocks : tuple of int
        Blocks of each stage.
    width : int
        Filters of the first stage; they double with each stage.
    late : bool
        As keras.applications: a stage strides in its last block, where a pool of one
        cell is the shortcut, and first and last convolutions have biases. Otherwise
        it strides in its first block, as torchvision and timm do.
    """

    blocks: tuple[int, ...] = LAYERS[50]
    width: int = 64
    late: bool = False

    title: ClassVar[str] = "ResNet v2"
    reference: ClassVar[Reference] = Reference(
        "Identity mappings in deep residual networks", "He, Zhang, Ren, Sun", 2016, "arXiv:1603.05027"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"resnet{depth}-v2": Variant(f"{depth} layers; as timm", {"blocks": LAYERS[depth]}) for depth in (50, 101, 152)
    } | {
        f"resnet{depth}-v2-keras": Variant(
            f"{depth} layers; as keras.applications", {"blocks": LAYERS[depth], "late": True}
        )
        for depth in (50, 101, 152)
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(16, 64, step=16)}

    @property
    def _epsilon(self) -> float:
        return 1.001e-5 if self.late else 1e-5

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last normalisation."""
        x = _nd.conv(x, self.width, 7, "stem_conv", stride=2, padding="symmetric", bias=self.late)
        x = _nd.pool(x, "Max", 3, "stem_pool", stride=2, padding="symmetric")
        for stage, blocks in enumerate(self.blocks, start=1):
            for block in range(1, blocks + 1):
                strides = block == blocks and stage < len(self.blocks) if self.late else block == 1 and stage > 1
                filters = self.width * 2 ** (stage - 1)
                x = self._block(x, filters, 2 if strides else 1, block == 1, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return self._rectified(x, "head")

    def _rectified(self, x: Tensor, name: str) -> Tensor:
        x = _layers.norm(x, f"{name}_norm", epsilon=self._epsilon)
        return _layers.activation(x, "relu", f"{name}_relu")

    def _block(self, x: Tensor, filters: int, stride: int, project: bool, name: str) -> Tensor:
        active = self._rectified(x, f"{name}_conv1")
        if project:
            shortcut = _nd.conv(active, 4 * filters, 1, f"{name}_shortcut", stride=stride, bias=self.late)
        else:
            shortcut = _nd.stride_only(x, stride, f"{name}_shortcut")
        x = _nd.conv(active, filters, 1, f"{name}_conv1", bias=False)
        x = self._rectified(x, f"{name}_conv2")
        x = _nd.conv(x, filters, 3, f"{name}_conv2", stride=stride, padding="symmetric", bias=False)
        x = self._rectified(x, f"{name}_conv3")
        x = _nd.conv(x, 4 * filters, 1, f"{name}_conv3", bias=self.late)
        return _layers.add([shortcut, x], f"{name}_add")
