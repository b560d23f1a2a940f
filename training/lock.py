"""One driver a folder: a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from training.errors import ExperimentError

NAME = ".lock"
_held: set[TextIO] = set()


def _let_go() -> None:
    for stream in _held:
        stream.close()
    _held.clear()


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder; another process, or another call of this one, is refused meanwhile.

    The lock is `flock` on a file. The kernel lets go of it however the holder ends, so a
    lock is never stale and never has to be guessed so from a process number, which may
    belong to somebody else by then. What the file says is for people alone. It stays in the
    folder: who removes a lock file may remove one that was just taken. Processes that the
    holder forks let go at once, or they would hold the folder after its death.

    Raises
    ------
    ExperimentError
        If it is held already; names the process, its host and since when.
    OSError
        If the file system has no locks.
    """
    with (folder / NAME).open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExperimentError(
                f"{folder}: {_holder(folder / NAME)} is at work in this folder; wait until it is done, "
                "stop it, or choose another folder"
            ) from None
        stream.seek(0)
        stream.truncate()
        since = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": since}, stream)
        stream.flush()
        _held.add(stream)
        try:
            yield
        finally:
            _held.discard(stream)


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return f"process {told['pid']} on {told['host']} (since {told['since']})"
    except (OSError, ValueError, KeyError, TypeError):  # it has the lock and has not written yet
        return "another process"
