"""What adapters and sources raise: errors that a person can act on."""

from __future__ import annotations


class DataError(ValueError):
    """The data cannot be used as asked: says what was expected, what came, what to do."""


class ItemError(DataError):
    """One item cannot become a grid.

    Parameters
    ----------
    item : str
        Which item, as a person would name it: a path, or ``items[3]``.
    reason : str
        Expected, received, next step.
    """

    def __init__(self, item: str, reason: str) -> None:
        super().__init__(f"{item}: {reason}")
        self.item = item
        self.reason = reason

    def __reduce__(self) -> tuple[type[ItemError], tuple[str, str]]:
        # The default rebuilds from the joined message, which has one argument too few.
        return type(self), (self.item, self.reason)
