"""A seed decides the weights, whatever other threads do with Python's generator of random numbers."""

import random
import threading

import numpy as np

import zoo


def weights(seed):
    return [weight.numpy() for weight in zoo.build("lenet5", zoo.Grid((8, 8, 1)), 3, seed=seed).weights]


def test_another_thread_that_draws_changes_no_weight():
    alone, over = weights(3), threading.Event()

    def draw():
        while not over.is_set():
            random.random()

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        for _ in range(5):
            assert all(np.array_equal(a, b) for a, b in zip(alone, weights(3), strict=True))
    finally:
        over.set()
        thread.join()


def test_building_leaves_pythons_generator_alone():
    random.seed(1)
    expected = random.random()
    random.seed(1)
    weights(3)
    assert random.random() == expected
