"""A crew made of any executor that is given: threads, processes, a cluster."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from types import TracebackType
from typing import Self, TypeVar

from training.errors import StoppedError
from training.records import Record
from training.running.attempts import Attempt, attempt
from training.running.crew import End, end_of, submit, withdrawn

T = TypeVar("T")
AHEAD = 100  # runs that are handed out at once: more than most executors have workers, few enough to send


class Pool:
    """A crew that hands its runs to one executor, which spreads them as it likes.

    Parameters
    ----------
    executor : concurrent.futures.Executor, or callable that makes one
        One that is given stays its owner's to shut down. One that breaks when a worker
        dies, as a pool of processes does, can be replaced only if a callable is given.
    workers : int, optional
        Runs that are handed out at once.
    """

    def __init__(self, executor: Executor | Callable[[], Executor], workers: int | None) -> None:
        self._make = None if isinstance(executor, Executor) else executor
        self._executor = executor if isinstance(executor, Executor) else executor()
        self.size = workers or AHEAD
        self._runs: dict[Future[Record], Attempt] = {}

    def open(self, runs: int) -> None:
        """Workers are the executor's own affair."""

    def ask(self, function: Callable[..., T], *arguments: object) -> Future[T]:
        """Call a function in one of the workers."""
        return self._executor.submit(function, *arguments)

    def hand_out(self, waiting: list[Attempt]) -> None:
        """Give runs to the executor, in order."""
        while waiting and len(self._runs) < self.size:
            todo = waiting.pop(0)
            self._runs[submit(self._executor, todo, attempt)] = todo

    @property
    def busy(self) -> bool:
        """Whether the executor has runs."""
        return bool(self._runs)

    def withdraw(self) -> None:
        """Take back what no worker has begun."""
        self._runs = {future: todo for future, todo in self._runs.items() if not withdrawn(todo, future)}

    def ended(self) -> list[tuple[Attempt, End]]:
        """Wait until a run is done, and give all that are."""
        done = wait(self._runs, return_when=FIRST_COMPLETED).done
        if broken := _broken(done):
            done = wait(self._runs).done
        ends = [(todo, end_of(todo, future)) for future, todo in self._runs.items() if future in done]
        self._runs = {future: todo for future, todo in self._runs.items() if future not in done}
        if broken:
            self._renew(broken, ends)
        return ends

    def _renew(self, error: BaseException, ends: list[tuple[Attempt, End]]) -> None:
        if self._make is None:
            suspects = [
                " / ".join(todo.task.run.cell) for todo, end in ends if isinstance(end, Exception) and end.begun
            ]
            raise StoppedError(
                f"a worker died and {type(self._executor).__name__} cannot go on ({error}); it was in "
                f"{'; '.join(suspects) or 'no run'}. Finished runs are kept; the same call with a new executor goes on. "
                "Give a function that makes the executor, or none at all, and such a run costs itself alone"
            ) from error
        self._executor.shutdown(wait=False)
        self._executor = self._make()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for future in self._runs:
            future.cancel()
        if self._make is not None:
            self._executor.shutdown(wait=kind is None, cancel_futures=True)


def _broken(done: set[Future[Record]]) -> BaseException | None:
    errors = (None if future.cancelled() else future.exception() for future in done)
    return next((error for error in errors if isinstance(error, BrokenExecutor)), None)
