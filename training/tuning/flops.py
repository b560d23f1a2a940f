"""Floating-point operations of a training."""

from __future__ import annotations

FORWARD_AND_BACK = 3  # a backward pass costs two forward ones
MULTIPLY_AND_ADD = 2


def training_flops(macs: int, items: int) -> float:
    """Count the operations of training on some items once.

    Parameters
    ----------
    macs : int
        Multiply–accumulates of a forward pass for one item; see `zoo.measure`.
    items : int

    Examples
    --------
    >>> training_flops(macs=1_000, items=10)
    60000.0
    """
    return float(macs * MULTIPLY_AND_ADD * FORWARD_AND_BACK * items)
