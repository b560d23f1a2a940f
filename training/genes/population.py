"""A model whose every weight has one value a member: many networks in one call.

TensorFlow's ``vectorized_map`` has no rule for a convolution whose filters differ, and goes
through them one by one. Here the cells under a kernel are laid side by side, and one batched
product answers for all members.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import keras
from keras import ops

from training.errors import ExperimentError


def population_of(model: Any, size: int) -> Any:
    """Draw a functional model once for many members.

    Parameters
    ----------
    model : keras.Model
        Functional; its weights lie in dense layers and convolutions.
    size : int
        Members.

    Returns
    -------
    keras.Model
        Its batch holds all items of the first member, then all of the second, and so on;
        its trainable weights are those of ``model``, in the same order, with one more axis in
        front.

    Raises
    ------
    ExperimentError
        If a layer of another kind has weights.

    Examples
    --------
    >>> import zoo
    >>> model = zoo.build("xo", zoo.Grid((9, 9, 1)), outputs=2)
    >>> population_of(model, 3).trainable_variables[0].shape
    (3, 3, 3, 1, 3)
    """
    return keras.models.clone_model(model, clone_function=lambda layer: _for_many(layer, size))


def _for_many(layer: Any, size: int) -> Any:
    if not layer.weights:
        return type(layer).from_config(layer.get_config())
    if isinstance(layer, keras.layers.Dense) and type(layer) is keras.layers.Dense:
        return DenseOfMany(layer, size)
    plain = (keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D)
    if type(layer) in plain and layer.groups == 1 and layer.padding in ("same", "valid"):
        return ConvOfMany(layer, size)
    raise ExperimentError(
        f"evolve_weights: expected weights in dense layers and convolutions alone, but {layer.name!r} is a "
        f"{type(layer).__name__}; take a network without it, such as lenet5, xo or mlp"
    )


class _OfMany(keras.layers.Layer):
    """What a layer does, with a kernel and a bias for each member.

    Parameters
    ----------
    layer : keras.layers.Layer
        Whose weights' shapes and activation count.
    size : int
    """

    def __init__(self, layer: Any, size: int) -> None:
        super().__init__(name=layer.name)
        self.layer_config, self.size, self.activation = layer.get_config(), size, layer.activation
        for variable in layer.weights:
            self.add_weight(shape=(size, *variable.shape), name=variable.name, trainable=variable.trainable)

    def call(self, x: Any) -> Any:
        """Answer for a batch that holds the items of all members."""
        kernel, *bias = self.weights
        rows, answered = self._rows(x, kernel.shape[1:])
        members = ops.reshape(rows, (self.size, -1, rows.shape[-1]))
        y = ops.matmul(members, ops.reshape(kernel.value, (self.size, -1, kernel.shape[-1])))
        y = y + ops.expand_dims(bias[0].value, 1) if bias else y
        return self.activation(ops.reshape(y, (-1, *answered, kernel.shape[-1])))


class DenseOfMany(_OfMany):
    """A dense layer for each member."""

    def _rows(self, x: Any, kernel: tuple[int, ...]) -> tuple[Any, tuple[int, ...]]:
        return x, tuple(x.shape[1:-1])


class ConvOfMany(_OfMany):
    """A convolution for each member, of any rank."""

    def _rows(self, x: Any, kernel: tuple[int, ...]) -> tuple[Any, tuple[int, ...]]:
        config, sizes = self.layer_config, kernel[:-2]
        lengths, strides, dilations = x.shape[1:-1], config["strides"], config["dilation_rate"]
        reaches = [(size - 1) * dilation + 1 for size, dilation in zip(sizes, dilations, strict=True)]
        if config["padding"] == "same":
            counts = [math.ceil(n / stride) for n, stride in zip(lengths, strides, strict=True)]
            missing = [
                max((count - 1) * stride + reach - n, 0)
                for count, stride, reach, n in zip(counts, strides, reaches, lengths, strict=True)
            ]
            x = ops.pad(x, [(0, 0), *((gap // 2, gap - gap // 2) for gap in missing), (0, 0)])
        else:
            counts = [(n - reach) // stride + 1 for n, reach, stride in zip(lengths, reaches, strides, strict=True)]
        views = [
            x[
                (slice(None), *(
                    slice(at * dilation, at * dilation + (count - 1) * stride + 1, stride)
                    for at, dilation, count, stride in zip(offset, dilations, counts, strides, strict=True)
                ))
            ]
            for offset in itertools.product(*map(range, sizes))
        ]  # fmt: skip
        return ops.concatenate(views, axis=-1), tuple(counts)
