"""Floating-point operations of a training."""

from __future__ import annotations

import zoo

FORWARD_AND_BACK = 3  # a training step costs about three forward passes
MULTIPLY_AND_ADD = 2


def flops_of(size: zoo.Size, items: int) -> float:
    """Count the operations of one epoch: multiply–accumulates × 2 × 3 × items.

    Examples
    --------
    >>> flops_of(zoo.measure("lenet5", zoo.Grid((32, 32, 1)), 10), items=1000)
    2499120000.0
    """
    return float(size.macs * MULTIPLY_AND_ADD * FORWARD_AND_BACK * items)
