"""The control of an experiment: as many parameters, but no grid."""

from __future__ import annotations

import math

from zoo.architecture import Architecture
from zoo.grid import GridLike
from zoo.measure import measure
from zoo.registry import architecture


def equal_mlp(arch: Architecture | str, grid: GridLike, outputs: int) -> Architecture:
    """Make a multilayer perceptron with as many parameters as a network.

    Parameters
    ----------
    arch, grid, outputs
        The network, as for `zoo.build`.

    Returns
    -------
    Architecture
        An ``mlp`` whose hidden layers have the number of units, at least one, that
        comes nearest to the network's trainable parameters without exceeding them.

    Examples
    --------
    >>> from zoo import Grid
    >>> equal_mlp("lenet5", Grid((28, 28, 1)), 10).config()["units"]
    52
    """
    wanted = measure(arch, grid, outputs).parameters
    # Parameters are a quadratic in the units: three counts determine it.
    one, two, three = (measure(architecture("mlp", {"units": n}), grid, outputs).parameters for n in (1, 2, 3))
    square = (three - 2 * two + one) / 2
    linear = two - one - 3 * square
    constant = one - square - linear
    units = (math.sqrt(linear**2 + 4 * square * max(0, wanted - constant)) - linear) / (2 * square)
    return architecture("mlp", {"units": max(1, math.floor(units))})
