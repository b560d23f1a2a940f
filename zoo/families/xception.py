"""Xception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, FloatRange, IntRange


@dataclass(frozen=True)
class Xception(Architecture):
    """Residual stacks of depthwise separable convolutions.

    Parameters
    ----------
    width : float
        Factor on all filters.
    middle : int
        Blocks of the middle flow.
    """

    dropout: float = 0.0
    width: float = 1.0
    middle: int = 8

    title: ClassVar[str] = "Xception"
    reference: ClassVar[Reference] = Reference(
        "Xception: deep learning with depthwise separable convolutions", "Chollet", 2017, "arXiv:1610.02357"
    )
    native: ClassVar[Native] = Native((299, 299, 3), 1000)
    variants: ClassVar[Mapping[str, Variant]] = {"xception": Variant("figure 5; as keras.applications")}
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {
        "width": FloatRange(0.25, 1.0, step=0.25),
        "middle": IntRange(1, 8),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw entry, middle and exit flow."""
        x = _nd.conv_norm_act(x, self._filters(32), 3, "stem_conv1", stride=2, padding="valid", epsilon=1e-3)
        x = _nd.conv_norm_act(x, self._filters(64), 3, "stem_conv2", padding="valid", epsilon=1e-3)
        for stage, filters in enumerate((128, 256, 728), start=1):
            x = self._pooled(x, filters, filters, f"stage{stage}", rectify=stage > 1)
            x = _layers.tap(x, stage)
        for block in range(1, self.middle + 1):
            shortcut = x
            for number in (1, 2, 3):
                x = self._separable(_layers.activation(x, "relu", f"stage4_block{block}_relu{number}"), 728,
                                    f"stage4_block{block}_conv{number}")  # fmt: skip
            x = _layers.add([shortcut, x], f"stage4_block{block}_add")
        x = self._pooled(_layers.tap(x, 4), 728, 1024, "stage5", rectify=True)
        for number, filters in ((3, 1536), (4, 2048)):
            x = self._separable(x, filters, f"stage5_conv{number}")
            x = _layers.activation(x, "relu", f"stage5_conv{number}_relu")
        return _layers.tap(x, 5)

    def _filters(self, filters: int) -> int:
        return max(4, round(filters * self.width))

    def _separable(self, x: Tensor, filters: int, name: str) -> Tensor:
        x = _nd.depthwise(x, 3, f"{name}_depthwise", bias=False)
        return _nd.conv_norm_act(x, self._filters(filters), 1, name, act="linear", epsilon=1e-3)

    def _pooled(self, x: Tensor, inner: int, filters: int, name: str, *, rectify: bool) -> Tensor:
        shortcut = _nd.conv_norm_act(
            x, self._filters(filters), 1, f"{name}_shortcut", act="linear", stride=2, epsilon=1e-3
        )
        x = _layers.activation(x, "relu", f"{name}_conv1_relu") if rectify else x
        x = self._separable(x, inner, f"{name}_conv1")
        x = self._separable(_layers.activation(x, "relu", f"{name}_conv2_relu"), filters, f"{name}_conv2")
        x = _nd.pool(x, "Max", 3, f"{name}_pool", stride=2, padding="same")
        return _layers.add([shortcut, x], f"{name}_add")
