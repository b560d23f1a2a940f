"""Layers that are the same on grids of any rank: each a function from tensors to a tensor."""

from __future__ import annotations

from typing import Any

EMBEDDING = 64  # dimension in which a network that is not made for text reads ids

Tensor = Any  # keras.KerasTensor; Keras has no types


def norm(
    x: Tensor,
    name: str,
    *,
    epsilon: float = 1e-5,
    center: bool = True,
    scale: bool = True,
    momentum: float = 0.9,
    axis: int = -1,
) -> Tensor:
    """Draw a batch normalisation; the momentum suits runs of a few hundred steps."""
    import keras

    layer = keras.layers.BatchNormalization(
        axis=axis, momentum=momentum, epsilon=epsilon, center=center, scale=scale, name=name
    )
    return layer(x)


def activation(x: Tensor, kind: str, name: str) -> Tensor:
    """Draw an activation by its Keras name; ``leaky`` is a ReLU that lets a tenth through."""
    import keras

    if kind == "leaky":
        return keras.layers.LeakyReLU(0.1, name=name)(x)
    return keras.layers.Activation(kind, name=name)(x)


def dense(x: Tensor, units: int, name: str, *, act: str = "linear", bias: bool = True) -> Tensor:
    """Draw a fully connected layer with its activation."""
    import keras

    initializer = "he_normal" if act not in ("linear", "tanh", "sigmoid") else "glorot_uniform"
    return keras.layers.Dense(units, activation=act, use_bias=bias, kernel_initializer=initializer, name=name)(x)


def logits(x: Tensor, outputs: int, *, bias: bool = True) -> Tensor:
    """Draw the last layer: one float32 score a class, no softmax."""
    import keras

    return keras.layers.Dense(outputs, use_bias=bias, dtype="float32", name="logits")(x)


def dropout(x: Tensor, rate: float, name: str) -> Tensor:
    """Draw dropout; none where the rate is 0."""
    import keras

    return keras.layers.Dropout(rate, name=name)(x) if rate else x


def flatten(x: Tensor, name: str) -> Tensor:
    """Lay all cells and channels out as one vector, channels last."""
    import keras

    return keras.layers.Flatten(name=name)(x)


def reshape(x: Tensor, shape: tuple[int, ...], name: str) -> Tensor:
    """Give each item another shape of the same size."""
    import keras

    return keras.layers.Reshape(shape, name=name)(x)


def permute(x: Tensor, order: tuple[int, ...], name: str) -> Tensor:
    """Reorder the dimensions of each item, counted from 1."""
    import keras

    return keras.layers.Permute(order, name=name)(x)


def add(tensors: list[Tensor], name: str) -> Tensor:
    """Sum tensors of one shape."""
    import keras

    return keras.layers.Add(name=name)(tensors)


def multiply(tensors: list[Tensor], name: str) -> Tensor:
    """Multiply tensors; sizes of 1 are repeated."""
    import keras

    return keras.layers.Multiply(name=name)(tensors)


def rescale(x: Tensor, factor: list[float], offset: list[float], name: str) -> Tensor:
    """Multiply and shift each channel by fixed numbers."""
    import keras

    return keras.layers.Rescaling(factor, offset, name=name)(x)


def concat(tensors: list[Tensor], name: str) -> Tensor:
    """Put channels side by side."""
    import keras

    return keras.layers.Concatenate(axis=-1, name=name)(tensors)


def embedding(
    ids: Tensor, vocabulary_size: int, dimension: int, name: str = "embedding", *, learned: bool = True
) -> Tensor:
    """Give each id a vector, drawn from U(−0.05, 0.05)."""
    import keras

    return keras.layers.Embedding(vocabulary_size, dimension, trainable=learned, name=name)(ids)


def tap(x: Tensor, stage: int) -> Tensor:
    """Name the end of a stage, where feature maps and receptive fields are read."""
    import keras

    return keras.layers.Identity(name=f"stage{stage}")(x)


def drop_path(x: Tensor, rate: float, name: str) -> Tensor:
    """Draw stochastic depth: the whole branch is dropped, one item at a time."""
    import keras

    shape = (None,) + (1,) * (len(x.shape) - 1)
    return keras.layers.Dropout(rate, noise_shape=shape, name=name)(x) if rate else x


def drop_channels(x: Tensor, rate: float, name: str) -> Tensor:
    """Draw dropout of whole channels."""
    import keras

    shape = (None, *(1,) * (len(x.shape) - 2), x.shape[-1])
    return keras.layers.Dropout(rate, noise_shape=shape, name=name)(x) if rate else x


def layer_norm(x: Tensor, name: str, *, epsilon: float = 1e-6) -> Tensor:
    """Draw a normalisation of each cell over its channels."""
    import keras

    return keras.layers.LayerNormalization(epsilon=epsilon, name=name)(x)


def layer_scale(x: Tensor, initial: float, name: str) -> Tensor:
    """Draw one learned factor a channel."""
    import keras

    axes = "abcd"[: len(x.shape) - 1]
    start = keras.initializers.Constant(initial)
    return keras.layers.EinsumDense(f"{axes}z,z->{axes}z", x.shape[1:], kernel_initializer=start, name=name)(x)


def one_hot(ids: Tensor, vocabulary_size: int) -> Tensor:
    """Draw a fixed embedding in which each id, padding among them, is a channel of its own."""
    import keras

    layer = keras.layers.Embedding(
        vocabulary_size, vocabulary_size, embeddings_initializer="identity", trainable=False, name="one_hot"
    )
    return layer(ids)
