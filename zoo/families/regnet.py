"""RegNet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import squeeze_excite
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Appendix of the paper, as published with its code: w_0, w_a, w_m, group width, depth.
X = {
    "200mf": (24, 36.44, 2.49, 8, 13),
    "400mf": (24, 24.48, 2.54, 16, 22),
    "600mf": (48, 36.97, 2.24, 24, 16),
    "800mf": (56, 35.73, 2.28, 16, 16),
    "1.6gf": (80, 34.01, 2.25, 24, 18),
    "3.2gf": (88, 26.31, 2.25, 48, 25),
    "4.0gf": (96, 38.65, 2.43, 40, 23),
    "8.0gf": (80, 49.56, 2.88, 120, 23),
}
Y = {
    "200mf": (24, 36.44, 2.49, 8, 13),
    "400mf": (48, 27.89, 2.09, 8, 16),
    "600mf": (48, 32.54, 2.32, 16, 15),
    "800mf": (56, 38.84, 2.4, 16, 14),
    "1.6gf": (48, 20.71, 2.65, 24, 27),
    "3.2gf": (80, 42.63, 2.66, 24, 21),
    "4.0gf": (96, 31.41, 2.24, 64, 22),
    "8.0gf": (192, 76.82, 2.19, 56, 17),
}
FIELDS = ("initial", "slope", "ratio", "group", "depth")


@dataclass(frozen=True)
class RegNet(Architecture):
    """Bottlenecks with grouped convolutions, their widths on a quantised line.

    Parameters
    ----------
    initial, slope, ratio : float
        Block j wants a width of initial + slope · j, and gets the nearest of
        initial · ratio^k; equal widths make a stage.
    group : int
        Width of a group.
    depth : int
        Blocks in all.
    squeeze : float
        Units of squeeze-and-excitation, as a fraction of a block's input; 0 for none.
    """

    initial: int = 24
    slope: float = 36.44
    ratio: float = 2.49
    group: int = 8
    depth: int = 13
    squeeze: float = 0.0

    title: ClassVar[str] = "RegNet"
    reference: ClassVar[Reference] = Reference(
        "Designing network design spaces", "Radosavovic, Kosaraju, Girshick, He, Dollár", 2020, "arXiv:2003.13678"
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        f"regnet-x-{flops}": Variant(f"RegNetX at {flops}, as pycls and timm", dict(zip(FIELDS, row, strict=True)))
        for flops, row in X.items()
    } | {
        f"regnet-y-{flops}": Variant(
            f"RegNetY at {flops}, as pycls and timm", {**dict(zip(FIELDS, row, strict=True)), "squeeze": 0.25}
        )
        for flops, row in Y.items()
    }
    search: ClassVar[Mapping[str, Dimension]] = {
        "slope": FloatRange(8.0, 40.0),
        "ratio": FloatRange(2.0, 2.9),
        "squeeze": FloatRange(0.0, 0.25, step=0.25),
    }

    def stages(self) -> list[tuple[int, int]]:
        """Width and number of blocks of each stage.

        Examples
        --------
        >>> import zoo
        >>> zoo.architecture("regnet-x-400mf").stages()
        [(32, 1), (64, 2), (160, 7), (384, 12)]
        """
        counts: dict[int, int] = {}
        for block in range(self.depth):
            step = round(math.log((self.initial + self.slope * block) / self.initial) / math.log(self.ratio))
            width = round(self.initial * self.ratio**step / 8) * 8
            counts[width] = counts.get(width, 0) + 1
        return [(self._whole(width), blocks) for width, blocks in counts.items()]

    def _whole(self, width: int) -> int:
        group = min(self.group, width)
        return max(1, round(width / group)) * group

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the stages."""
        x = _nd.conv_norm_act(x, 32, 3, "stem_conv", stride=2, padding="symmetric")
        for stage, (width, blocks) in enumerate(self.stages(), start=1):
            for block in range(1, blocks + 1):
                x = self._block(x, width, 2 if block == 1 else 1, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        return x

    def _block(self, x: Tensor, width: int, stride: int, name: str) -> Tensor:
        shortcut, channels = x, _nd.channels_of(x)
        if stride > 1 or channels != width:
            shortcut = _nd.conv_norm_act(x, width, 1, f"{name}_shortcut", act="linear", stride=stride)
        groups = max(1, width // self.group)
        x = _nd.conv_norm_act(x, width, 1, f"{name}_conv1")
        x = _nd.conv_norm_act(x, width, 3, f"{name}_conv2", stride=stride, groups=groups, padding="symmetric")
        if self.squeeze:
            x = squeeze_excite(x, max(1, round(channels * self.squeeze)), f"{name}_squeeze")
        x = _nd.conv_norm_act(x, width, 1, f"{name}_conv3", act="linear")
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")
