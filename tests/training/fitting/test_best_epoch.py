"""The epoch with the lowest loss is kept, unless accuracy speaks against it by more than two standard errors."""

import math

import pytest

from training.fitting.best_epoch import BestEpoch


def kept(losses, accuracies, items=100):
    best = BestEpoch(items)
    pairs = zip(losses, accuracies or [None] * len(losses), strict=True)
    return [epoch for epoch, (loss, accuracy) in enumerate(pairs) if best.takes(loss, accuracy)][-1]


@pytest.mark.parametrize(
    ("losses", "accuracies", "epoch"),
    [
        ((0.9, 0.7, 0.8), (0.5, 0.7, 0.72), 1),  # two items more of a hundred are luck: the loss decides
        ((0.9, 1.2, 1.6), (0.6, 0.7, 0.8), 2),  # sure of itself and right more often
        ((0.9, 0.5, 0.4), (0.8, 0.7, 0.6), 0),  # a low loss does not make up for mistakes
        ((0.9, 0.8, 0.7), (0.80, 0.74, 0.68), 1),  # small steps down do not add up: the highest counts
        ((0.5, 0.2, 0.1), (1.0, 1.0, 1.0), 2),
        ((0.5, 0.4, 0.45), None, 1),  # numbers have no accuracy
        ((math.nan, 0.5, math.nan), (0.9, 0.5, 0.9), 1),
    ],
)
def test_which_epoch_is_kept(losses, accuracies, epoch):
    assert kept(losses, accuracies) == epoch


def test_more_items_tell_smaller_differences_apart():
    assert kept((0.5, 0.6), (0.90, 0.93), items=100) == 0
    assert kept((0.5, 0.6), (0.90, 0.93), items=10_000) == 1


def test_perfect_accuracy_of_few_items_is_not_believed_to_the_last():
    assert kept((0.5, 0.1), (1.0, 0.9), items=10) == 1
    assert kept((0.5, 0.1), (1.0, 0.9), items=1000) == 0
    assert kept((0.5, 0.1), (1.0, 0.8), items=10) == 0
