"""A network that is kept has the weights of a freshly built one, whatever was trained on it before."""

import numpy as np
import pytest

import zoo
from training.fitting.network import Network

GRID = zoo.Grid((8, 8, 1))


@pytest.mark.parametrize("seeds", [(3, 3), (3, 4, 3), (0, 5, 5)])
def test_every_draw_is_a_fresh_build(seeds):
    lenet = zoo.architecture("lenet5", {"dropout": 0.5})
    network = Network(lenet, GRID, 3, "adam", decays=True, seed=seeds[0])
    for seed in seeds:
        network.draw(seed)
        fresh = zoo.build(lenet, GRID, 3, seed=seed)
        for drawn, expected in zip(network.model.variables, fresh.variables, strict=True):
            np.testing.assert_array_equal(drawn.numpy(), expected.numpy())
        network.restore([variable.numpy() + 1 for variable in network.model.variables])  # as if it had been trained
