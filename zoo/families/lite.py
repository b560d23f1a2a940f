"""LITE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zoo import _layers, _nd
from zoo._layers import Tensor
from zoo.architecture import Architecture, Native, Reference, Variant
from zoo.space import Dimension, IntRange

LENGTHS = (2, 4, 8, 16, 32, 64)


def rising(length: int) -> list[float]:
    """Alternate −1 and 1: answers to increases."""
    return [float((-1) ** (cell + 1)) for cell in range(length)]


def peak(length: int) -> list[float]:
    """Dip, rise to twice the height, and dip again, in parabolas: answers to peaks."""
    quarter = length // 4
    left = [(cell / quarter) ** 2 for cell in range(1, quarter + 1)]
    bump = left + left[::-1]
    return [-v for v in bump] + [2 * v for v in bump] + [-v for v in bump]


@dataclass(frozen=True)
class LITE(Architecture):
    """One network of LITETime: an inception layer with fixed filters, two separable layers.

    Parameters
    ----------
    filters : int
        Of each learned convolution.
    kernel : int
        Longest kernel; others are a half and a quarter of it.
    """

    filters: int = 32
    kernel: int = 40

    title: ClassVar[str] = "LITE"
    reference: ClassVar[Reference] = Reference(
        "LITE: light inception with boosting techniques for time series classification",
        "Ismail-Fawaz, Devanne, Berretti, Weber, Forestier",
        2023,
        "arXiv:2409.02869",
    )
    native: ClassVar[Native] = Native((150, 1), 2)
    variants: ClassVar[Mapping[str, Variant]] = {
        "lite": Variant("figure 2: 9,880 trainable parameters on one channel, 2 classes"),
    }
    ranks: ClassVar[tuple[int, ...]] = (1,)
    search: ClassVar[Mapping[str, Dimension]] = {
        "filters": IntRange(8, 32, step=8),
        "kernel": IntRange(8, 40, step=8),
    }

    def features(self, x: Tensor) -> Tensor:
        """Draw the inception layer and the separable ones, each a stage."""
        sides = [
            _nd.conv(x, self.filters, self.kernel // part, f"stage1_conv{number}", bias=False)
            for number, part in enumerate((1, 2, 4), start=1)
        ]
        x = _layers.concat([*sides, self._fixed(x)], "stage1_concat")
        x = _layers.activation(_layers.norm(x, "stage1_norm", epsilon=1e-3), "relu", "stage1_relu")
        x = _layers.tap(x, 1)
        for stage, (part, dilation) in enumerate(((2, 2), (4, 4)), start=2):
            x = _nd.depthwise(x, self.kernel // part, f"stage{stage}_depthwise", dilation=dilation, bias=False)
            x = _nd.conv_norm_act(x, self.filters, 1, f"stage{stage}_pointwise", epsilon=1e-3)
            x = _layers.tap(x, stage)
        return x

    def _fixed(self, x: Tensor) -> Tensor:
        """Draw the 17 filters that are made by hand and not trained."""
        filters = {f"increase{n}": rising(n) for n in LENGTHS}
        filters |= {f"decrease{n}": [-value for value in rising(n)] for n in LENGTHS}
        filters |= {f"peak{n}": peak(n) for n in LENGTHS[1:]}
        answers = [_nd.fixed_conv(x, values, f"stage1_{name}") for name, values in filters.items()]
        return _layers.activation(_layers.concat(answers, "stage1_fixed"), "relu", "stage1_fixed_relu")
