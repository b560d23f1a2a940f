"""A worker that was forked from the nursery, as an executor."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pipe
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from training.running.nursery import Nursery

P = ParamSpec("P")
T = TypeVar("T")
Job = tuple[Future[Any], tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]]
DIED = "the worker process died"


class Forked(Executor):
    """One worker process, which does its calls in the order in which they come.

    As with a pool of processes, all calls fail with `BrokenProcessPool` once it has died.

    Parameters
    ----------
    nursery : Nursery
    """

    def __init__(self, nursery: Nursery) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            nursery.worker(theirs)
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._process = -1  # a handle, not a number, which may be used again when the process is gone
        self._shut = self._killed = False
        self._lock = threading.Lock()  # of all of these but the pipe
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a call to the worker; functions and arguments are pickled.

        Raises
        ------
        BrokenProcessPool
            If the worker has died, or was shut down.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._shut:
                raise BrokenProcessPool(DIED)
            self._jobs.put((future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the worker end when its calls are done, or the one that is under way."""
        with self._lock:
            self._shut = True
            if cancel_futures:
                self._fail_all()
            self._jobs.put(None)
        if wait:
            self._thread.join()

    def kill(self) -> None:
        """End the worker at once; the call that is under way fails."""
        with self._lock:
            self._killed = True
            self._signal()
        self.shutdown(wait=False, cancel_futures=True)

    def _work(self) -> None:
        """Send call after call and give their answers to their futures; in a thread."""
        with contextlib.suppress(EOFError, OSError):
            process = self._pipe.recv()
            with self._lock:
                self._process = os.pidfd_open(process)
                if self._killed:  # before it was there
                    self._signal()
            while (job := self._jobs.get()) is not None:
                self._do(*job)
        self._pipe.close()  # the worker ends at the end of its pipe
        with self._lock:
            self._shut = True
            self._fail_all()
            if self._process >= 0:
                os.close(self._process)
                self._process = -1

    def _do(self, future: Future[Any], call: Any) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            self._pipe.send(call)
            well, result = self._pipe.recv()
        except (EOFError, OSError):
            future.set_exception(BrokenProcessPool(DIED))
            raise
        except Exception as error:  # what cannot be sent, or not be put together again here
            well, result = False, error
        if well:
            future.set_result(result)
        else:
            future.set_exception(result)

    def _fail_all(self) -> None:
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None and job[0].set_running_or_notify_cancel():
                job[0].set_exception(BrokenProcessPool(DIED))

    def _signal(self) -> None:
        if self._process >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
