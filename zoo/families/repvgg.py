"""RepVGG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange

# Table 2 of the paper: blocks and filters of the four stages.
A, B = (2, 4, 14, 1), (4, 6, 16, 1)
TABLE = {
    "a0": (A, (48, 96, 192, 1280)),
    "a1": (A, (64, 128, 256, 1280)),
    "a2": (A, (96, 192, 384, 1408)),
    "b0": (B, (64, 128, 256, 1280)),
    "b1": (B, (128, 256, 512, 2048)),
    "b2": (B, (160, 320, 640, 2560)),
    "b3": (B, (192, 384, 768, 2560)),
}


@dataclass(frozen=True)
class RepVGG(Architecture):
    """A VGG that trains with a 1×1 and an identity branch beside each 3×3.

    This is the network that is trained; its branches can be folded into one 3×3.

    Parameters
    ----------
    blocks, filters : tuple of int
        Of each stage.
    stem : int
        Filters of the first block.
    """

    blocks: tuple[int, ...] = A
    filters: tuple[int, ...] = (48, 96, 192, 1280)
    stem: int = 48

    title: ClassVar[str] = "RepVGG"
    reference: ClassVar[Reference] = Reference(
        "RepVGG: making VGG-style ConvNets great again", "Ding, Zhang, Ma, Han, Ding, Sun", 2021, "arXiv:2101.03697"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"repvgg-{name}": Variant(
            f"table 2, {name.upper()}, in training", {"blocks": blocks, "filters": filters, "stem": min(64, filters[0])}
        )
        for name, (blocks, filters) in TABLE.items()
    }
    search: ClassVar[Mapping[str, Dimension]] = {"stem": IntRange(16, 64, step=16)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the stages."""
        x = self._block(x, self.stem, 2, "stem")
        for stage, (blocks, filters) in enumerate(zip(self.blocks, self.filters, strict=True), start=1):
            for block in range(1, blocks + 1):
                x = self._block(x, filters, 2 if block == 1 else 1, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return x

    def _block(self, x: Tensor, filters: int, stride: int, name: str) -> Tensor:
        branches = [
            _nd.conv_norm_act(x, filters, 3, f"{name}_conv3", act="linear", stride=stride, padding="symmetric"),
            _nd.conv_norm_act(x, filters, 1, f"{name}_conv1", act="linear", stride=stride),
        ]
        if stride == 1 and _nd.channels_of(x) == filters:
            branches.append(_layers.norm(x, f"{name}_identity_norm"))
        return _layers.activation(_layers.add(branches, f"{name}_add"), "relu", f"{name}_relu")
