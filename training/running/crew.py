"""What the driver asks of those who do its runs, and how an attempt ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import TracebackType
from typing import Protocol, Self, TypeVar

from training.errors import StoppedError
from training.records import Record
from training.running.attempts import Attempt

T = TypeVar("T")


class Lost(Exception):  # noqa: N818 - how an attempt ended, not an error of the program
    """An attempt that gave no record, since its worker died.

    Parameters
    ----------
    begun : bool
        Whether it was under way; if not, nothing is held against it.
    reason : str
    """

    def __init__(self, begun: bool, reason: str) -> None:
        super().__init__(reason)
        self.begun, self.reason = begun, reason


End = Record | Lost


class Crew(Protocol):
    """Workers of any kind.

    The driver hands attempts out as long as there is room, and takes their ends as they
    come. Leaving the context ends the workers that the crew made itself.
    """

    @property
    def size(self) -> int:
        """How many runs are likely to be under way at once."""
        ...

    def open(self, runs: int) -> None:
        """Have as many workers as so many runs can use."""
        ...

    def ask(self, function: Callable[..., T], *arguments: object) -> Future[T]:
        """Call a function in one of the workers."""
        ...

    def hand_out(self, waiting: list[Attempt]) -> None:
        """Take from ``waiting`` what there is room for."""
        ...

    @property
    def busy(self) -> bool:
        """Whether anything that was handed out has not been given back by `ended`."""
        ...

    def withdraw(self) -> None:
        """Take back and forget what was handed out and can still be stopped, since nobody has begun it."""
        ...

    def ended(self) -> list[tuple[Attempt, End]]:
        """Wait until an attempt has ended, and give all that have."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def submit(executor: Executor, attempt: Attempt, function: Callable[[Attempt], Record]) -> Future[Record]:
    """Hand an attempt to an executor; one that cannot take it gives a future that says so."""
    try:
        return executor.submit(function, attempt)
    except RuntimeError as error:  # it broke since the last attempt, or was shut down
        future: Future[Record] = Future()
        future.set_exception(error)
        return future


def withdrawn(attempt: Attempt, future: Future[Record]) -> bool:
    """Cancel an attempt, unless a worker is at it."""
    return not attempt.begun and future.cancel()


def end_of(attempt: Attempt, future: Future[Record]) -> End:
    """Give the record of a future that is done, or how the attempt was lost.

    Raises
    ------
    StoppedError, OSError
        If the worker says that no run can be done there.
    """
    error = None if future.cancelled() else future.exception()
    if isinstance(error, (StoppedError, OSError)):
        raise error
    if error is None and not future.cancelled():
        return future.result()
    if attempt.begun:
        reason = attempt.reason()
        attempt.mark.unlink()
        return Lost(True, reason)
    return Lost(False, f"{type(error).__name__}: {error}" if error else "cancelled")
