"""Which epoch of a training is kept: the one whose validation loss is lowest, unless accuracy speaks against it."""

from __future__ import annotations

import math


class BestEpoch:
    """Choose an epoch as the epochs come.

    The loss says more than a few mistakes do, but not all: a network that grows sure of itself has a higher loss with
    every item that it still mistakes, while it mistakes fewer and fewer. So the loss decides among epochs whose
    accuracies could be the same: they differ by less than two standard errors.

    Parameters
    ----------
    items : int
        Of the validation part.
    errors : float
        Standard errors by which accuracies must differ to be told apart.

    Examples
    --------
    >>> best = BestEpoch(100)
    >>> best.takes(0.9, 0.60), best.takes(0.8, 0.58), best.takes(1.1, 0.75), best.takes(0.7, 0.6)
    (True, True, True, False)
    """

    def __init__(self, items: int, errors: float = 2.0) -> None:
        self._items, self._errors = items, errors
        self._loss, self._accuracy, self._highest = math.inf, -math.inf, -math.inf

    def takes(self, loss: float, accuracy: float | None) -> bool:
        """Tell whether an epoch takes the place of the one that is kept; where there is no accuracy, by its loss."""
        chosen = loss < self._loss
        if accuracy is not None:
            self._highest = max(self._highest, accuracy)
            apart = self._errors * self._error()
            chosen = (chosen and accuracy >= self._highest - apart) or accuracy > self._accuracy + apart
        if chosen and not math.isnan(loss):
            self._loss, self._accuracy = loss, self._accuracy if accuracy is None else accuracy
            return True
        return False

    def _error(self) -> float:
        """Give the standard error of the highest accuracy, which is not believed to be 1 for few items (Laplace)."""
        share = (self._highest * self._items + 1) / (self._items + 2)
        return math.sqrt(share * (1 - share) / self._items)
