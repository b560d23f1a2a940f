"""BC-ResNet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Choice, Dimension

# Table 1 of the paper: channels (at width 8), blocks, stride along frequency, dilation along time.
STAGES = ((8, 2, 1, 1), (12, 2, 2, 2), (16, 4, 2, 4), (20, 4, 1, 8))
BANDS = 5


@dataclass(frozen=True)
class BCResNet(Architecture):
    """Residuals of frequency × time whose temporal part is shared by all frequencies.

    The last axis is time; on one axis only, the network is its temporal part.

    Parameters
    ----------
    width : int
        Channels of the first stage.
    block_dropout : float
        Rate at which channels of the temporal branch are dropped.
    """

    width: int = 8
    block_dropout: float = 0.1

    title: ClassVar[str] = "BC-ResNet"
    reference: ClassVar[Reference] = Reference(
        "Broadcasted residual learning for efficient keyword spotting",
        "Kim, Chang, Lee, Sung",
        2021,
        "arXiv:2106.04140",
    )
    native: ClassVar[Native] = Native((40, 101, 1), 12)
    variants: ClassVar[Mapping[str, Variant]] = {
        f"bc-resnet-{scale}": Variant(f"table 1, width {8 * scale}, for 40×101", {"width": 8 * scale})
        for scale in (1, 2, 3, 6, 8)
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)  # Keras has no depthwise convolution on three axes
    search: ClassVar[Mapping[str, Dimension]] = {"width": Choice((8, 16, 24, 32))}

    def features(self, x: Tensor) -> Tensor:
        """Draw the stem, the stages and the last two convolutions."""
        x = _nd.conv_norm_act(x, 2 * self.width, 5, "stem_conv", stride=(2, 1), padding="symmetric")
        for stage, (channels, blocks, stride, dilation) in enumerate(STAGES, start=1):
            for block in range(1, blocks + 1):
                step = stride if block == 1 else 1
                x = self._block(x, channels * self.width // 8, step, dilation, f"stage{stage}_block{block}")
            x = _layers.tap(x, stage)
        # Time is padded, frequency is not: five bands become one.
        *others, time = _nd.lengths_of(x)
        x = _nd.pad(x, ((0, 0),) * len(others) + ((2, 2) if time > 1 else (0, 0),), "head_pad")
        x = _nd.depthwise(x, 5, "head_depthwise", padding="valid", bias=False, keep=1)
        return _nd.conv_norm_act(x, 4 * self.width, 1, "head_conv")

    def _block(self, x: Tensor, channels: int, stride: int, dilation: int, name: str) -> Tensor:
        residual = [] if _nd.channels_of(x) != channels else [x]
        if not residual:
            x = _nd.conv_norm_act(x, channels, 1, f"{name}_conv")
        x = _nd.depthwise(x, (3, 1), f"{name}_frequency", stride=(stride, 1), padding="symmetric", bias=False)
        x = self._band_norm(x, f"{name}_frequency_norm")
        y = self._mean_over_frequency(x, f"{name}_mean")
        y = _nd.depthwise(y, (1, 3), f"{name}_time", dilation=(1, dilation), bias=False)
        y = _layers.activation(_layers.norm(y, f"{name}_time_norm"), "silu", f"{name}_time_silu")
        y = _nd.conv(y, channels, 1, f"{name}_pointwise", bias=False)
        y = _layers.drop_channels(y, self.block_dropout, f"{name}_dropout")
        return _layers.activation(_layers.add([x, y, *residual], f"{name}_add"), "relu", f"{name}_relu")

    def _mean_over_frequency(self, x: Tensor, name: str) -> Tensor:
        *others, _ = _nd.lengths_of(x)
        return _nd.pool(x, "Average", (*others, 1), name, keep=1) if others else x

    def _band_norm(self, x: Tensor, name: str) -> Tensor:
        """Normalise five frequency bands apart (Chang et al. 2021), or all at once where five do not divide."""
        lengths, channels = _nd.lengths_of(x), _nd.channels_of(x)
        if len(lengths) < 2 or lengths[0] % BANDS:
            return _layers.norm(x, name)
        band, time = lengths[0] // BANDS, lengths[1]
        x = _layers.reshape(x, (BANDS, band * time, channels), f"{name}_bands")
        x = _layers.reshape(_layers.permute(x, (2, 1, 3), f"{name}_out"), (band * time, BANDS * channels), f"{name}_in")
        x = _layers.reshape(_layers.norm(x, name), (band * time, BANDS, channels), f"{name}_normed")
        return _layers.reshape(_layers.permute(x, (2, 1, 3), f"{name}_back"), (*lengths, channels), f"{name}_whole")
