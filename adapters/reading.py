"""Raw items to decoded ones: on all cores, bad ones set aside, held in memory while they are small."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from adapters.errors import DataError, ItemError

HELD = 2**28  # bytes of decoded items that a reading keeps
AT_ONCE = 2**26  # bytes that are decoded at once
MEASURED = 16  # items of those that were decoded at once
FEW, MANY = 32, 1024  # items that are decoded at once: before their size and cost are known, and at most
# Handing items to a thread one by one costs as much as decoding a small one; in chunks
# of a few all cores still finish together.
ITEMS_A_THREAD = 16
# Seconds. What takes less spends most of them in Python, where threads only wait for each other.
WORTH_A_THREAD = 1e-4


def size_of(value: Any) -> int:
    """Estimate the bytes of a decoded item."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if is_dataclass(value):
        return sum(size_of(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict | list | tuple):
        return sys.getsizeof(value) + 64 * len(value)
    return sys.getsizeof(value)


def name_of(item: Any, position: int) -> str:
    """Name an item as a person would: its path, or its place in the list."""
    return str(item) if isinstance(item, Path) else f"items[{position}]"


@dataclass(frozen=True)
class Decoder:
    """Decode many items.

    Parameters
    ----------
    read : callable
        Decodes one item, or raises `DataError`.
    threaded : bool
        Whether to use all cores.
    """

    read: Callable[[Any], Any]
    threaded: bool

    def __call__(self, items: Sequence[Any]) -> list[Any]:
        """Decode every item, in order; the error takes the place of a bad one."""
        if not self.threaded or len(items) <= ITEMS_A_THREAD:
            return [self._value_or_error(item) for item in items]
        chunks = [items[i : i + ITEMS_A_THREAD] for i in range(0, len(items), ITEMS_A_THREAD)]
        with ThreadPoolExecutor(cores()) as pool:
            return list(chain.from_iterable(pool.map(self, chunks)))

    def again(self, items: Sequence[Any]) -> list[Any]:
        """Decode items that could be decoded before.

        Raises
        ------
        ItemError
            If one has changed for the worse.
        """
        values = self(items)
        for position, (item, value) in enumerate(zip(items, values, strict=True)):
            if isinstance(value, DataError):
                reason = f"expected what could be read a moment ago, but now: {value}; leave the files as they are"
                raise ItemError(name_of(item, position), reason)
        return values

    def _value_or_error(self, item: Any) -> Any:
        try:
            return self.read(item)
        except DataError as error:
            return error


@dataclass(frozen=True)
class Values(Sequence[Any]):
    """Items that could be decoded, as a sequence of what they decode to.

    Parameters
    ----------
    decoder : Decoder
    items : list
        The raw items.
    held : list or None
        What they decode to; None where that is too much to hold, so that it is decoded
        anew each time it is asked for.
    """

    decoder: Decoder
    items: list[Any]
    held: list[Any] | None

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if self.held is not None:
            return self.held[index]
        if isinstance(index, slice):
            return self.decoder.again(self.items[index])
        return self.decoder.again([self.items[index]])[0]

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self), FEW):
            yield from self[start : start + FEW]

    def take(self, positions: Sequence[int] | NDArray[np.int64]) -> Values:
        """Keep the items at these positions, in this order."""
        held = None if self.held is None else [self.held[i] for i in positions]
        return Values(self.decoder, [self.items[i] for i in positions], held)


@dataclass(frozen=True)
class Reading:
    """Items read once: what could be decoded, and what could not, with its reason.

    Parameters
    ----------
    values : Values
        The decoded items, for `Adapter.fit_read` and `Adapter.grids`.
    kept : ndarray of int
        For each decoded item, its position among the items that were given.
    errors : list of ItemError
        One for each item that was left out.
    """

    values: Values
    kept: NDArray[np.int64]
    errors: list[ItemError]


def read_all(items: list[Any], decoder: Decoder) -> Reading:
    """Decode every item; bad ones are set aside and named."""
    first, decoder = _tried(items[:FEW], decoder)
    held: list[Any] | None = []
    room, kept, errors = HELD, [], []
    position = 0
    for values in chain([first], _decoded(items[FEW:], decoder, first)):
        room -= _size_of_all(values)
        held = None if room < 0 else held
        for value in values:
            if isinstance(value, DataError):
                reason = value.reason if isinstance(value, ItemError) else str(value)
                errors.append(ItemError(name_of(items[position], position), reason))
            else:
                kept.append(position)
                if held is not None:
                    held.append(value)
            position += 1
    return Reading(Values(decoder, [items[i] for i in kept], held), np.asarray(kept, dtype=np.int64), errors)


def _tried(items: list[Any], decoder: Decoder) -> tuple[list[Any], Decoder]:
    """Decode some items one by one, and give up threads if that took little time."""
    serial = replace(decoder, threaded=False)
    start = time.perf_counter()
    values = serial(items)
    worth = time.perf_counter() - start > WORTH_A_THREAD * len(items)
    return values, decoder if worth else serial


def _decoded(items: list[Any], decoder: Decoder, before: list[Any]) -> Iterator[list[Any]]:
    """Decode as many items at once as memory can hold, by the size of those before."""
    start, values = 0, before
    while start < len(items):
        step = min(MANY, max(1, AT_ONCE * len(values) // max(1, _size_of_all(values))))
        values = decoder(items[start : start + step])
        start += step
        yield values


def _size_of_all(values: list[Any]) -> int:
    """Estimate the bytes of decoded items from some of them: measuring each would cost more than decoding a text."""
    some = values[:: max(1, len(values) // MEASURED)]
    return sum(map(size_of, some)) * len(values) // max(1, len(some))


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
