"""Very deep networks on raw waveforms: M3 to M34."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange

# Table 1 of the paper: filters of the first convolution, and (filters, convolutions) of each stage.
TABLE: dict[str, tuple[int, tuple[tuple[int, int], ...]]] = {
    "m3": (256, ((256, 1),)),
    "m5": (128, ((128, 1), (256, 1), (512, 1))),
    "m11": (64, ((64, 2), (128, 2), (256, 3), (512, 2))),
    "m18": (64, ((64, 4), (128, 4), (256, 4), (512, 4))),
    "m34-res": (48, ((48, 6), (96, 8), (192, 12), (384, 6))),
}


@dataclass(frozen=True)
class WaveCNN(Architecture):
    """A long strided kernel on the waveform, then short kernels and pooling by four.

    Parameters
    ----------
    first : int
        Filters of the first convolution.
    stages : tuple of (int, int)
        Filters and number of convolutions of each stage.
    kernel, stride : int
        Of the first convolution: 80 and 4 at 8 kHz.
    residual : bool
        Whether a shortcut joins every second convolution, padded with zeros where maps double.
    """

    first: int = 128
    stages: tuple[tuple[int, int], ...] = TABLE["m5"][1]
    kernel: int = 80
    stride: int = 4
    residual: bool = False

    title: ClassVar[str] = "M-networks (waveform)"
    reference: ClassVar[Reference] = Reference(
        "Very deep convolutional neural networks for raw waveforms", "Dai, Dai, Qu, Li, Das", 2017, "arXiv:1610.00087"
    )
    native: ClassVar[Native] = Native((32_000, 1), 10)
    variants: ClassVar[Mapping[str, Variant]] = {
        f"dai-{name}": Variant(
            f"table 1, {name.upper().replace('RES', 'res')}, for 32,000 samples",
            {"first": first, "stages": stages, "residual": name.endswith("res")},
        )
        for name, (first, stages) in TABLE.items()
    }
    ranks: ClassVar[tuple[int, ...]] = (1,)
    search: ClassVar[Mapping[str, Dimension]] = {
        "first": IntRange(16, 128, step=16),
        "kernel": IntRange(20, 120, step=20),
        "stride": IntRange(2, 8, step=2),
    }

    def space(self) -> dict[str, Dimension]:
        """Leave the first convolution's filters alone where shortcuts need them to match."""
        return {name: dimension for name, dimension in super().space().items() if name != "first" or not self.residual}

    def features(self, x: Tensor) -> Tensor:
        """Draw the first convolution and the stages, pooling between them."""
        x = self._conv(x, self.first, self.kernel, "stem_conv", self.stride)
        for stage, (filters, layers) in enumerate(self.stages, start=1):
            x = _nd.pool(x, "Max", 4, f"stage{stage}_pool")
            for layer in range(1, layers + 1, 1 + self.residual):
                draw = self._block if self.residual else self._conv
                x = draw(x, filters, 3, f"stage{stage}_conv{layer}")
            x = _layers.tap(x, stage)
        return x

    def _block(self, x: Tensor, filters: int, kernel: int, name: str) -> Tensor:
        shortcut = _nd.pad_channels(x, 0, filters - _nd.channels_of(x), f"{name}_shortcut")
        x = self._conv(x, filters, kernel, f"{name}a")
        x = _nd.conv_norm_act(x, filters, kernel, f"{name}b", act="linear", bias=True)
        return _layers.activation(_layers.add([shortcut, x], f"{name}_add"), "relu", f"{name}_relu")

    def _conv(self, x: Tensor, filters: int, kernel: int, name: str, stride: int = 1) -> Tensor:
        return _nd.conv_norm_act(x, filters, kernel, name, stride=stride, bias=True)
