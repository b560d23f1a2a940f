"""MobileNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import IMAGENET, Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange

# Table 1 of the paper: filters (at width 1) and stride of each separable convolution, by stage.
STAGES = (
    ((64, 1),),
    ((128, 2), (128, 1)),
    ((256, 2), (256, 1)),
    ((512, 2), *((512, 1),) * 5),
    ((1024, 2), (1024, 1)),
)


@dataclass(frozen=True)
class MobileNet(Architecture):
    """Depthwise separable convolutions from end to end.

    Parameters
    ----------
    width : float
        Factor on all filters.
    """

    dropout: float = 0.001
    width: float = 1.0

    title: ClassVar[str] = "MobileNet"
    reference: ClassVar[Reference] = Reference(
        "MobileNets: efficient convolutional neural networks for mobile vision applications",
        "Howard et al.",
        2017,
        "arXiv:1704.04861",
    )
    native: ClassVar[Native] = IMAGENET
    variants: ClassVar[Mapping[str, Variant]] = {
        "mobilenet": Variant("table 1; as keras.applications"),
        "mobilenet-075": Variant("table 6, width 0.75", {"width": 0.75}),
        "mobilenet-050": Variant("table 6, width 0.5", {"width": 0.5}),
        "mobilenet-025": Variant("table 6, width 0.25", {"width": 0.25}),
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"width": FloatRange(0.25, 1.0, step=0.25)}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem and the separable convolutions."""
        x = _nd.conv_norm_act(x, int(32 * self.width), 3, "stem_conv", act="relu6", stride=2, epsilon=1e-3)
        for stage, blocks in enumerate(STAGES, start=1):
            for block, (filters, stride) in enumerate(blocks, start=1):
                name = f"stage{stage}_block{block}"
                x = _nd.depthwise(x, 3, f"{name}_depthwise", stride=stride, bias=False)
                x = _layers.norm(x, f"{name}_depthwise_norm", epsilon=1e-3)
                x = _layers.activation(x, "relu6", f"{name}_depthwise_relu6")
                x = _nd.conv_norm_act(x, int(filters * self.width), 1, f"{name}_pointwise", act="relu6", epsilon=1e-3)
            x = _layers.tap(x, stage)
        return x
