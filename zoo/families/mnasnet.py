"""MNASNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._blocks import Inverted, divisible
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Figure 7 of the paper, MnasNet-B1: expansion, kernel, filters, blocks and stride of the layers, by stage.
STAGES = (
    ((1, 3, 16, 1, 1),),
    ((3, 3, 24, 3, 2),),
    ((3, 5, 40, 3, 2),),
    ((6, 5, 80, 3, 2), (6, 3, 96, 2, 1)),
    ((6, 5, 192, 4, 2), (6, 3, 320, 1, 1)),
)


@dataclass(frozen=True)
class MNASNet(Architecture):
    """Inverted residuals of several kernels and expansions, found by search.

    Parameters
    ----------
    width : float
        Factor on the filters of all stages; the last 1,280 stay.
    """

    dropout: float = 0.2
    width: float = 1.0

    title: ClassVar[str] = "MNASNet"
    reference: ClassVar[Reference] = Reference(
        "MnasNet: platform-aware neural architecture search for mobile",
        "Tan, Chen, Pang, Vasudevan, Sandler, Howard, Le",
        2019,
        "arXiv:1807.11626",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "mnasnet": Variant("MnasNet-B1 as torchvision"),
        "mnasnet-050": Variant("width 0.5 as torchvision", {"width": 0.5}),
        "mnasnet-130": Variant("width 1.3 as torchvision", {"width": 1.3}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"width": FloatRange(0.25, 1.0, step=0.25)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last 1×1 convolution."""
        x = _nd.conv_norm_act(x, divisible(32 * self.width), 3, "stem_conv", stride=2, padding="symmetric")
        for stage, rows in enumerate(STAGES, start=1):
            for row, (expansion, kernel, filters, blocks, stride) in enumerate(rows, start=1):
                for block in range(1, blocks + 1):
                    expanded = expansion * _nd.channels_of(x)
                    step = stride if block == 1 else 1
                    design = Inverted(expanded, divisible(filters * self.width), kernel, step, "relu", epsilon=1e-5)
                    x = design.draw(x, f"stage{stage}_row{row}_block{block}")
            x = _layers.tap(x, stage)
        return _nd.conv_norm_act(x, 1280, 1, "head_conv")
