"""What a check of an adapter is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sklearn.base import clone

from adapters.base import Adapter


@dataclass(frozen=True)
class Case:
    """One setting of an adapter with items to try it on.

    Parameters
    ----------
    adapter : Adapter
        Not fitted.
    train, other : list
        Good items: for `fit`, and unlike those (longer, shorter, unknown words).
    bad : object
        One item that must be refused.
    changed : dict
        Another value for one parameter, to see that it is taken.
    repeats : str
        The axis along which a shorter item is repeated: positions beyond its end count
        from its start again. Empty for none.
    """

    adapter: Adapter
    train: list[Any]
    other: list[Any]
    bad: Any
    changed: dict[str, Any]
    repeats: str = ""

    def fitted(self) -> Adapter:
        """Give a fitted copy."""
        copied: Adapter = clone(self.adapter)
        return copied.fit(self.train)


def refused(call: Callable[[], object], expected: type[Exception]) -> str:
    """Give the words with which a call is refused; fail if it is not."""
    try:
        call()
    except expected as error:
        return str(error)
    raise AssertionError(f"expected {expected.__name__}, got none")
