"""Blocks that several families share: squeeze-and-excitation, inverted residuals."""

from __future__ import annotations

from dataclasses import dataclass

from zoo import _layers, _nd
from zoo._layers import Tensor


def nearest(value: float, divisor: int = 8) -> int:
    """Round to the nearest multiple of the divisor, at least one."""
    return max(divisor, int(value + divisor / 2) // divisor * divisor)


def divisible(value: float, divisor: int = 8) -> int:
    """Round to a multiple of the divisor, never down by more than a tenth."""
    rounded = nearest(value, divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


def squeeze_excite(x: Tensor, units: int, name: str, *, act: str = "relu", gate: str = "sigmoid") -> Tensor:
    """Scale channels by what their averages say (Hu et al. 2018, arXiv:1709.01507)."""
    scale = _nd.global_pool(x, "Average", f"{name}_pool", keep_axes=True)
    scale = _layers.activation(_nd.conv(scale, units, 1, f"{name}_reduce"), act, f"{name}_{act}")
    scale = _nd.conv(scale, _nd.channels_of(x), 1, f"{name}_expand")
    return _layers.multiply([x, _layers.activation(scale, gate, f"{name}_gate")], f"{name}_multiply")


@dataclass(frozen=True)
class Inverted:
    """An inverted residual block (Sandler et al. 2018, arXiv:1801.04381).

    Parameters
    ----------
    expanded, filters : int
        Channels inside and after the block; an ``expanded`` equal to the input's
        leaves the expansion out.
    kernel, stride : int
    act : str
        Activation inside the block.
    squeeze : int
        Units of squeeze-and-excitation; 0 for none.
    squeeze_act, gate : str
        Activations of squeeze-and-excitation.
    epsilon : float
        Of batch normalisation.
    drop : float
        Rate at which the branch is dropped.
    """

    expanded: int
    filters: int
    kernel: int
    stride: int
    act: str
    squeeze: int = 0
    squeeze_act: str = "relu"
    gate: str = "sigmoid"
    epsilon: float = 1e-3
    drop: float = 0.0

    def draw(self, x: Tensor, name: str) -> Tensor:
        """Expand, filter each channel, squeeze and excite, project, add."""
        shortcut = x
        if self.expanded != _nd.channels_of(x):
            x = _nd.conv_norm_act(x, self.expanded, 1, f"{name}_expand", act=self.act, epsilon=self.epsilon)
        x = _nd.depthwise(x, self.kernel, f"{name}_depthwise", stride=self.stride, bias=False)
        x = _layers.norm(x, f"{name}_depthwise_norm", epsilon=self.epsilon)
        x = _layers.activation(x, self.act, f"{name}_depthwise_{self.act}")
        if self.squeeze:
            x = squeeze_excite(x, self.squeeze, f"{name}_squeeze", act=self.squeeze_act, gate=self.gate)
        x = _nd.conv_norm_act(x, self.filters, 1, f"{name}_project", act="linear", epsilon=self.epsilon)
        if self.stride > 1 or _nd.channels_of(shortcut) != self.filters:
            return x
        return _layers.add([shortcut, _layers.drop_path(x, self.drop, f"{name}_drop")], f"{name}_add")

    def draw_fused(self, x: Tensor, name: str) -> Tensor:
        """Expand and filter in one convolution, which is also the projection where nothing expands."""
        shortcut, channels = x, _nd.channels_of(x)
        width = self.expanded if self.expanded != channels else self.filters
        x = _nd.conv_norm_act(
            x, width, self.kernel, f"{name}_conv", act=self.act, stride=self.stride, epsilon=self.epsilon
        )
        if self.expanded != channels:
            x = _nd.conv_norm_act(x, self.filters, 1, f"{name}_project", act="linear", epsilon=self.epsilon)
        if self.stride > 1 or channels != self.filters:
            return x
        return _layers.add([shortcut, _layers.drop_path(x, self.drop, f"{name}_drop")], f"{name}_add")
