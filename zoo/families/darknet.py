"""Darknet and CSPDarknet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange


@dataclass(frozen=True)
class Darknet(Architecture):
    """The residual backbone of YOLOv3.

    Parameters
    ----------
    blocks : tuple of int
        Residual blocks of each stage.
    width : int
        Filters of the first convolution; they double with each stage.
    partial : bool
        Cross-stage partial connections: only half of a stage's channels pass its blocks.
    """

    blocks: tuple[int, ...] = (1, 2, 8, 8, 4)
    width: int = 32
    partial: bool = False

    title: ClassVar[str] = "Darknet"
    reference: ClassVar[Reference] = Reference(
        "YOLOv3: an incremental improvement", "Redmon, Farhadi", 2018, "arXiv:1804.02767"
    )
    native: ClassVar[Native] = Native((256, 256, 3), 1000)
    variants: ClassVar[Mapping[str, Variant]] = {
        "darknet53": Variant("table 1; parameters as timm"),
        "cspdarknet53": Variant("Wang et al. 2020, arXiv:1911.11929; parameters as timm", {"partial": True}),
    }
    search: ClassVar[Mapping[str, Dimension]] = {"width": IntRange(8, 32, step=8)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the stages."""
        x = self._conv(x, self.width, 3, "stem_conv")
        for stage, blocks in enumerate(self.blocks, start=1):
            x = self._conv(x, self.width * 2**stage, 3, f"stage{stage}_downsample", stride=2)
            draw = self._partial_stage if self.partial else self._stage
            x = _layers.tap(draw(x, blocks, stage), stage)
        return x

    def _conv(self, x: Tensor, filters: int, kernel: int, name: str, stride: int = 1) -> Tensor:
        return _nd.conv_norm_act(x, filters, kernel, name, act="leaky", stride=stride, padding="symmetric")

    def _block(self, x: Tensor, inner: int, name: str) -> Tensor:
        branch = self._conv(self._conv(x, inner, 1, f"{name}_conv1"), _nd.channels_of(x), 3, f"{name}_conv2")
        return _layers.add([x, branch], f"{name}_add")

    def _stage(self, x: Tensor, blocks: int, stage: int) -> Tensor:
        for block in range(1, blocks + 1):
            x = self._block(x, _nd.channels_of(x) // 2, f"stage{stage}_block{block}")
        return x

    def _partial_stage(self, x: Tensor, blocks: int, stage: int) -> Tensor:
        filters, name = _nd.channels_of(x), f"stage{stage}"
        # The first stage is too thin to be halved: it is doubled first.
        half = filters if stage == 1 else filters // 2
        x = self._conv(x, 2 * half, 1, f"{name}_expand")
        kept = _nd.take_channels(x, 0, half, f"{name}_kept")
        passed = _nd.take_channels(x, half, half, f"{name}_passed")
        for block in range(1, blocks + 1):
            passed = self._block(passed, half // 2 if stage == 1 else half, f"{name}_block{block}")
        passed = self._conv(passed, half, 1, f"{name}_transition1")
        return self._conv(_layers.concat([kept, passed], f"{name}_concat"), filters, 1, f"{name}_transition2")
