"""One operation a variable does what Keras' Adam does."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from training.fitting.adam import apply_adam

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("settings", [{}, {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3}])
def test_steps_are_those_of_keras(settings):
    start = [RNG.normal(size=shape).astype(np.float32) for shape in ((5, 3), (4,), (20, 2))]
    both = []
    for fused in (False, True):
        variables = [keras.Variable(value) for value in start]
        optimizer = keras.optimizers.Adam(**settings)
        optimizer.build(variables)
        rng = np.random.default_rng(1)
        for step in range(30):
            rate = 0.1 / (step + 1)
            rows = rng.integers(0, 20, 6)
            values = tf.constant(rng.normal(size=(6, 2)).astype(np.float32))
            gradients = [
                tf.constant(rng.normal(size=(5, 3)).astype(np.float32)),
                tf.constant(rng.normal(size=4).astype(np.float32)),
                tf.IndexedSlices(values, tf.constant(rows), tf.constant([20, 2])),  # of an embedding
            ]
            if fused:
                apply_adam(optimizer, gradients, tf.constant(rate))
            else:
                optimizer.learning_rate = rate
                # Keras squares the parts of a row's gradient one by one where a row occurs more than once.
                optimizer.apply([tf.convert_to_tensor(gradient) for gradient in gradients])
        both.append([variable.numpy() for variable in (*variables, *optimizer.variables)])
    keras_s, ours = both
    for name, a, b in zip(("", "", "", "iteration", "rate", *"mvmvmv"), keras_s, ours, strict=True):
        if name != "rate":
            np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6)
