"""Batch normalisation in one operation: Keras writes it as a dozen, each of which reads all maps again."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

# The kernel takes so many channels at a time; where they do not come out even, it is slower than Keras' dozen.
BLOCK = {"float32": 4, "bfloat16": 16}


class BatchNormalization(keras.layers.BatchNormalization):
    """Keras' batch normalisation, over the last axis in training by TensorFlow's fused kernel.

    The numbers are Keras' but for rounding: the averages gather the variance of the batch itself, where the kernel
    gives that of a sample. In bfloat16 means and variances are computed in float32, as by Keras.
    """

    def call(self, inputs: Any, training: bool = False, mask: Any = None) -> Any:
        """Normalise each channel by the batch, and move the averages; outside training by the averages."""
        channels = inputs.shape[-1]
        last = self.axis in (-1, len(inputs.shape) - 1)
        if not (training and self.trainable and last) or mask is not None or channels % BLOCK["float32"]:
            return super().call(inputs, training=training, mask=mask)
        maps = inputs if channels % BLOCK["bfloat16"] == 0 else tf.cast(inputs, tf.float32)
        if len(inputs.shape) != 4:
            maps = tf.reshape(maps, [tf.shape(inputs)[0], 1, -1, channels])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=maps,
            scale=self.gamma.value if self.scale else tf.ones([channels]),
            offset=self.beta.value if self.center else tf.zeros([channels]),
            mean=tf.zeros([0]),
            variance=tf.zeros([0]),
            epsilon=self.epsilon,
        )
        count = tf.cast(tf.size(maps) // channels, tf.float32)
        for average, now in ((self.moving_mean, mean), (self.moving_variance, variance * (count - 1) / count)):
            average.assign(average * self.momentum + now * (1 - self.momentum))
        return tf.cast(tf.reshape(outputs, tf.shape(inputs)), inputs.dtype)


def fuse_norms(model: keras.Model) -> None:
    """Make a model's plain batch normalisations such: the same layers, of another class."""
    for layer in model.layers:
        if type(layer) is keras.layers.BatchNormalization and not (layer.renorm or layer.synchronized):
            layer.__class__ = BatchNormalization
