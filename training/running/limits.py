"""How long a run may take and how much memory, and who holds it to that: its own process."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import psutil

MEGABYTE = 2**20
SHARE = 0.9  # of the machine's memory: what is left keeps the driver alive
LOOK = 0.1  # seconds between two looks at the memory: a core writes about 500 MB in them
FOLLOW = 1.0  # seconds between two looks at the parent
CGROUP = Path("/sys/fs/cgroup/memory.max")  # what a container may use
TIMEOUT, MEMORY = "Timeout", "Memory"  # how last words begin; the first is faulthandler's own


@dataclass(frozen=True)
class Limits:
    """What one run may use.

    Parameters
    ----------
    seconds : float, optional
        Without it a run may take as long as it likes.
    megabytes : float, optional
        Resident memory of the worker that does the run; by default nine tenths of the
        machine's.
    """

    seconds: float | None = None
    megabytes: float | None = None

    def reason(self, last_words: str) -> str:
        """Say in words why a process that left ``last_words`` had to end.

        Examples
        --------
        >>> Limits(seconds=30).reason("Timeout (0:00:30)!")
        'timed out after 30 s'
        """
        if last_words.startswith(TIMEOUT):
            return f"timed out after {self.seconds:g} s"
        if last_words.startswith(MEMORY):
            megabytes = self.megabytes or _machine()
            amount = f"{megabytes / 1024:.3g} GB" if megabytes >= 1024 else f"{megabytes:.3g} MB"
            return f"exceeded {amount} of memory"
        return "the worker process died"

    @contextlib.contextmanager
    def held(self, last_words: TextIO) -> Iterator[None]:
        """End this process if what runs inside exceeds a limit, after writing why.

        Time is watched by a thread of C that needs no lock of Python, so that a run that
        hangs in a library is stopped too; it writes where the run was.
        """
        over = threading.Event()
        watch = threading.Thread(target=self._watch_memory, args=(over, last_words), daemon=True)
        watch.start()
        if self.seconds is not None:
            faulthandler.dump_traceback_later(self.seconds, exit=True, file=last_words)
        try:
            yield
        finally:
            if self.seconds is not None:
                faulthandler.cancel_dump_traceback_later()
            over.set()
            watch.join()

    def _watch_memory(self, over: threading.Event, last_words: TextIO) -> None:
        this, most = psutil.Process(), (self.megabytes or _machine()) * MEGABYTE
        while not over.wait(LOOK):
            if this.memory_info().rss > most:
                last_words.write(MEMORY)
                last_words.flush()
                os.kill(os.getpid(), signal.SIGKILL)


def follow(parent: int) -> None:
    """End this process soon after its parent has ended, however that came about."""

    def watch() -> None:
        never = threading.Event()
        while os.getppid() == parent:
            never.wait(FOLLOW)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def die_first() -> None:
    """Ask Linux to take this process, not the driver, when memory runs out."""
    with contextlib.suppress(OSError):  # other systems have no such file
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


def _machine() -> float:
    """Give the megabytes that one process may use: a share of what this machine or container has."""
    memory: int = psutil.virtual_memory().total
    with contextlib.suppress(OSError, ValueError):  # no container, or "max"
        memory = min(memory, int(CGROUP.read_text(encoding="ascii")))
    return SHARE * memory / MEGABYTE
