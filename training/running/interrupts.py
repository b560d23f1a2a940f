"""Ctrl-C, answered between two runs and never in the middle of a write."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self


class Interrupts:
    """While it is entered, a first SIGINT is noted and a second one raises KeyboardInterrupt.

    In another thread than the main one there is nothing to do: Python never
    interrupts those. Nor is there where the process was told to ignore SIGINT, as shells do to
    what they start in the background.

    Parameters
    ----------
    on_first : callable
        Called at the first, to tell that it was heard.
    """

    def __init__(self, on_first: Callable[[], None]) -> None:
        self.asked = False
        self._on_first = on_first

    def __enter__(self) -> Self:
        main = threading.current_thread() is threading.main_thread()
        self._listens = main and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
        if self._listens:
            self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listens:
            signal.signal(signal.SIGINT, self._before)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self._on_first()
