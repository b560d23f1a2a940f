"""Local workers that are forked from one process which has imported TensorFlow for all of them.

A fork copies one thread alone: a lock that another one held would stay shut for ever in the
copy. So the nursery has one thread, which imports and forks and computes nothing, and looks
before each fork whether that still holds; if a library has begun another one, the worker
becomes a program of its own and imports for itself. See
``docs/decisions/0002-one-lane-a-worker.md``.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from training.running.imports import import_all
from training.running.limits import die_first, follow

PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from training.running import nursery; getattr(nursery, sys.argv[2])(*map(int, sys.argv[3:]))"
)


class Nursery:
    """The process that workers are forked from; ends with the process that started it.

    Parameters
    ----------
    environment : mapping of str to str
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.owner = os.getpid()
        self._control, theirs = socket.socketpair()
        with theirs:
            command = _command("raise_workers", theirs.fileno())
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, env=dict(environment), pass_fds=[theirs.fileno()]
            )

    @property
    def alive(self) -> bool:
        """Whether it can be asked by this process."""
        return self.owner == os.getpid() and self._process.poll() is None

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    def end(self) -> None:
        """End it at once; its workers follow within a second."""
        if self.alive:
            self._process.kill()
            self._process.wait()
        self._control.close()

    def worker(self, end: Connection) -> None:
        """Ask for a worker that serves the other end of a pipe.

        Raises
        ------
        OSError
            If the nursery has ended.
        """
        socket.send_fds(self._control, [b"+"], [end.fileno()])


def raise_workers(control: int) -> None:
    """Import, then fork a worker for every pipe that comes; the program of the nursery."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Linux then buries workers by itself
    gc.collect()
    gc.freeze()  # the collector would write to all pages that workers share
    nursery = os.getpid()
    with socket.socket(fileno=control) as asked:
        while True:
            told, ends, *_ = socket.recv_fds(asked, 1, 1)
            if not told:  # the driver has ended
                return
            with contextlib.suppress(OSError):  # no room for another process: the driver sees its pipe closed
                if os.fork() == 0:
                    asked.close()
                    _become_worker(ends[0], nursery)
            os.close(ends[0])


def serve(end: int, nursery: int) -> None:
    """Do what comes through a pipe, one call after the other, until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to answer: it waits for the runs under way
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    follow(nursery)
    die_first()
    import_all()
    pipe = Connection(end)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(os.getpid())
        while True:
            _answer(pipe)


def _become_worker(end: int, nursery: int) -> None:
    """Serve in this fork; or, if other threads were left behind, in a new program."""
    try:
        if len(os.listdir(f"/proc/{nursery}/task")) > 1:
            os.set_inheritable(end, True)
            command = _command("serve", end, nursery)
            os.execv(command[0], command)  # noqa: S606 - our own program
        serve(end, nursery)
    finally:
        os._exit(0)


def _answer(pipe: Connection) -> None:
    """Make the next call; tells whether it went well, and its result or its error."""
    try:
        told = _made(*pipe.recv())
    except EOFError:
        raise
    except Exception as error:  # what is asked for is not to be found here
        told = (False, error)
    try:
        pipe.send(told)
    except Exception as error:  # what cannot be pickled; nothing of it has been sent
        pipe.send((False, RuntimeError(f"{type(error).__name__}: {error}")))


def _made(function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[bool, Any]:
    try:
        return True, function(*arguments, **named)
    except BaseException as error:
        return False, error


def _command(name: str, *numbers: int) -> list[str]:
    return [sys.executable, "-c", PROGRAM, json.dumps(sys.path), name, *map(str, numbers)]
