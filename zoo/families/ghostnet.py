"""GhostNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import divisible, squeeze_excite
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Table 1 of the paper: kernel, expanded channels, filters, squeeze-and-excitation, stride, by stage.
STAGES = (
    ((3, 16, 16, False, 1),),
    ((3, 48, 24, False, 2), (3, 72, 24, False, 1)),
    ((5, 72, 40, True, 2), (5, 120, 40, True, 1)),
    (
        (3, 240, 80, False, 2),
        (3, 200, 80, False, 1),
        (3, 184, 80, False, 1),
        (3, 184, 80, False, 1),
        (3, 480, 112, True, 1),
        (3, 672, 112, True, 1),
    ),
    (
        (5, 672, 160, True, 2),
        (5, 960, 160, False, 1),
        (5, 960, 160, True, 1),
        (5, 960, 160, False, 1),
        (5, 960, 160, True, 1),
    ),
)


@dataclass(frozen=True)
class GhostNet(Architecture):
    """Half of the maps are convolved, the other half are cheap ghosts of them.

    Parameters
    ----------
    width : float
        Factor on all filters; the last 1,280 stay.
    """

    dropout: float = 0.2
    width: float = 1.0

    title: ClassVar[str] = "GhostNet"
    reference: ClassVar[Reference] = Reference(
        "GhostNet: more features from cheap operations", "Han, Wang, Tian, Guo, Xu, Xu", 2020, "arXiv:1911.11907"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "ghostnet": Variant("table 1; as timm"),
        "ghostnet-050": Variant("width 0.5; as timm", {"width": 0.5}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"width": FloatRange(0.25, 1.0, step=0.25)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last convolution."""
        x = _nd.conv_norm_act(x, divisible(16 * self.width, 4), 3, "stem_conv", stride=2, padding="symmetric")
        for stage, rows in enumerate(STAGES, start=1):
            for block, row in enumerate(rows, start=1):
                x = self._block(x, row, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return _nd.conv_norm_act(x, divisible(960 * self.width, 4), 1, "head_conv")

    def _block(self, x: Tensor, row: tuple[int, int, int, bool, int], name: str) -> Tensor:
        kernel, expanded, filters, squeeze, stride = row
        expanded, filters = divisible(expanded * self.width, 4), divisible(filters * self.width, 4)
        shortcut = x
        if stride > 1 or _nd.channels_of(x) != filters:
            shortcut = self._depthwise(x, kernel, stride, f"{name}_shortcut_depthwise")
            shortcut = _nd.conv_norm_act(shortcut, filters, 1, f"{name}_shortcut", act="linear")
        x = self._ghost(x, expanded, "relu", f"{name}_ghost1")
        x = self._depthwise(x, kernel, stride, f"{name}_depthwise") if stride > 1 else x
        if squeeze:
            x = squeeze_excite(x, divisible(expanded / 4, 4), f"{name}_squeeze", gate="hard_sigmoid")
        return _layers.add([shortcut, self._ghost(x, filters, "linear", f"{name}_ghost2")], f"{name}_add")

    def _depthwise(self, x: Tensor, kernel: int, stride: int, name: str) -> Tensor:
        x = _nd.depthwise(x, kernel, name, stride=stride, padding="symmetric", bias=False)
        return _layers.norm(x, f"{name}_norm")

    def _ghost(self, x: Tensor, filters: int, act: str, name: str) -> Tensor:
        real = _nd.conv_norm_act(x, filters // 2, 1, name, act=act)
        ghost = self._depthwise(real, 3, 1, f"{name}_cheap")
        ghost = _layers.activation(ghost, act, f"{name}_cheap_{act}") if act != "linear" else ghost
        return _layers.concat([real, ghost], f"{name}_concat")

    def head(self, x: Tensor, outputs: int) -> Tensor:
        """Draw the pooling, which comes before the widest layer."""
        x = _layers.dense(_nd.global_pool(x, "Average", "head_pool"), 1280, "head_dense", act="relu")
        return _layers.logits(_layers.dropout(x, self.dropout, "head_dropout"), outputs)
