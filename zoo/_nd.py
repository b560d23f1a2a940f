"""Layers for grids of any rank and size: the one place that names Keras' layers.

Windows are window to the grid by the rule of `zoo._fit`. Keras is imported by the
first layer that is drawn, not before.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from zoo import _layers
from zoo._fit import KEEP, Sizes, Window, fit
from zoo._layers import Tensor


def rank_of(x: Tensor) -> int:
    """Count the spatial axes of a batch of grids."""
    return len(x.shape) - 2


def lengths_of(x: Tensor) -> tuple[int, ...]:
    """Sizes of the spatial axes."""
    return tuple(x.shape[1:-1])


def channels_of(x: Tensor) -> int:
    """Give the size of the last dimension."""
    return int(x.shape[-1])


def _layer(kind: str, rank: int) -> Any:
    import keras

    return getattr(keras.layers, f"{kind}{rank}D")


def _margins(x: Tensor, window: Window, name: str) -> tuple[Tensor, str]:
    """Apply symmetric padding where it differs from Keras' ``same``, which favours the end."""
    if window.padding != "symmetric":
        return x, window.padding
    if all(s == 1 for s in window.stride):
        return x, "same"
    return pad(x, window.margins, f"{name}_pad"), "valid"


def pad(x: Tensor, margins: tuple[tuple[int, int], ...], name: str) -> Tensor:
    """Put zeros before and after each spatial axis."""
    layer = _layer("ZeroPadding", rank_of(x))
    return layer(margins[0] if len(margins) == 1 else margins, name=name)(x)


def _channels_first_argument(rank: int, first: int, last: int) -> Any:
    # Read as "channels first", the last spatial axis is our channel axis: a standard layer then
    # pads or crops channels, and the saved model needs no layer of ours.
    return (first, last) if rank == 1 else ((0, 0),) * (rank - 1) + ((first, last),)


def pad_channels(x: Tensor, before: int, after: int, name: str) -> Tensor:
    """Add channels of zeros."""
    rank = rank_of(x)
    amounts = _channels_first_argument(rank, before, after)
    return _layer("ZeroPadding", rank)(amounts, data_format="channels_first", name=name)(x)


def take_channels(x: Tensor, first: int, count: int, name: str) -> Tensor:
    """Keep ``count`` channels from ``first`` on; as a map of cells × channels, so that any rank will do."""
    import keras

    lengths, channels = lengths_of(x), channels_of(x)
    x = _layers.reshape(x, (math.prod(lengths), channels, 1), f"{name}_map")
    x = keras.layers.Cropping2D(((0, 0), (first, channels - first - count)), name=f"{name}_crop")(x)
    return _layers.reshape(x, (*lengths, count), name)


def shuffle_channels(x: Tensor, groups: int, name: str) -> Tensor:
    """Deal channels out so that neighbours come from different groups (Zhang et al. 2018)."""
    lengths, channels = lengths_of(x), channels_of(x)
    x = _layers.reshape(x, (math.prod(lengths), groups, channels // groups), f"{name}_groups")
    return _layers.reshape(_layers.permute(x, (1, 3, 2), f"{name}_permute"), (*lengths, channels), name)


def conv(
    x: Tensor,
    filters: int,
    kernel: Sizes,
    name: str,
    *,
    stride: Sizes = 1,
    dilation: Sizes = 1,
    groups: int = 1,
    padding: str = "same",
    bias: bool = True,
    keep: int = KEEP,
) -> Tensor:
    """Draw a convolution, window to the grid.

    Parameters
    ----------
    padding : {"same", "symmetric", "valid"}
        ``same`` as TensorFlow (the odd zero at the end), ``symmetric`` as Caffe and
        PyTorch with half a kernel; they differ where a stride is above 1.
    """
    rank = rank_of(x)
    window = fit(lengths_of(x), kernel, stride, dilation, padding, keep)
    strides = window.stride
    if all(k == 1 for k in window.kernel) and any(s > 1 for s in strides):
        # TensorFlow with oneDNN can corrupt the heap in the gradient of a strided 1×1 convolution.
        x, strides = pick(x, strides, f"{name}_pick"), (1,) * rank
    x, keras_padding = _margins(x, window, name)
    layer = _layer("Conv", rank)(
        filters,
        window.kernel,
        strides=strides,
        dilation_rate=window.dilation,
        groups=groups,
        padding=keras_padding,
        use_bias=bias,
        kernel_initializer="he_normal",
        name=name,
    )
    return layer(x)


def causal_conv(x: Tensor, filters: int, kernel: int, name: str, *, dilation: int = 1) -> Tensor:
    """Draw a convolution that sees a cell and those before it, on every axis longer than one cell."""
    lengths = lengths_of(x)
    kernels = tuple(min(kernel, n) for n in lengths)
    dilations = tuple(min(dilation, max(1, (n - 1) // max(1, k - 1))) for n, k in zip(lengths, kernels, strict=True))
    margins = tuple(((k - 1) * d, 0) for k, d in zip(kernels, dilations, strict=True))
    x = pad(x, margins, f"{name}_pad")
    return conv(x, filters, kernels, name, dilation=dilations, padding="valid", keep=1)


def fixed_conv(x: Tensor, values: list[float], name: str) -> Tensor:
    """Draw one filter that is not trained, alike on all channels, along each axis longer than one cell."""
    import keras

    kernel = tuple(min(len(values), 2 * n - 1) for n in lengths_of(x))
    length = max(kernel)
    start = (len(values) - length) // 2
    middle = np.array(values[start : start + length])
    pattern = np.broadcast_to(middle.reshape(tuple(length if k == length else 1 for k in kernel)), kernel)
    weights = np.repeat(pattern[..., None, None], channels_of(x), axis=-2)
    layer = _layer("Conv", rank_of(x))(
        1, kernel, padding="same", use_bias=False, trainable=False, name=name,
        kernel_initializer=keras.initializers.Constant(weights),
    )  # fmt: skip
    return layer(x)


def last_cell(x: Tensor, name: str) -> Tensor:
    """Keep the last cell of each axis."""
    ends = tuple((n - 1, 0) for n in lengths_of(x))
    return _layer("Cropping", rank_of(x))(ends[0] if len(ends) == 1 else ends, name=name)(x)


def depthwise(
    x: Tensor,
    kernel: Sizes,
    name: str,
    *,
    stride: Sizes = 1,
    dilation: Sizes = 1,
    multiplier: int = 1,
    padding: str = "same",
    bias: bool = True,
    keep: int = KEEP,
) -> Tensor:
    """Draw a convolution of each channel on its own, ``multiplier`` filters each."""
    window = fit(lengths_of(x), kernel, stride, dilation, padding, keep)
    if len(set(window.stride)) == 1:
        x, keras_padding = _margins(x, window, name)
        return _depthwise(x, window, window.stride, multiplier, keras_padding, bias, name)
    # TensorFlow strides depthwise convolutions alike on all axes: take every cell, then pick.
    x = pad(x, window.margins, f"{name}_pad")
    x = _depthwise(x, window, (1,) * rank_of(x), multiplier, "valid", bias, name)
    return pick(x, window.stride, f"{name}_pick")


def _depthwise(
    x: Tensor, window: Window, stride: tuple[int, ...], multiplier: int, padding: str, bias: bool, name: str
) -> Tensor:
    import keras

    # Keras counts all channels as fan-in of a depthwise kernel; its fan-out is the true fan-in.
    initializer = keras.initializers.VarianceScaling(2.0, "fan_out", "truncated_normal")
    layer = _layer("DepthwiseConv", rank_of(x))(
        window.kernel,
        strides=stride,
        dilation_rate=window.dilation,
        depth_multiplier=multiplier,
        padding=padding,
        use_bias=bias,
        depthwise_initializer=initializer,
        name=name,
    )
    return layer(x)


def pick(x: Tensor, stride: tuple[int, ...], name: str) -> Tensor:
    """Keep every ``stride``-th cell: a pool over one cell."""
    return _layer("AveragePooling", rank_of(x))((1,) * rank_of(x), strides=stride, padding="valid", name=name)(x)


def stride_only(x: Tensor, stride: Sizes, name: str, keep: int = KEEP) -> Tensor:
    """Keep every ``stride``-th cell, window to the grid as a strided convolution is."""
    window = fit(lengths_of(x), 1, stride, 1, "same", keep)
    return x if all(s == 1 for s in window.stride) else pick(x, window.stride, name)


def pool(
    x: Tensor,
    kind: str,
    kernel: Sizes,
    name: str,
    *,
    stride: Sizes = 0,
    padding: str = "valid",
    keep: int = KEEP,
) -> Tensor:
    """Draw a pooling layer, window to the grid; without a stride it steps by its kernel.

    Parameters
    ----------
    kind : {"Max", "Average"}
    padding : {"valid", "same", "symmetric"}
        ``symmetric`` pads with zeros, which equals a pad of −∞ after a ReLU.
    """
    window = fit(lengths_of(x), kernel, stride or kernel, 1, padding, keep)
    x, keras_padding = _margins(x, window, name)
    layer = _layer(f"{kind}Pooling", rank_of(x))
    return layer(window.kernel, strides=window.stride, padding=keras_padding, name=name)(x)


def global_pool(x: Tensor, kind: str, name: str, *, keep_axes: bool = False) -> Tensor:
    """Reduce every spatial axis to one cell; ``kind`` is ``Max`` or ``Average``."""
    return _layer(f"Global{kind}Pooling", rank_of(x))(keepdims=keep_axes, name=name)(x)


def average_to(x: Tensor, cells: int, name: str) -> Tensor:
    """Average neighbours until no axis has more cells than asked, windows as equal as they can be."""
    lengths = lengths_of(x)
    target = tuple(min(n, cells) for n in lengths)
    if target == lengths:
        return x
    return _layer("AdaptiveAveragePooling", rank_of(x))(target[0] if len(target) == 1 else target, name=name)(x)


def k_max_pool(x: Tensor, k: int, name: str) -> Tensor:
    """Keep each channel's ``k`` largest values over all cells, in their order (Kalchbrenner et al. 2014)."""
    from keras import ops

    cells, channels = math.prod(lengths_of(x)), channels_of(x)
    x = _layers.permute(_layers.reshape(x, (cells, channels), f"{name}_cells"), (2, 1), f"{name}_channels")
    _, places = ops.top_k(x, min(k, cells))
    x = ops.take_along_axis(x, ops.sort(places, axis=-1), axis=-1)
    return _layers.permute(x, (2, 1), name)


def conv_norm_act(
    x: Tensor,
    filters: int,
    kernel: Sizes,
    name: str,
    *,
    act: str = "relu",
    stride: Sizes = 1,
    groups: int = 1,
    padding: str = "same",
    bias: bool = False,
    epsilon: float = 1e-5,
    keep: int = KEEP,
) -> Tensor:
    """Draw convolution, batch normalisation and activation; ``act="linear"`` leaves the last out."""
    x = conv(x, filters, kernel, name, stride=stride, groups=groups, padding=padding, bias=bias, keep=keep)
    x = _layers.norm(x, f"{name}_norm", epsilon=epsilon)
    return x if act == "linear" else _layers.activation(x, act, f"{name}_{act}")


def mean_logits(x: Tensor) -> Tensor:
    """Average class maps over all cells: the last layer of networks that end in a convolution."""
    return _layer("GlobalAveragePooling", rank_of(x))(dtype="float32", name="logits")(x)
